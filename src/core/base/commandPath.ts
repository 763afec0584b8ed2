import { stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** The program that a command names on the path, absolute; undefined where there is none. */
export async function findOnPath(command: string): Promise<string | undefined> {
  const endings = process.platform === 'win32' ? ['.exe', '.bat', '.cmd', ''] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const ending of endings) {
      const candidate = join(folder, `${command}${ending}`);
      if (isAbsolute(folder) && (await isFile(candidate))) {
        return candidate;
      }
    }
  }
  return undefined;
}

export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
