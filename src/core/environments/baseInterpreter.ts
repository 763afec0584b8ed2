import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isInside } from '../snapshots/sourceFiles.ts';
import { isJsonObject } from '../store/jsonFile.ts';
import { environmentMarker } from './environmentBuild.ts';
import { environmentsFolder } from './environmentPlan.ts';

/**
 * The interpreter to submit with again where a run had one: itself, or for one of an environment in the cache, which may be
 * gone or no longer what is asked for, the one that the environment was made with.
 *
 * @returns undefined where that is not known any more
 */
export async function baseInterpreterOf(interpreter: string): Promise<string | undefined> {
  const folder = environmentsFolder();
  if (!isInside(folder, interpreter)) {
    return interpreter;
  }
  const [key = ''] = relative(folder, interpreter).split(sep);
  try {
    const content: unknown = JSON.parse(await readFile(environmentMarker(join(folder, key)), 'utf8'));
    const base = isJsonObject(content) && isJsonObject(content.base) ? content.base.path : undefined;
    return typeof base === 'string' ? base : undefined;
  } catch {
    return undefined;
  }
}
