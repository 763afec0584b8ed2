import { readFile } from 'node:fs/promises';
import { basename, dirname, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { configurationFileKind } from '../../core/configuration-files/fileKind.ts';
import type { Scalar } from '../../core/domain/metric.ts';
import type { WorkspaceInfo } from '../../core/domain/workspace.ts';
import { commandJobRequest, readCommandJob } from '../../core/jobs/readCommandJob.ts';
import { readJob } from '../../core/jobs/readJob.ts';
import { readPipelineFile } from '../../core/orchestration/pipeline/readPipelineFile.ts';
import { type OrchestrationRequest, submitOrchestration } from '../../core/orchestration/submitOrchestration.ts';
import { readSweepFile } from '../../core/orchestration/sweep/sweepFile.ts';
import { sourceDirectoryOf } from '../../core/projects/sourceDirectory.ts';
import { loadRunConfigurationFrom } from '../../core/run-configurations/runConfigurations.ts';
import { createWorkspace } from '../../core/store/workspaces.ts';
import type { SubmitRequest } from '../../core/submission/submission.ts';
import { submitRun } from '../../core/submission/submitRun.ts';
import { requireTrust } from '../workspaces/trust.ts';
import { askForArguments } from './askForArguments.ts';
import { askForParameters } from './askForParameters.ts';
import { openDefinition } from './definitionFiles.ts';
import { pickExperiment } from './pickExperiment.ts';
import { pickRunConfiguration } from './pickRunConfiguration.ts';
import { pickSweepFile } from './pickSweepFile.ts';
import { pipelineToSubmit } from './pipelineToSubmit.ts';
import { configuredEnvironmentFile, interpreterCandidates } from './pythonExtension.ts';
import type { RememberedChoices } from './rememberedChoices.ts';
import { RunStarter, type RunStarterDeps, type SubmissionOutcome } from './runStarter.ts';
import { requireSaved, scriptToSubmit } from './scriptToSubmit.ts';
import { joinArguments } from './splitArguments.ts';

/**
 * What `runledger.submit` and `runledger.submitWithArguments` take from another extension, a task or a test. What is given
 * is not asked for.
 */
export interface SubmitOptions {
  /** The script; default: that of the active editor. */
  readonly script?: vscode.Uri;
  readonly experiment?: string;
  /** Name of a run configuration: `local`, `local (in place)` or that of a `*.runconfig`. */
  readonly runConfiguration?: string;
  readonly arguments?: readonly string[];
  /** Makes a workspace in the open folder that holds the script, where there is none. */
  readonly createWorkspace?: boolean;
  readonly displayName?: string;
}

/** What `runledger.submitSweep` takes beside these. */
export interface SweepOptions extends SubmitOptions {
  /** The file that says what to try. */
  readonly sweepConfiguration?: vscode.Uri;
}

type OrchestrationOptions = Pick<SubmitOptions, 'experiment' | 'createWorkspace' | 'displayName'>;

/** What `runledger.submitPipeline` takes. */
export interface PipelineOptions extends OrchestrationOptions {
  /** The file with its steps; default: that of the active editor. */
  readonly pipeline?: vscode.Uri;
}

export interface ChosenSubmission {
  readonly workspaceFolder: string;
  readonly experiment: string;
  readonly scriptPath: string;
  readonly sourceDirectory: string;
  readonly runConfiguration: string;
  /** Of the questions that are still to be asked. */
  readonly title: string;
}

export interface SubmitterDeps extends RunStarterDeps {
  readonly choices: RememberedChoices;
}

/** Takes a script from the editor to a run: asks what is not known yet, then has it started. */
export class Submitter {
  private readonly deps: SubmitterDeps;
  private readonly starter: RunStarter;

  constructor(deps: SubmitterDeps) {
    this.deps = deps;
    this.starter = new RunStarter(deps);
  }

  /** Undefined where the person gave up. */
  async submit(options: SubmitOptions, asksForArguments: boolean): Promise<SubmissionOutcome | undefined> {
    requireTrust(vscode.l10n.t('Submitting a run'));
    const chosen = await this.choose(options);
    if (chosen === undefined) {
      return undefined;
    }
    const { scriptPath, title, ...request } = chosen;
    const remembered = this.deps.choices.of(scriptPath);
    const words =
      options.arguments ??
      (asksForArguments ? await askForArguments(title, remembered.argumentLine ?? '', scriptPath) : []);
    if (words === undefined) {
      return undefined;
    }
    // Remembered before the submission: what fails is most likely tried again in the same way.
    await this.deps.choices.remember(scriptPath, {
      experiment: request.experiment,
      runConfiguration: request.runConfiguration,
      ...(asksForArguments ? { argumentLine: joinArguments(words) } : {}),
    });
    return await this.start({
      ...request,
      scriptPath,
      arguments: words,
      interpreterCandidates: await interpreterCandidates(vscode.Uri.file(scriptPath), this.deps.log),
      ...(options.displayName === undefined ? {} : { displayName: options.displayName }),
    });
  }

  /** Submits a sweep over the script's arguments, or the sweep job of the active editor. Undefined where the person gave up. */
  async submitSweep(options: SweepOptions): Promise<SubmissionOutcome | undefined> {
    requireTrust(vscode.l10n.t('Submitting a sweep'));
    const isOpen = options.script === undefined && options.sweepConfiguration === undefined;
    const openJob = isOpen
      ? openDefinition((path, text) => configurationFileKind(path, text) === 'sweepJob')
      : undefined;
    if (openJob !== undefined) {
      await requireSaved(openJob);
      return await this.submitJobOfRuns(openJob, options);
    }
    const chosen = await this.choose(options);
    if (chosen === undefined) {
      return undefined;
    }
    const { workspaceFolder, experiment, scriptPath, sourceDirectory, runConfiguration, title } = chosen;
    const sweepFile = options.sweepConfiguration?.fsPath ?? (await pickSweepFile(sourceDirectory, title));
    if (sweepFile === undefined) {
      return undefined;
    }
    await this.deps.choices.remember(scriptPath, { experiment, runConfiguration });
    const job = {
      sourceDirectory,
      script: relative(sourceDirectory, scriptPath).split(sep).join('/'),
      arguments: options.arguments ?? [],
      runConfiguration: await loadRunConfigurationFrom(sourceDirectory, [workspaceFolder], runConfiguration),
      interpreterCandidates: await interpreterCandidates(vscode.Uri.file(scriptPath), this.deps.log),
    };
    const definition = { ...(await readSweepFile(sweepFile)), job };
    return await this.startOrchestration(vscode.l10n.t('Submitting a sweep of {0}', basename(scriptPath)), {
      workspaceFolder,
      experiment,
      definition,
      ...(options.displayName === undefined ? {} : { displayName: options.displayName }),
    });
  }

  /** Submits the pipeline, or the pipeline job, of a file. Undefined where the person gave up. */
  async submitPipeline(options: PipelineOptions): Promise<SubmissionOutcome | undefined> {
    requireTrust(vscode.l10n.t('Submitting a pipeline'));
    const path = await pipelineToSubmit(options.pipeline);
    if (path === undefined) {
      return undefined;
    }
    if (configurationFileKind(path, await readFile(path, 'utf8')) === 'pipelineJob') {
      return await this.submitJobOfRuns(path, options);
    }
    const workspaceFolder = await this.workspaceFolderOf(path, options.createWorkspace === true);
    if (workspaceFolder === undefined) {
      return undefined;
    }
    const candidates = await interpreterCandidates(vscode.Uri.file(path), this.deps.log);
    const read = (parameters: Readonly<Record<string, string>>) =>
      readPipelineFile(path, { workspaceFolder, parameters, interpreterCandidates: candidates });
    const pipeline = await read({});
    const title = vscode.l10n.t('Submit {0}', basename(path));
    const proposal = pipeline.name ?? basename(dirname(path));
    const experiment = options.experiment ?? (await this.askForExperiment(workspaceFolder, path, title, proposal));
    if (experiment === undefined) {
      return undefined;
    }
    const complete = await withParameters(pipeline, title, read);
    if (complete === undefined) {
      return undefined;
    }
    await this.deps.choices.remember(path, { experiment });
    const { definition } = complete;
    return await this.startOrchestration(vscode.l10n.t('Submitting the pipeline {0}', basename(path)), {
      workspaceFolder,
      experiment,
      definition,
      ...(options.displayName === undefined ? {} : { displayName: options.displayName }),
    });
  }

  /** Submits the command job of a file, absolute, on this machine. Undefined where the person gave up. */
  async submitJob(path: string): Promise<SubmissionOutcome | undefined> {
    requireTrust(vscode.l10n.t('Submitting a run'));
    const workspaceFolder = await this.workspaceFolderOf(path, false);
    if (workspaceFolder === undefined) {
      return undefined;
    }
    const read = await readCommandJob(path, workspaceFolder);
    const title = vscode.l10n.t('Submit {0}', basename(path));
    const experiment =
      read.job.experiment ?? (await this.askForExperiment(workspaceFolder, path, title, basename(dirname(path))));
    return experiment === undefined
      ? undefined
      : await this.start({
          workspaceFolder,
          experiment,
          ...commandJobRequest(read),
          interpreterCandidates: await interpreterCandidates(vscode.Uri.file(path), this.deps.log),
        });
  }

  /** Submits the sweep job or the pipeline job of a file, absolute, on this machine. Undefined where the person gave up. */
  async submitJobOfRuns(path: string, options: OrchestrationOptions = {}): Promise<SubmissionOutcome | undefined> {
    requireTrust(vscode.l10n.t('Submitting a run'));
    const workspaceFolder = await this.workspaceFolderOf(path, options.createWorkspace === true);
    if (workspaceFolder === undefined) {
      return undefined;
    }
    const candidates = await interpreterCandidates(vscode.Uri.file(path), this.deps.log);
    const read = (parameters: Readonly<Record<string, string>>) =>
      readJob(path, { workspaceFolder, parameters, interpreterCandidates: candidates });
    const job = await read({});
    const title = vscode.l10n.t('Submit {0}', basename(path));
    const experiment =
      options.experiment ??
      job.experiment ??
      (await this.askForExperiment(workspaceFolder, path, title, basename(dirname(path))));
    if (experiment === undefined) {
      return undefined;
    }
    const complete = await withParameters(job, title, read);
    if (complete === undefined) {
      return undefined;
    }
    const { definition, tags, warnings } = complete;
    const displayName = options.displayName ?? complete.displayName;
    return await this.startOrchestration(vscode.l10n.t('Submitting {0}', basename(path)), {
      workspaceFolder,
      experiment,
      definition,
      tags,
      warnings,
      ...(displayName === undefined ? {} : { displayName }),
    });
  }

  /** Submits a sweep or a pipeline that is complete, as `start` does a script. */
  async startOrchestration(title: string, request: OrchestrationRequest): Promise<SubmissionOutcome> {
    requireTrust(vscode.l10n.t('Submitting a run'));
    return await this.starter.start(request.workspaceFolder, title, (options) => submitOrchestration(request, options));
  }

  /** Submits a request that is complete, with progress that can be canceled, and shows the run. */
  async start(request: SubmitRequest): Promise<SubmissionOutcome> {
    requireTrust(vscode.l10n.t('Submitting a run'));
    const file = configuredEnvironmentFile(vscode.Uri.file(request.scriptPath ?? request.sourceDirectory));
    return await this.starter.start(
      request.workspaceFolder,
      vscode.l10n.t('Submitting {0}', basename(request.scriptPath ?? request.sourceDirectory)),
      (options) => submitRun({ ...(file !== undefined && { environmentFile: file }), ...request }, options),
    );
  }

  /** What every submission of a script needs: asked for, where it is not given. Undefined where the person gave up. */
  async choose(options: SubmitOptions): Promise<ChosenSubmission | undefined> {
    const scriptPath = await scriptToSubmit(options.script);
    const rootFolder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(scriptPath))?.uri.fsPath;
    const workspace = await this.workspaceFor(scriptPath, rootFolder, options.createWorkspace === true);
    if (workspace === undefined) {
      return undefined;
    }
    const sourceDirectory = await sourceDirectoryOf(scriptPath, rootFolder);
    const remembered = this.deps.choices.of(scriptPath);
    const title = vscode.l10n.t('Submit {0}', basename(scriptPath));
    const runConfiguration =
      options.runConfiguration ??
      (await pickRunConfiguration(sourceDirectory, workspace.folder, remembered.runConfiguration, title));
    if (runConfiguration === undefined) {
      return undefined;
    }
    const proposal = basename(rootFolder ?? dirname(scriptPath));
    const experiment =
      options.experiment ?? (await this.askForExperiment(workspace.folder, scriptPath, title, proposal));
    return experiment === undefined
      ? undefined
      : { workspaceFolder: workspace.folder, experiment, scriptPath, sourceDirectory, runConfiguration, title };
  }

  /** Proposed the next time that the script is submitted. */
  async rememberExperiment(scriptPath: string, experiment: string): Promise<void> {
    await this.deps.choices.remember(scriptPath, { experiment });
  }

  private async askForExperiment(
    workspaceFolder: string,
    path: string,
    title: string,
    proposal: string,
  ): Promise<string | undefined> {
    const catalog = await this.deps.workspaces.catalog(workspaceFolder);
    const experiments = await catalog.experiments();
    return await pickExperiment({ title, experiments, remembered: this.deps.choices.of(path).experiment, proposal });
  }

  /** The folder of the workspace that a file belongs to. Undefined where the person makes none. */
  private async workspaceFolderOf(path: string, isCreationWanted: boolean): Promise<string | undefined> {
    const rootFolder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))?.uri.fsPath;
    return (await this.workspaceFor(path, rootFolder, isCreationWanted))?.folder;
  }

  private async workspaceFor(
    scriptPath: string,
    rootFolder: string | undefined,
    isCreationWanted: boolean,
  ): Promise<WorkspaceInfo | undefined> {
    const { workspaces } = this.deps;
    const existing = await workspaces.workspaceOf(scriptPath);
    if (existing !== undefined) {
      return existing;
    }
    const folder = rootFolder ?? dirname(scriptPath);
    if (!isCreationWanted) {
      const create = vscode.l10n.t('Create Workspace');
      const answer = await vscode.window.showInformationMessage(
        vscode.l10n.t('Create a workspace in {0}?', basename(folder)),
        {
          modal: true,
          detail: vscode.l10n.t(
            'A workspace keeps experiments and runs in a .runledger folder beside your code. Nothing leaves this machine.',
          ),
        },
        create,
      );
      if (answer !== create) {
        return undefined;
      }
    }
    const created = await createWorkspace({ folder });
    workspaces.invalidate();
    return created;
  }
}

/** What was read of a file, with the values that the person gives to its parameters. Undefined where the person gave up. */
async function withParameters<T extends { readonly parameters: Readonly<Record<string, Scalar>> }>(
  known: T,
  title: string,
  read: (parameters: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T | undefined> {
  if (Object.keys(known.parameters).length === 0) {
    return known;
  }
  const parameters = await askForParameters(title, known.parameters);
  return parameters && (await read(parameters));
}
