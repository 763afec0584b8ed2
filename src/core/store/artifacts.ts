/** A run's files. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isNotFound } from '../base/errors.ts';
import type { ArtifactFile } from '../domain/run.ts';
import { assertArtifactPath } from './names.ts';
import { artifactsFolder } from './storeLayout.ts';

/** The absolute path of a run's file. Throws `invalid-name` for a path that leads elsewhere. */
export function artifactFile(runFolder: string, artifactPath: string): string {
  assertArtifactPath(artifactPath);
  return join(artifactsFolder(runFolder), ...artifactPath.split('/'));
}

/** Where Azure ML and Runledger keep what is worth reading when a run went wrong. */
const logFolders = ['logs/', 'azureml-logs/', 'user_logs/', 'system_logs/'] as const;

/** Whether a run's file is one of its logs. */
export function isLog(artifactPath: string): boolean {
  return logFolders.some((folder) => artifactPath.startsWith(folder));
}

/** Of what `writeFileAtomically` and its like in Python write before they rename. */
export const temporaryName = /^\..*\.tmp$/;

/** All files of a run, by path; links are left out, they could lead anywhere. None where the run has no files. */
export async function listArtifacts(runFolder: string): Promise<readonly ArtifactFile[]> {
  const files: ArtifactFile[] = [];
  await walk(artifactsFolder(runFolder), '', async (path, entry) => {
    if (entry.isFile() && !temporaryName.test(entry.name)) {
      try {
        const { size, mtimeMs } = await stat(join(artifactsFolder(runFolder), path));
        files.push({ path, bytes: size, modifiedTime: mtimeMs / 1000 });
      } catch (error) {
        // Deleted while the folder was read.
        if (!isNotFound(error)) {
          throw error;
        }
      }
    }
  });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The folders that hold a run's files, absolute, the outermost first. */
export async function listArtifactFolders(runFolder: string): Promise<readonly string[]> {
  const root = artifactsFolder(runFolder);
  const folders = [root];
  await walk(root, '', async (path, entry) => {
    if (entry.isDirectory()) {
      folders.push(join(root, path));
    }
  });
  const depth = (folder: string): number => folder.split(sep).length;
  return folders.sort((a, b) => depth(a) - depth(b));
}

/** Visits everything below a folder, each folder before what is in it. */
async function walk(
  folder: string,
  prefix: string,
  visit: (path: string, entry: Dirent) => Promise<void>,
): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isNotFound(error)) {
      return;
    }
    throw error;
  }
  for (const entry of entries) {
    const path = prefix + entry.name;
    await visit(path, entry);
    if (entry.isDirectory()) {
      await walk(join(folder, entry.name), `${path}/`, visit);
    }
  }
}
