import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the parts of Runledger that the command needs lie. */
export interface Installation {
  readonly version: string;
  /** The folder that holds `runledger/` and `compat/`. */
  readonly pythonSdkFolder: string;
  /** The command line that starts this program again. */
  readonly command: readonly [string, ...string[]];
}

/**
 * Finds the installation that a program belongs to: the nearest folder above it with `package.json` and `python/`. So it is
 * found from the sources, from the bundle in `dist/`, and through a link to either.
 *
 * @param program the path that Node was started with
 */
export function findInstallation(program: string): Installation {
  for (let folder = dirname(realpathSync(program)); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    const pythonSdkFolder = join(folder, 'python');
    if (existsSync(manifest) && existsSync(join(pythonSdkFolder, 'runledger'))) {
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version?: unknown };
      const command = [process.execPath, realpathSync(program)] as const;
      return { version: typeof version === 'string' ? version : 'unknown', pythonSdkFolder, command };
    }
    if (dirname(folder) === folder) {
      throw new Error(
        `The installation of Runledger is incomplete: its folder "python" was not found above ${program}.`,
      );
    }
  }
}
