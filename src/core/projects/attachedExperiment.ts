import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isJsonObject } from '../store/jsonFile.ts';
import { checkExperimentName } from '../store/names.ts';

/** Where Azure ML's tools kept what a folder was attached to, best first. */
const files = [
  join('.azureml', 'project.json'),
  join('.azureml', 'config.json'),
  join('aml_config', 'project.json'),
] as const;

/**
 * The experiment that a folder was attached to: the folder itself, or the nearest above it up to `topFolder`. Undefined where it
 * was attached to none. A file that cannot be read says nothing.
 */
export async function attachedExperiment(folder: string, topFolder: string): Promise<string | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    const found = await experimentOf(current);
    if (found !== undefined || current === topFolder || dirname(current) === current) {
      return found;
    }
  }
}

/** The experiment that this very folder was attached to. */
export async function experimentOf(folder: string): Promise<string | undefined> {
  for (const file of files) {
    const found = await experimentInFile(join(folder, file));
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

async function experimentInFile(path: string): Promise<string | undefined> {
  let content: unknown;
  try {
    content = JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
  const scope = isJsonObject(content) ? content.Scope : undefined;
  const name = typeof scope === 'string' ? /\/projects\/([^/]+)$/i.exec(scope)?.[1] : undefined;
  return name !== undefined && checkExperimentName(name) === undefined ? name : undefined;
}
