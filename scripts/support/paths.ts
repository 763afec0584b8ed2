import os from 'node:os';
import path from 'node:path';

/** Folders of the repository that the scripts read and write. */
export const rootFolder = path.resolve(import.meta.dirname, '..', '..');
export const distFolder = path.join(rootFolder, 'dist');
/** Kept between runs, ignored by git: what is slow to download or to build. */
export const cacheFolder = path.join(rootFolder, '.cache');
/** Generated stores of many thousand files: outside, so that packaging does not look through them. */
export const benchCacheFolder = path.join(os.homedir(), '.cache', 'runledger-bench');
/** Reports, logs and screenshots of the last run, ignored by git. */
export const testOutputFolder = path.join(rootFolder, 'test-output');
export const screenshotsFolder = path.join(testOutputFolder, 'screenshots');
/** Pictures that the documentation shows. */
export const documentationImagesFolder = path.join(rootFolder, 'docs', 'images');
export const exampleFolder = path.join(rootFolder, 'examples', 'classify-digits');

/** The entry of a package's command, which is run with the Node that runs this. */
export function packageFile(...segments: string[]): string {
  return path.join(rootFolder, 'node_modules', ...segments);
}
