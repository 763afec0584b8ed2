import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound } from '../base/errors.ts';
import type { ModelVersion } from '../domain/model.ts';
import type { ArtifactFile } from '../domain/run.ts';
import { assertArtifactPath } from '../store/names.ts';

/** The absolute path of a file of a model. Throws `invalid-name` for a path that leads elsewhere. */
export function modelFile(model: Pick<ModelVersion, 'folder'>, path: string): string {
  assertArtifactPath(path);
  return join(model.folder, 'files', ...path.split('/'));
}

/** The files of a version of a model, by path; links are left out, they could lead anywhere. None where they are gone. */
export async function listModelFiles(model: Pick<ModelVersion, 'folder'>): Promise<readonly ArtifactFile[]> {
  const files: ArtifactFile[] = [];
  const walk = async (folder: string, prefix: string): Promise<void> => {
    for (const entry of await entriesIn(folder)) {
      const path = prefix + entry.name;
      if (entry.isDirectory()) {
        await walk(join(folder, entry.name), `${path}/`);
      } else if (entry.isFile()) {
        const { size, mtimeMs } = await stat(join(folder, entry.name));
        files.push({ path, bytes: size, modifiedTime: mtimeMs / 1000 });
      }
    }
  };
  await walk(join(model.folder, 'files'), '');
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function entriesIn(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  }
}
