/** Compute targets as a workspace knows them: this machine, those that files define, and the names that scripts gave this machine (docs/store-format.md). */
import { join } from 'node:path';
import { RunledgerError } from '../base/errors.ts';
import { isJsonObject, type JsonObject, numberField, readStoreFile, stringField } from '../store/jsonFile.ts';
import { computeFolder, entriesOf } from '../store/storeLayout.ts';
import { listTargetFiles, readTargetFile, type TargetFile } from './targetFiles.ts';
import type { DefinedSettings } from './targetSettings.ts';

export interface ComputeDefinition {
  readonly name: string;
  /** `local`, `docker`, `ssh`, `slurm`; of what a script made the kind that it asked for, as `AmlCompute`; empty where the file cannot be read. */
  readonly type: string;
  /** The file that defines it; undefined for `local` and for what scripts made. */
  readonly path: string | undefined;
  /** Why the file cannot be used; undefined where it can. */
  readonly problem: string | undefined;
  /** What the file says; undefined where there is none, or where it cannot be used. */
  readonly settings: DefinedSettings | undefined;
  readonly description: string | undefined;
  readonly tags: JsonObject;
  /** Made by `attach`, and not by `create`. */
  readonly isAttached: boolean;
  /** Unix seconds; undefined for `local`. */
  readonly createdTime: number | undefined;
  /** What the script asked for, as sizes and numbers of nodes. Nothing depends on it here. */
  readonly provisioning: JsonObject;
}

const nothingAsked = {
  description: undefined,
  path: undefined,
  problem: undefined,
  settings: undefined,
  tags: {},
  isAttached: false,
  createdTime: undefined,
  provisioning: {},
} as const;

const localDefinition: ComputeDefinition = {
  ...nothingAsked,
  name: 'local',
  type: 'local',
  description: 'This machine',
};

/** `local`, those that files define, then those that scripts made, each by name. What a script made and cannot be read is left out. */
export async function listComputeDefinitions(workspaceFolder: string): Promise<readonly ComputeDefinition[]> {
  const folder = computeFolder(workspaceFolder);
  const files = (await entriesOf(folder)).filter((name) => name.endsWith('.json')).sort();
  const definitions = await Promise.all(files.map((file) => readDefinition(join(folder, file))));
  const defined = await Promise.all((await listTargetFiles(workspaceFolder)).map(definitionOfFile));
  const names = new Set(defined.map(({ name }) => name.toLowerCase()));
  const made = definitions.filter((definition) => definition !== undefined);
  return [localDefinition, ...defined, ...made.filter(({ name }) => !names.has(name.toLowerCase()))];
}

async function definitionOfFile(file: TargetFile): Promise<ComputeDefinition> {
  const { name, path } = file;
  try {
    const { settings } = await readTargetFile(file);
    const { type, description } = settings;
    return { ...nothingAsked, name, type, path, settings, description };
  } catch (error) {
    if (!(error instanceof RunledgerError)) {
      throw error;
    }
    return { ...nothingAsked, name, type: '', path, problem: error.fullMessage };
  }
}

/**
 * A compute target by its name, whatever its case.
 *
 * @throws RunledgerError `unsupported-target` where there is none
 */
export async function findComputeDefinition(workspaceFolder: string, name: string): Promise<ComputeDefinition> {
  const definitions = await listComputeDefinitions(workspaceFolder);
  const found = definitions.find((definition) => definition.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) {
    throw new RunledgerError('unsupported-target', `There is no compute target "${name}" in this workspace.`, {
      advice:
        `There are: ${definitions.map((definition) => definition.name).join(', ')}. ` +
        'Make it with "runledger computetarget create", or with Runledger: New Compute Target in the editor.',
    });
  }
  return found;
}

async function readDefinition(path: string): Promise<ComputeDefinition | undefined> {
  const record = await readStoreFile(path, 'the compute target').catch(() => undefined);
  const name = record && stringField(record, 'name');
  const type = record && stringField(record, 'type');
  if (record === undefined || name === undefined || type === undefined) {
    return undefined;
  }
  return {
    ...nothingAsked,
    name,
    type,
    description: stringField(record, 'description'),
    tags: isJsonObject(record.tags) ? record.tags : {},
    isAttached: record.isAttached === true,
    createdTime: numberField(record, 'createdTime'),
    provisioning: isJsonObject(record.provisioning) ? record.provisioning : {},
  };
}
