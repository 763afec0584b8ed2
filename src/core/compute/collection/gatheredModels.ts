/** Models that a run registered on another host, which become versions of this workspace. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError, RunledgerError } from '../../base/errors.ts';
import { randomHex, toJsonText } from '../../store/atomicFile.ts';
import { claimNumber } from '../../store/claims.ts';
import { isJsonObject, type JsonObject } from '../../store/jsonFile.ts';
import { artifactPathProblem, nameKey, normalizeName } from '../../store/names.ts';
import { entriesOf, modelNumbersFolder, modelVersionsFolder, stagingPrefix } from '../../store/storeLayout.ts';

interface ComingModel {
  readonly record: JsonObject;
  readonly name: string;
  readonly key: string;
  /** Undefined where it is here already. */
  readonly staging: string | undefined;
}

export class GatheredModels {
  private readonly workspaceFolder: string;
  private coming: ComingModel | undefined;
  /** Ids of those that are here. */
  readonly ids = new Set<string>();

  constructor(workspaceFolder: string) {
    this.workspaceFolder = workspaceFolder;
  }

  /** @throws RunledgerError `invalid-name`, `not-writable`, `disk-full` */
  async begin(record: JsonObject): Promise<void> {
    await this.drop();
    const name = normalizeName('model', String(record.name));
    const key = nameKey('model', name);
    const versions = modelVersionsFolder(this.workspaceFolder, key);
    try {
      await mkdir(modelNumbersFolder(this.workspaceFolder, key), { recursive: true });
      await mkdir(versions, { recursive: true });
      const isHere = await hasVersion(versions, String(record.id));
      const staging = isHere ? undefined : join(versions, `${stagingPrefix}${randomHex(4)}`);
      if (staging !== undefined) {
        await mkdir(join(staging, 'journal'), { recursive: true });
        await mkdir(join(staging, 'files'));
      }
      this.coming = { record, name, key, staging };
    } catch (error) {
      throw fileError(error, `register the model "${name}"`, versions);
    }
  }

  /** A part of a file; parts come in order. */
  async add(path: string, offset: number, data: Buffer): Promise<void> {
    const staging = this.coming?.staging;
    if (staging === undefined) {
      return;
    }
    const problem = artifactPathProblem(path);
    if (problem !== undefined) {
      throw new RunledgerError('invalid-name', problem);
    }
    const file = join(staging, ...path.split('/'));
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, data, { flag: offset === 0 ? 'w' : 'a' });
    } catch (error) {
      throw fileError(error, 'keep a file of the model', file);
    }
  }

  /** Publishes it, under the next version of this workspace. */
  async end(): Promise<void> {
    const model = this.coming;
    this.coming = undefined;
    if (model === undefined) {
      return;
    }
    const id = String(model.record.id);
    if (model.staging !== undefined) {
      const versions = modelVersionsFolder(this.workspaceFolder, model.key);
      try {
        const version = await claimNumber(modelNumbersFolder(this.workspaceFolder, model.key), id);
        const record = { ...model.record, version };
        await writeFile(join(model.staging, 'model.json'), toJsonText(record), { flush: true });
        await rename(model.staging, join(versions, String(version)));
      } catch (error) {
        throw fileError(error, `register the model "${model.name}"`, versions);
      }
    }
    this.ids.add(id);
  }

  /** Removes what came of a model before the connection was cut. */
  async drop(): Promise<void> {
    const staging = this.coming?.staging;
    this.coming = undefined;
    if (staging !== undefined) {
      await rm(staging, { recursive: true, force: true });
    }
  }
}

async function hasVersion(versions: string, id: string): Promise<boolean> {
  for (const version of await entriesOf(versions)) {
    const text = await readFile(join(versions, version, 'model.json'), 'utf8').catch(() => '{}');
    try {
      const record: unknown = JSON.parse(text);
      if (isJsonObject(record) && record.id === id) {
        return true;
      }
    } catch {
      // Not one that this run has registered.
    }
  }
  return false;
}
