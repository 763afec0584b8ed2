import { stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

const markers = ['.azureml', '.runledger'];

/**
 * The folder that is snapshotted and run from: the nearest one at or above the script's that holds `.azureml/` or
 * `.runledger/`, looked for no further up than `rootFolder` (the open folder that holds the script); else `rootFolder`;
 * and for a script outside every open folder its own folder.
 */
export async function sourceDirectoryOf(scriptPath: string, rootFolder: string | undefined): Promise<string> {
  const scriptFolder = dirname(scriptPath);
  if (rootFolder === undefined || !isWithin(scriptFolder, rootFolder)) {
    return scriptFolder;
  }
  for (let folder = scriptFolder; isWithin(folder, rootFolder); folder = dirname(folder)) {
    if (await hasMarker(folder)) {
      return folder;
    }
    if (folder === rootFolder) {
      break;
    }
  }
  return rootFolder;
}

function isWithin(folder: string, root: string): boolean {
  const rest = relative(root, folder);
  return rest === '' || (rest !== '..' && !rest.startsWith(`..${sep}`) && !/^[A-Za-z]:/.test(rest));
}

async function hasMarker(folder: string): Promise<boolean> {
  const found = await Promise.all(markers.map((marker) => isFolder(join(folder, marker))));
  return found.includes(true);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
