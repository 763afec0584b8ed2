/** Everything about a submission that can be wrong before there is a run. */
import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import { fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import type { ComputeTarget, PreparedTarget } from '../compute/computeTarget.ts';
import { targetOf } from '../compute/computeTargets.ts';
import { dataReferenceVariables, withDataReferences } from '../run-configurations/dataReferences.ts';
import type { RunConfiguration } from '../run-configurations/runConfiguration.ts';
import { loadRunConfigurationFrom } from '../run-configurations/runConfigurations.ts';
import { loadIgnoreRules } from '../snapshots/ignoreRules.ts';
import { isInside } from '../snapshots/sourceFiles.ts';
import { readStoreFile, stringField } from '../store/jsonFile.ts';
import { experimentKey, normalizeExperimentName } from '../store/names.ts';
import { runFolder, workspaceFile } from '../store/storeLayout.ts';
import { openWorkspace } from '../store/workspaces.ts';
import { readEnvironmentFile } from './environmentFile.ts';
import type { SubmitRequest } from './submission.ts';

export interface SubmissionPlan {
  readonly workspace: {
    readonly folder: string;
    readonly name: string;
    readonly subscriptionId: string | undefined;
    readonly resourceGroup: string | undefined;
  };
  readonly experiment: string;
  readonly configuration: RunConfiguration;
  readonly target: ComputeTarget;
  readonly prepared: PreparedTarget;
  readonly sourceDirectory: string;
  /** Relative to the source folder, with `/`; undefined where a command is run. */
  readonly script: string | undefined;
  readonly command: readonly string[] | undefined;
  readonly arguments: readonly string[];
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** The file that some of the variables are from. */
  readonly environmentFile: string | undefined;
  /** Names of variables whose values are stored nowhere, whatever they are called. */
  readonly hiddenVariables: readonly string[];
}

/**
 * Validates a request and makes its target ready. Writes nothing.
 *
 * @throws RunledgerError that says what to correct: `not-a-store`, `newer-format`, `invalid-name`, `script-not-found`,
 * `invalid-argument`, `invalid-run-configuration`, `unsupported-target`, `interpreter-not-found`,
 * `interpreter-too-old`, `script-syntax`, `environment-failed`, `canceled`
 */
export async function planSubmission(
  request: SubmitRequest,
  options: { readonly pythonSdkFolder: string; readonly signal?: AbortSignal },
): Promise<SubmissionPlan> {
  const { signal } = options;
  const workspace = await workspaceOf(request.workspaceFolder);
  const experiment = normalizeExperimentName(request.experiment);
  const sourceDirectory = resolve(request.sourceDirectory);
  const configuration =
    typeof request.runConfiguration === 'string'
      ? await loadRunConfigurationFrom(sourceDirectory, [workspace.folder], request.runConfiguration)
      : request.runConfiguration;
  const command = request.command ?? (request.scriptPath === undefined ? configuration.command : undefined);
  // With the code stored before, the script was checked when that was done.
  const isChecked = request.snapshot !== undefined;
  const scriptPath = await scriptOf(request, sourceDirectory, command);
  const script =
    scriptPath === undefined
      ? undefined
      : isChecked
        ? relative(sourceDirectory, scriptPath).split(sep).join('/')
        : await scriptInSource(sourceDirectory, scriptPath);
  if (script !== undefined && !configuration.isInPlace && !isChecked) {
    await assertInSnapshot(sourceDirectory, script);
  }
  if (request.parentId !== undefined) {
    await assertParent(workspace.folder, experiment, request.parentId);
  }
  const target = await targetOf(workspace.folder, configuration);
  if (signal?.aborted === true) {
    throw new RunledgerError('canceled', 'The submission was canceled.');
  }
  const prepared = await target.prepare({
    configuration,
    workspaceFolder: workspace.folder,
    sourceDirectory,
    scriptPath: isChecked ? undefined : scriptPath,
    interpreterCandidates: request.interpreterCandidates,
    pythonSdkFolder: options.pythonSdkFolder,
    ...(signal && { signal }),
  });
  const references = dataReferenceVariables(configuration.dataReferences ?? [], workspace.folder);
  const open = { ...references, ...configuration.environmentVariables, ...request.environmentVariables };
  const file = await readEnvironmentFile(configuration, {
    sourceDirectory,
    workspaceFolder: workspace.folder,
    chosen: request.environmentFile,
  });
  return {
    workspace,
    experiment,
    configuration,
    target,
    prepared,
    sourceDirectory,
    script,
    command,
    environmentVariables: { ...file?.variables, ...open },
    environmentFile: file?.path,
    hiddenVariables: Object.keys(file?.variables ?? {}).filter((name) => !Object.hasOwn(open, name)),
    arguments: argumentsOf(request, configuration, references),
  };
}

/** The plan of a request that has its own command, arguments and variables, and all else in common with the one that `plan` is for. */
export function planAlike(plan: SubmissionPlan, request: SubmitRequest): SubmissionPlan {
  const { configuration, workspace } = plan;
  const references = dataReferenceVariables(configuration.dataReferences ?? [], workspace.folder);
  return {
    ...plan,
    command: request.command ?? plan.command,
    environmentVariables: { ...plan.environmentVariables, ...request.environmentVariables },
    arguments: argumentsOf(request, configuration, references),
  };
}

/** As in Azure ML, arguments that are given replace those of the run configuration. */
function argumentsOf(
  request: SubmitRequest,
  configuration: RunConfiguration,
  references: Readonly<Record<string, string>>,
): readonly string[] {
  const given = request.arguments.length > 0 ? request.arguments : configuration.arguments;
  return given.map((text) => withDataReferences(text, references));
}

/** The one thing to run; undefined where it is a command. */
async function scriptOf(
  request: SubmitRequest,
  sourceDirectory: string,
  command: readonly string[] | undefined,
): Promise<string | undefined> {
  if (command === undefined) {
    if (request.scriptPath === undefined) {
      throw new RunledgerError('invalid-argument', 'Nothing says what to run.', {
        advice: 'Name a script or a command, in the request or in the run configuration.',
      });
    }
    return resolve(request.scriptPath);
  }
  if (request.scriptPath !== undefined) {
    throw new RunledgerError('invalid-argument', 'Both a script and a command are given; a run has one of them.');
  }
  if (command[0] === undefined || command[0].trim() === '') {
    throw new RunledgerError('invalid-argument', 'The command is empty.', { advice: 'Name the program to run.' });
  }
  if (request.snapshot === undefined && !(await pathExists(sourceDirectory))) {
    throw new RunledgerError('invalid-argument', `The source folder ${sourceDirectory} does not exist.`);
  }
  return undefined;
}

async function assertParent(workspaceFolder: string, experiment: string, parentId: string): Promise<void> {
  if (!(await pathExists(runFolder(workspaceFolder, experimentKey(experiment), parentId)))) {
    throw new RunledgerError('not-found', `There is no run ${parentId} in the experiment "${experiment}".`, {
      advice: 'A child run belongs to the experiment of its parent.',
    });
  }
}

async function workspaceOf(folder: string): Promise<SubmissionPlan['workspace']> {
  const info = await openWorkspace(folder);
  const record = await readStoreFile(workspaceFile(info.folder), 'the workspace');
  return {
    folder: info.folder,
    name: info.name,
    subscriptionId: stringField(record, 'subscriptionId'),
    resourceGroup: stringField(record, 'resourceGroup'),
  };
}

async function scriptInSource(sourceDirectory: string, scriptPath: string): Promise<string> {
  let script: Stats;
  try {
    script = await stat(scriptPath);
  } catch (error) {
    if (isNotFound(error)) {
      throw new RunledgerError('script-not-found', `The script ${scriptPath} does not exist.`, {
        advice: 'Check its name, and save it if it is new.',
        cause: error,
      });
    }
    throw fileError(error, 'read the script', scriptPath);
  }
  if (!script.isFile()) {
    throw new RunledgerError('script-not-found', `${scriptPath} is not a file.`, { advice: 'Choose a Python script.' });
  }
  let folders: readonly [string, string];
  try {
    folders = [await realpath(sourceDirectory), await realpath(scriptPath)];
  } catch (error) {
    if (isNotFound(error)) {
      throw new RunledgerError('invalid-argument', `The source folder ${sourceDirectory} does not exist.`, {
        cause: error,
      });
    }
    throw fileError(error, 'read the source folder', sourceDirectory);
  }
  // As named, so that a link in the source folder stays that link; else by the real paths, for a folder under two names.
  for (const [folder, path] of [[sourceDirectory, scriptPath] as const, folders]) {
    if (folder !== path && isInside(folder, path)) {
      return relative(folder, path).split(sep).join('/');
    }
  }
  throw new RunledgerError(
    'invalid-argument',
    `The script ${scriptPath} is not in the source folder ${sourceDirectory}, which is what is run.`,
    { advice: 'Choose a source folder that holds the script.' },
  );
}

async function assertInSnapshot(sourceDirectory: string, script: string): Promise<void> {
  const rules = await loadIgnoreRules(sourceDirectory);
  const segments = script.split('/');
  const isIgnored =
    rules.isIgnored(script, false) ||
    segments.slice(0, -1).some((_, index) => rules.isIgnored(segments.slice(0, index + 1).join('/'), true));
  if (isIgnored) {
    throw new RunledgerError(
      'invalid-argument',
      `${basename(script)} is left out of the snapshot by ${rules.fileName}, so it cannot be run from there.`,
      { advice: `Change ${rules.fileName}, or run it with "local (in place)".` },
    );
  }
}
