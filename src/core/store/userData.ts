import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder of what belongs to the user and to no workspace (docs/store-format.md, "The registry"). */
export function userDataFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const chosen = environment.RUNLEDGER_HOME;
  if (chosen) {
    return chosen;
  }
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'runledger');
    case 'win32':
      return join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'runledger');
    default:
      return join(environment.XDG_DATA_HOME || join(home, '.local', 'share'), 'runledger');
  }
}

/** The folder of what is made again when it is missing. */
export function userCacheFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (environment.RUNLEDGER_HOME) {
    return join(environment.RUNLEDGER_HOME, 'cache');
  }
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Caches', 'runledger');
    case 'win32':
      return join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'runledger', 'cache');
    default:
      return join(environment.XDG_CACHE_HOME || join(home, '.cache'), 'runledger');
  }
}
