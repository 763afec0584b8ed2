import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { publishFolder, randomHex, toJsonText } from './atomicFile.ts';
import { readStoreFile, stringField } from './jsonFile.ts';
import { experimentKey, normalizeExperimentName } from './names.ts';
import { experimentFolder, experimentsFolder, stagingPrefix, supportedFormat } from './storeLayout.ts';

export interface ExperimentRef {
  /** In the spelling of its first creation. */
  readonly name: string;
  readonly key: string;
}

/** The experiment of that name, made where it does not exist. Throws `invalid-name`, `not-writable`, `disk-full`. */
export async function ensureExperiment(workspaceFolder: string, name: string): Promise<ExperimentRef> {
  const normalized = normalizeExperimentName(name);
  const key = experimentKey(normalized);
  const folder = experimentFolder(workspaceFolder, key);
  try {
    if (!(await pathExists(folder))) {
      const staging = join(experimentsFolder(workspaceFolder), `${stagingPrefix}${randomHex(4)}`);
      await publishFolder(staging, folder, async (stagingFolder) => {
        for (const part of ['numbers', 'runs', 'journal']) {
          await mkdir(join(stagingFolder, part));
        }
        const record = {
          format: supportedFormat,
          id: randomUUID(),
          name: normalized,
          createdTime: Date.now() / 1000,
        };
        await writeFile(join(stagingFolder, 'experiment.json'), toJsonText(record), { flush: true });
      });
    }
  } catch (error) {
    throw fileError(error, `create the experiment ${normalized}`, folder);
  }
  return { key, name: await experimentName(workspaceFolder, key) };
}

/** The name under which an experiment is shown: its key where its record cannot be read. */
export async function experimentName(workspaceFolder: string, key: string): Promise<string> {
  try {
    const record = await readStoreFile(
      join(experimentFolder(workspaceFolder, key), 'experiment.json'),
      'the experiment',
    );
    return stringField(record, 'name') ?? key;
  } catch {
    return key;
  }
}
