/** Compute targets as a workspace knows them: this machine, and the names that scripts gave it (docs/store-format.md). */
import { join } from 'node:path';
import { RunledgerError } from '../base/errors.ts';
import { isJsonObject, type JsonObject, numberField, readStoreFile, stringField } from '../store/jsonFile.ts';
import { computeFolder, entriesOf } from '../store/storeLayout.ts';

export interface ComputeDefinition {
  readonly name: string;
  /** `local`, or the kind that the script asked for, as `AmlCompute`. */
  readonly type: string;
  readonly description: string | undefined;
  readonly tags: JsonObject;
  /** Made by `attach`, and not by `create`. */
  readonly isAttached: boolean;
  /** Unix seconds; undefined for `local`. */
  readonly createdTime: number | undefined;
  /** What the script asked for, as sizes and numbers of nodes. Nothing depends on it here. */
  readonly provisioning: JsonObject;
}

const localDefinition: ComputeDefinition = {
  name: 'local',
  type: 'local',
  description: 'This machine',
  tags: {},
  isAttached: false,
  createdTime: undefined,
  provisioning: {},
};

/** `local`, then the others by name. Those that cannot be read are left out. */
export async function listComputeDefinitions(workspaceFolder: string): Promise<readonly ComputeDefinition[]> {
  const folder = computeFolder(workspaceFolder);
  const files = (await entriesOf(folder)).filter((name) => name.endsWith('.json')).sort();
  const definitions = await Promise.all(files.map((file) => readDefinition(join(folder, file))));
  return [localDefinition, ...definitions.filter((definition) => definition !== undefined)];
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
        'ComputeTarget.create in a script makes another name for this machine.',
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
    name,
    type,
    description: stringField(record, 'description'),
    tags: isJsonObject(record.tags) ? record.tags : {},
    isAttached: record.isAttached === true,
    createdTime: numberField(record, 'createdTime'),
    provisioning: isJsonObject(record.provisioning) ? record.provisioning : {},
  };
}
