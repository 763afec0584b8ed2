import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../base/errors.ts';
import { childrenFolder } from './storeLayout.ts';

/** Makes a run known to its parent, so that children are found without looking at every run. */
export async function markChild(parentFolder: string, childId: string): Promise<void> {
  const folder = childrenFolder(parentFolder);
  // Not recursive: the folder of a parent that was deleted must not come back.
  await mkdir(folder).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') {
      throw error;
    }
  });
  await writeFile(join(folder, childId), '');
}
