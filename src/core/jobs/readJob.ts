/** The file of a sweep job or a pipeline job, as all who submit it read it. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { parseDefinitionFile, translateDefinitionFile } from '../base/definitionFile.ts';
import { fileError, RunledgerError } from '../base/errors.ts';
import { findTargetFile } from '../compute/targetFiles.ts';
import { configurationFileKind } from '../configuration-files/fileKind.ts';
import { registeredDataSets } from '../data-sets/registeredDataSets.ts';
import { environmentStore } from '../environments/registeredEnvironments.ts';
import { parseRunConfiguration } from '../run-configurations/runConfigurationFile.ts';
import { readComponents } from './component.ts';
import { ignoredKeys } from './ignoredKeys.ts';
import type { JobCommand } from './jobCommand.ts';
import { settingsText } from './jobRunConfiguration.ts';
import { componentsOfPipeline, pipelineJobOf, pipelineJobSettings } from './pipelineJob.ts';
import { componentsOfSweep, sweepJobOf, sweepJobSettings } from './sweepJob.ts';

export interface ReadJobOptions {
  readonly workspaceFolder: string;
  /** In place of the inputs of a pipeline. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly interpreterCandidates: readonly string[];
}

/** A job whose trials or steps are runs of their own. */
export interface ReadJob {
  readonly kind: 'sweep' | 'pipeline';
  readonly experiment: string | undefined;
  readonly displayName: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Values of the inputs of a pipeline, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What `submitOrchestration` takes. */
  readonly definition: object;
  /** What the file asks for and this machine does not do, as sentences for a person. */
  readonly warnings: readonly string[];
}

/**
 * Reads the file at `path`, absolute.
 *
 * @throws RunledgerError `invalid-argument` with line and column, also where only Azure can run it; `not-found` and others of reading files
 */
export async function readJob(path: string, options: ReadJobOptions): Promise<ReadJob> {
  const content = await textOf(path);
  const kind = configurationFileKind(path, content);
  const label = basename(path);
  if (kind !== 'sweepJob' && kind !== 'pipelineJob') {
    throw new RunledgerError('invalid-argument', `${label} is no job of Azure ML.`, {
      advice: 'Name a file whose "$schema" says that it is a command, a sweep or a pipeline.',
    });
  }
  const read = kind === 'sweepJob' ? readSweepJob : readPipelineJob;
  return await read(content, { ...options, label, folder: dirname(path), name: basename(path, extname(path)) });
}

interface JobPlace extends ReadJobOptions {
  /** Names the file in messages. */
  readonly label: string;
  readonly folder: string;
  /** Of the run configurations that are made. */
  readonly name: string;
}

async function readSweepJob(content: string, place: JobPlace): Promise<ReadJob> {
  const { label, folder, parameters } = place;
  const file = parseDefinitionFile(sweepJobSettings, content, label);
  if (Object.keys(parameters).length > 0) {
    throw new RunledgerError('invalid-argument', `${label} is a sweep job, which takes no parameters.`, {
      advice: 'Write the values under "inputs" of the file.',
    });
  }
  const components = await readComponents(componentsOfSweep(file), folder);
  const dataSets = await registeredDataSets(place.workspaceFolder);
  const { command, definition } = translateDefinitionFile(sweepJobSettings, content, label, (known) =>
    sweepJobOf(known, { folder, components, dataSets }),
  );
  const warnings = new Set(ignoredKeys(file).map(({ reason }) => reason));
  const job = command && (await jobOf(command, place, warnings));
  return {
    ...commonOf(file),
    kind: 'sweep',
    parameters: {},
    definition: { ...definition, job },
    warnings: [...warnings],
  };
}

async function readPipelineJob(content: string, place: JobPlace): Promise<ReadJob> {
  const { label, folder } = place;
  const file = parseDefinitionFile(pipelineJobSettings, content, label);
  const components = await readComponents(componentsOfPipeline(file), folder);
  const dataSets = await registeredDataSets(place.workspaceFolder);
  const { steps, parameters, definition } = translateDefinitionFile(pipelineJobSettings, content, label, (known) =>
    pipelineJobOf(known, { ...place, components, dataSets }),
  );
  const warnings = new Set(ignoredKeys(file).map(({ reason }) => reason));
  const jobs = await Promise.all(
    steps.map(async ({ step, command }) => ({ ...step, job: await jobOf(command, place, warnings) })),
  );
  return {
    ...commonOf(file),
    kind: 'pipeline',
    parameters,
    definition: { ...definition, steps: jobs, parameters },
    warnings: [...warnings],
  };
}

function commonOf(file: {
  readonly experiment_name?: string | undefined;
  readonly display_name?: string | undefined;
  readonly tags?: Readonly<Record<string, unknown>> | undefined;
}): Pick<ReadJob, 'experiment' | 'displayName' | 'tags'> {
  const tags = Object.entries(file.tags ?? {}).map(([name, value]) => [name, String(value ?? '')] as const);
  return { experiment: file.experiment_name, displayName: file.display_name, tags: Object.fromEntries(tags) };
}

/** What the engine takes as a job; what cannot be followed is added to the warnings. */
async function jobOf(command: JobCommand, place: JobPlace, warnings: Set<string>): Promise<object> {
  const { workspaceFolder, name, label, interpreterCandidates } = place;
  const { settings, runnable } = command;
  const environment = await registeredEnvironment(command.environment, workspaceFolder, warnings);
  const target = await targetOf(command.compute, workspaceFolder, warnings);
  const text = await settingsText(settings, { target, environment });
  return {
    sourceDirectory: settings.sourceDirectory,
    ...runnable,
    runConfiguration: parseRunConfiguration(text, { name, path: undefined, label }),
    interpreterCandidates,
  };
}

/** The environment that a job names, where it is registered in the workspace: `azureml:name:version`, `azureml:name@latest`. */
async function registeredEnvironment(
  named: string | undefined,
  workspaceFolder: string,
  warnings: Set<string>,
): Promise<object | undefined> {
  if (named === undefined) {
    return undefined;
  }
  const [, name = '', version] = /^(?:azureml:)?([^:@/]+)(?::(\d+)|@latest)?$/.exec(named) ?? [];
  try {
    const { content } = await environmentStore(workspaceFolder).find(name, version ? Number(version) : undefined);
    const { format: _format, createdTime: _time, version: _version, ...environment } = content;
    return environment;
  } catch (error) {
    if (!(RunledgerError.is(error, 'not-found') || RunledgerError.is(error, 'invalid-name'))) {
      throw error;
    }
    warnings.add(`The environment ${named} is not registered here: the packages of the interpreter are taken.`);
    return undefined;
  }
}

/** A compute target of the workspace; what no file defines was in the cloud: this machine is taken for it. */
async function targetOf(compute: string | undefined, workspaceFolder: string, warnings: Set<string>): Promise<string> {
  const name = compute?.replace(/^azureml:/, '');
  if (name === undefined || name === 'local') {
    return 'local';
  }
  if ((await findTargetFile(workspaceFolder, name)) !== undefined) {
    return name;
  }
  warnings.add(`The compute target ${name} is not defined here: this machine is taken for it.`);
  return 'local';
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, 'read the job', path);
  }
}
