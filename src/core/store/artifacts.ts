/** A run's files. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound } from '../base/errors.ts';
import type { ArtifactFile } from '../domain/run.ts';
import { assertArtifactPath } from './names.ts';
import { artifactsFolder } from './storeLayout.ts';

/** The absolute path of a run's file. Throws `invalid-name` for a path that leads elsewhere. */
export function artifactFile(runFolder: string, artifactPath: string): string {
  assertArtifactPath(artifactPath);
  return join(artifactsFolder(runFolder), ...artifactPath.split('/'));
}

/** What `writeFileAtomically` and its like in Python write before they rename. */
const temporaryName = /^\..*\.tmp$/;

/** All files of a run, by path; links are left out, they could lead anywhere. None where the run has no files. */
export async function listArtifacts(runFolder: string): Promise<readonly ArtifactFile[]> {
  const files: ArtifactFile[] = [];
  await collect(artifactsFolder(runFolder), '', files);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function collect(folder: string, prefix: string, files: ArtifactFile[]): Promise<void> {
  let entries: Awaited<ReturnType<typeof readEntries>>;
  try {
    entries = await readEntries(folder);
  } catch (error) {
    if (isNotFound(error)) {
      return;
    }
    throw error;
  }
  for (const entry of entries) {
    const path = prefix + entry.name;
    if (entry.isDirectory()) {
      await collect(join(folder, entry.name), `${path}/`, files);
    } else if (entry.isFile() && !temporaryName.test(entry.name)) {
      try {
        const { size, mtimeMs } = await stat(join(folder, entry.name));
        files.push({ path, bytes: size, modifiedTime: mtimeMs / 1000 });
      } catch (error) {
        // Deleted while the folder was read.
        if (!isNotFound(error)) {
          throw error;
        }
      }
    }
  }
}

function readEntries(folder: string) {
  return readdir(folder, { withFileTypes: true });
}
