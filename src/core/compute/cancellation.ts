import { writeFile } from 'node:fs/promises';
import { fileError } from '../base/errors.ts';
import { cancelFile } from '../store/storeLayout.ts';

/**
 * Asks whoever looks after a run, wherever it runs, to end it: the file is looked for several times a second. Twice does no harm.
 *
 * @throws RunledgerError `not-writable`, `disk-full`
 */
export async function askToCancel(runFolder: string): Promise<void> {
  const path = cancelFile(runFolder);
  try {
    await writeFile(path, '');
  } catch (error) {
    throw fileError(error, 'cancel the run', path);
  }
}
