import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { parse, stringify } from 'yaml';
import { fileError } from '../base/errors.ts';
import { isJsonObject } from '../store/jsonFile.ts';
import type { CommandJob } from './commandJob.ts';
import type { CommandSettings } from './commandSettings.ts';

const communicators = new Map([
  ['pytorch', 'Nccl'],
  ['mpi', 'OpenMpi'],
  ['tensorflow', 'ParameterServer'],
]);

/**
 * The text of a run configuration that does what the job does.
 *
 * @throws RunledgerError `not-found`, `unreadable` for the job's conda file, where its packages have to be taken over
 */
export async function runConfigurationText(job: CommandJob): Promise<string> {
  return await settingsText(job, { what: job.runnable, target: 'local' });
}

export interface SettingsTextOptions {
  /** The keys that say what is run. */
  readonly what?: object;
  /** The name of the compute target. */
  readonly target: string;
  /** In place of what the job says of its packages: the `environment` of a run configuration. */
  readonly environment?: object | undefined;
}

/**
 * The text of a run configuration for something with a command.
 *
 * @throws RunledgerError as {@link runConfigurationText}
 */
export async function settingsText(settings: CommandSettings, options: SettingsTextOptions): Promise<string> {
  const { what, target, environment } = options;
  const registered =
    environment && 'environmentVariables' in environment ? environment.environmentVariables : undefined;
  const variables = { ...(isJsonObject(registered) ? registered : {}), ...settings.environmentVariables };
  return stringify(
    {
      ...what,
      target,
      ...distributionKeys(settings.distribution),
      ...(settings.maxRunDurationSeconds !== undefined && { maxRunDurationSeconds: settings.maxRunDurationSeconds }),
      environment: {
        ...(environment ?? { python: await pythonKeys(settings) }),
        ...(Object.keys(variables).length > 0 && { environmentVariables: variables }),
      },
    },
    { lineWidth: 0 },
  );
}

async function pythonKeys({ conda, sourceDirectory }: CommandSettings): Promise<object> {
  if (conda === undefined) {
    return { userManagedDependencies: true };
  }
  if (typeof conda === 'object') {
    return { condaDependencies: conda };
  }
  const path = relative(sourceDirectory, conda).split(sep).join('/');
  // Of another folder the file would not be part of the snapshot: its packages are taken over.
  return path.startsWith('..') ? { condaDependencies: await contentOf(conda) } : { condaDependenciesFile: path };
}

async function contentOf(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw fileError(error, 'read the packages', path);
  }
}

function distributionKeys(distribution: CommandSettings['distribution']): object {
  const communicator = distribution && communicators.get(distribution.kind);
  if (distribution === undefined || communicator === undefined) {
    return {};
  }
  const { nodes, perNode } = distribution;
  return {
    communicator,
    nodeCount: nodes,
    ...(communicator === 'Nccl' && { pytorch: { processCount: nodes * perNode } }),
    ...(communicator === 'OpenMpi' && { mpi: { processCountPerNode: perNode } }),
  };
}
