import { basename, dirname, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { WorkspaceInfo } from '../../core/domain/workspace.ts';
import { readPipelineFile } from '../../core/orchestration/pipeline/readPipelineFile.ts';
import {
  type OrchestrationRequest,
  type SubmitOrchestrationOptions,
  submitOrchestration,
} from '../../core/orchestration/submitOrchestration.ts';
import { readSweepFile } from '../../core/orchestration/sweep/sweepFile.ts';
import { loadRunConfigurationFrom } from '../../core/run-configurations/runConfigurations.ts';
import { createWorkspace } from '../../core/store/workspaces.ts';
import type { SubmitProgress, SubmitRequest, SubmittedRun } from '../../core/submission/submission.ts';
import { submitRun } from '../../core/submission/submitRun.ts';
import { settingIds } from '../ids.ts';
import type { RunPages } from '../run-page/runPages.ts';
import type { RunEndNotifications } from '../running/runEndNotifications.ts';
import type { ExperimentsView } from '../tree/experimentsView.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import { askForArguments } from './askForArguments.ts';
import { askForParameters } from './askForParameters.ts';
import { pickExperiment } from './pickExperiment.ts';
import { pickRunConfiguration } from './pickRunConfiguration.ts';
import { pickSweepFile } from './pickSweepFile.ts';
import { pipelineToSubmit } from './pipelineToSubmit.ts';
import { interpreterCandidates } from './pythonExtension.ts';
import type { RememberedChoices } from './rememberedChoices.ts';
import { scriptToSubmit } from './scriptToSubmit.ts';
import { sourceDirectoryOf } from './sourceDirectory.ts';
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

/** A run that was submitted, and where it is. */
export interface SubmissionOutcome extends SubmittedRun {
  readonly workspaceFolder: string;
}

/** What `runledger.submitSweep` takes beside these. */
export interface SweepOptions extends SubmitOptions {
  /** The file that says what to try. */
  readonly sweepConfiguration?: vscode.Uri;
}

/** What `runledger.submitPipeline` takes. */
export interface PipelineOptions extends Pick<SubmitOptions, 'experiment' | 'createWorkspace' | 'displayName'> {
  /** The file with its steps; default: that of the active editor. */
  readonly pipeline?: vscode.Uri;
}

interface ChosenSubmission {
  readonly workspaceFolder: string;
  readonly experiment: string;
  readonly scriptPath: string;
  readonly sourceDirectory: string;
  readonly runConfiguration: string;
  /** Of the questions that are still to be asked. */
  readonly title: string;
}

export interface SubmitterDeps {
  readonly workspaces: WorkspaceService;
  readonly experiments: ExperimentsView;
  readonly pages: RunPages;
  readonly choices: RememberedChoices;
  readonly notifications: RunEndNotifications;
  /** The folder `python/` of the extension. */
  readonly pythonSdkFolder: string;
  /** The command line that starts the bundled `runledger`. */
  readonly cliCommand: readonly [string, ...string[]];
  /** The program that submits, as `runledger-vscode/0.1.0`. */
  readonly createdBy: string;
  readonly log: vscode.LogOutputChannel;
}

/** Takes a script from the editor to a run: asks what is not known yet, submits, shows the run. */
export class Submitter {
  private readonly deps: SubmitterDeps;

  constructor(deps: SubmitterDeps) {
    this.deps = deps;
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
      options.arguments ?? (asksForArguments ? await askForArguments(title, remembered.argumentLine ?? '') : []);
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

  /** Submits a sweep over the script's arguments. Undefined where the person gave up. */
  async submitSweep(options: SweepOptions): Promise<SubmissionOutcome | undefined> {
    requireTrust(vscode.l10n.t('Submitting a sweep'));
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

  /** Submits the pipeline of a file. Undefined where the person gave up. */
  async submitPipeline(options: PipelineOptions): Promise<SubmissionOutcome | undefined> {
    requireTrust(vscode.l10n.t('Submitting a pipeline'));
    const path = await pipelineToSubmit(options.pipeline);
    if (path === undefined) {
      return undefined;
    }
    const rootFolder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))?.uri.fsPath;
    const workspace = await this.workspaceFor(path, rootFolder, options.createWorkspace === true);
    if (workspace === undefined) {
      return undefined;
    }
    const workspaceFolder = workspace.folder;
    const candidates = await interpreterCandidates(vscode.Uri.file(path), this.deps.log);
    const read = (parameters: Readonly<Record<string, string>>) =>
      readPipelineFile(path, { workspaceFolder, parameters, interpreterCandidates: candidates });
    const { name, parameters: defaults } = await read({});
    const title = vscode.l10n.t('Submit {0}', basename(path));
    const proposal = name ?? basename(dirname(path));
    const experiment = options.experiment ?? (await this.askForExperiment(workspaceFolder, path, title, proposal));
    if (experiment === undefined) {
      return undefined;
    }
    const parameters = Object.keys(defaults).length === 0 ? {} : await askForParameters(title, defaults);
    if (parameters === undefined) {
      return undefined;
    }
    await this.deps.choices.remember(path, { experiment });
    const { definition } = await read(parameters);
    return await this.startOrchestration(vscode.l10n.t('Submitting the pipeline {0}', basename(path)), {
      workspaceFolder,
      experiment,
      definition,
      ...(options.displayName === undefined ? {} : { displayName: options.displayName }),
    });
  }

  /** Submits a sweep or a pipeline that is complete, as `start` does a script. */
  async startOrchestration(title: string, request: OrchestrationRequest): Promise<SubmissionOutcome> {
    requireTrust(vscode.l10n.t('Submitting a run'));
    return await this.startWithProgress(request.workspaceFolder, title, (options) =>
      submitOrchestration(request, options),
    );
  }

  /** Submits a request that is complete, with progress that can be canceled, and shows the run. */
  async start(request: SubmitRequest): Promise<SubmissionOutcome> {
    requireTrust(vscode.l10n.t('Submitting a run'));
    return await this.startWithProgress(
      request.workspaceFolder,
      vscode.l10n.t('Submitting {0}', basename(request.scriptPath ?? request.sourceDirectory)),
      (options) => submitRun(request, options),
    );
  }

  /** What every submission of a script needs: asked for, where it is not given. Undefined where the person gave up. */
  private async choose(options: SubmitOptions): Promise<ChosenSubmission | undefined> {
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
      options.runConfiguration ?? (await pickRunConfiguration(sourceDirectory, remembered.runConfiguration, title));
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

  private async startWithProgress(
    workspaceFolder: string,
    title: string,
    submit: (options: SubmitOrchestrationOptions) => Promise<SubmittedRun>,
  ): Promise<SubmissionOutcome> {
    const run = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => await this.submitWithProgress(submit, progress, token),
    );
    this.deps.log.info(`Submitted ${run.runId} (${run.experiment}, run ${run.number}).`);
    for (const warning of run.warnings) {
      this.deps.log.warn(`${run.runId}: ${warning}`);
    }
    if (run.warnings.length > 0) {
      void vscode.window.showWarningMessage(run.warnings.join(' '));
    }
    await this.show(workspaceFolder, run);
    this.deps.notifications.awaitEnd({ workspaceFolder, runId: run.runId });
    return { ...run, workspaceFolder };
  }

  private async submitWithProgress(
    submit: (options: SubmitOrchestrationOptions) => Promise<SubmittedRun>,
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ): Promise<SubmittedRun> {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort());
    let shownPercent = 0;
    const onProgress = ({ message, fraction }: SubmitProgress): void => {
      const percent = fraction === undefined ? shownPercent : Math.max(shownPercent, fraction * 100);
      progress.report({ message, increment: percent - shownPercent });
      shownPercent = percent;
    };
    try {
      return await submit({
        pythonSdkFolder: this.deps.pythonSdkFolder,
        // The editor's own Node, so that scripts can submit runs where no other is installed.
        cliCommand: this.deps.cliCommand,
        onProgress,
        signal: abort.signal,
        createdBy: this.deps.createdBy,
      });
    } catch (error) {
      throw token.isCancellationRequested ? new vscode.CancellationError() : error;
    } finally {
      subscription.dispose();
    }
  }

  /** A run that cannot be shown was submitted all the same, so what goes wrong here is only logged. */
  private async show(workspaceFolder: string, run: SubmittedRun): Promise<void> {
    const { experiments, pages, workspaces, log } = this.deps;
    try {
      // A script's nearest workspace can lie below the open folder, where nobody looked for it.
      const workspace = await workspaces.add(workspaceFolder);
      if (vscode.workspace.getConfiguration().get<boolean>(settingIds.openRunPage, true)) {
        await pages.open(workspaceFolder, run.runId);
      }
      await experiments.reveal(workspace, run.runId);
    } catch (error) {
      log.error(`Run ${run.runId} was submitted, but cannot be shown.`, error instanceof Error ? error : String(error));
    }
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
