import * as vscode from 'vscode';
import { writeCommandLauncher } from '../core/launcher/commandLauncher.ts';
import { registerLanguageModelTools } from './agents/languageModelTools.ts';
import { allCommands } from './commands/allCommands.ts';
import { registerCommand } from './commands/commandRunner.ts';
import type { CommandServices } from './commands/commandServices.ts';
import { comparePages as createComparePages } from './compare-page/comparePages.ts';
import { ComputeView } from './compute/computeView.ts';
import { DebugSessions } from './debug/debugSessions.ts';
import { experimentPages as createExperimentPages } from './experiment-page/experimentPages.ts';
import type { ExtensionApi } from './extensionApi.ts';
import { runFileScheme } from './files/runFileAddress.ts';
import { RunFileSystem } from './files/runFileSystem.ts';
import { RunFiles } from './files/runFiles.ts';
import { contextKeys, webviewIds } from './ids.ts';
import { LanguageServer } from './language/languageServer.ts';
import { ModelPageActions } from './model-page/modelPageActions.ts';
import { ModelPages } from './model-page/modelPages.ts';
import { followRunRenderer } from './notebooks/runRenderer.ts';
import { MetricsLayouts } from './run-page/metricsLayouts.ts';
import { RunPageActions } from './run-page/runPageActions.ts';
import { RunPages } from './run-page/runPages.ts';
import { RunUriHandler } from './run-page/runUriHandler.ts';
import { RunEndNotifications } from './running/runEndNotifications.ts';
import { RunningRuns } from './running/runningRuns.ts';
import { RunningStatusItem } from './running/runningStatusItem.ts';
import { ReportDocuments } from './store/reportDocuments.ts';
import { followCondaPath } from './submit/condaPath.ts';
import { RememberedChoices } from './submit/rememberedChoices.ts';
import { openScript } from './submit/scriptToSubmit.ts';
import { Submitter } from './submit/submitter.ts';
import { submitTaskType } from './tasks/submitTask.ts';
import { SubmitTasks } from './tasks/submitTasks.ts';
import { RunLinks } from './terminal/runLinks.ts';
import { ExperimentsView } from './tree/experimentsView.ts';
import { ModelsView } from './tree/modelsView.ts';
import { resumeAbandonedRuns } from './workspaces/abandonedRuns.ts';
import { WorkspaceService } from './workspaces/workspaceService.ts';

/** Registers everything and waits for nothing: workspaces are looked for when a view or a command needs them. */
export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const log = vscode.window.createOutputChannel('Runledger', { log: true });
  const workspaces = new WorkspaceService(
    context.workspaceState,
    context.asAbsolutePath('dist/catalog-worker.cjs'),
    log,
  );
  const running = new RunningRuns({
    openWorkspaces: () => workspaces.openWorkspaces(),
    catalog: (folder) => workspaces.catalog(folder),
    onError: (error) => log.error(error instanceof Error ? error : String(error)),
  });
  const experiments = new ExperimentsView({ workspaces, running, memento: context.workspaceState, log });
  const models = new ModelsView(workspaces, log);
  const runFiles = new RunFiles(workspaces);
  const runFileSystem = new RunFileSystem(runFiles, log);
  const pages = new RunPages({
    extensionUri: context.extensionUri,
    workspaces,
    layouts: new MetricsLayouts(context.workspaceState),
    actions: new RunPageActions(workspaces, runFiles, log),
    runFiles,
    log,
  });
  const pageDeps = { extensionUri: context.extensionUri, workspaces, memento: context.workspaceState, log };
  const experimentPages = createExperimentPages(pageDeps);
  const comparePages = createComparePages({
    ...pageDeps,
    runFiles,
    draggedRuns: () => experiments.draggedRuns,
  });
  const modelPages = new ModelPages({
    extensionUri: context.extensionUri,
    workspaces,
    actions: new ModelPageActions(log),
    onChange: () => models.tree.refresh(),
    log,
  });
  const cliProgram = context.asAbsolutePath('dist/cli.cjs');
  const cliCommand = [process.execPath, cliProgram] as const;
  const pythonSdkFolder = context.asAbsolutePath('python');
  const createdBy = `runledger-vscode/${versionOf(context.extension)}`;
  const notifications = new RunEndNotifications({ running, workspaces, pages, memento: context.workspaceState, log });
  const submitter = new Submitter({
    workspaces,
    experiments,
    pages,
    choices: new RememberedChoices(context.workspaceState),
    notifications,
    pythonSdkFolder,
    cliCommand,
    createdBy,
    log,
  });
  const compute = new ComputeView({ workspaces, pythonSdkFolder, log });
  const debugSessions = new DebugSessions({ pythonSdkFolder, cliCommand, createdBy, log });
  const reports = new ReportDocuments();
  const services: CommandServices = {
    workspaces,
    experiments,
    models,
    compute,
    pages,
    experimentPages,
    comparePages,
    modelPages,
    runFiles,
    running,
    submitter,
    debugSessions,
    reports,
    pythonSdkFolder,
    createdBy,
    log,
  };
  context.subscriptions.push(
    log,
    workspaces,
    experiments,
    models,
    compute,
    pages,
    experimentPages,
    comparePages,
    reports,
    modelPages,
    runFiles,
    runFileSystem,
    new RunningStatusItem(running),
    new LanguageServer({ serverFile: context.asAbsolutePath('dist/language-server.cjs'), workspaces, running, log }),
    notifications,
    debugSessions,
    running,
    followRunningRuns(running, notifications, workspaces, log),
    vscode.workspace.registerFileSystemProvider(runFileScheme, runFileSystem, {
      isCaseSensitive: true,
      isReadonly: new vscode.MarkdownString(vscode.l10n.t('Files of a run are kept as the run left them.')),
    }),
    ...allCommands.map((command) => registerCommand(services, command)),
    vscode.window.registerWebviewPanelSerializer(webviewIds.run, pages),
    vscode.window.registerWebviewPanelSerializer(webviewIds.experiment, experimentPages),
    vscode.window.registerWebviewPanelSerializer(webviewIds.compare, comparePages),
    vscode.window.registerWebviewPanelSerializer(webviewIds.model, modelPages),
    vscode.window.registerUriHandler(new RunUriHandler(workspaces, pages, log)),
    vscode.window.registerTerminalLinkProvider(new RunLinks(workspaces, pages, log)),
    vscode.tasks.registerTaskProvider(submitTaskType, new SubmitTasks({ cliCommand, log })),
    followRunRenderer(workspaces, pages, log),
    registerLanguageModelTools({ workspaces, submitter, log }),
    followCondaPath(),
    keepOpenScriptKey(log),
    resumeAbandonedRuns(workspaces, [...cliCommand], pythonSdkFolder, log),
  );
  const leaveCommand = (): void => {
    writeCommandLauncher({ node: process.execPath, program: cliProgram }).catch((error: unknown) =>
      log.warn(error instanceof Error ? error.message : String(error)),
    );
  };
  if (vscode.workspace.isTrusted) {
    leaveCommand();
  } else {
    // In Restricted Mode nothing is written, anywhere.
    context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(leaveCommand));
  }
  return {
    tree: experiments.tree,
    models: models.tree,
    compute: compute.tree,
    pages,
    modelPages,
    runFiles,
    workspaces,
  };
}

/** Keeps what is shown of running runs true to the workspaces that are open, and tells of ends that the window missed. */
function followRunningRuns(
  running: RunningRuns,
  notifications: RunEndNotifications,
  workspaces: WorkspaceService,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  running
    .follow()
    .then(() => notifications.resume())
    .catch((error: unknown) => log.warn(error instanceof Error ? error.message : String(error)));
  return workspaces.onDidChange(() => void running.follow());
}

/** Tells the welcome text whether there is a script to submit. */
function keepOpenScriptKey(log: vscode.LogOutputChannel): vscode.Disposable {
  const update = (): void => {
    const hasOpenScript = openScript() !== undefined;
    vscode.commands
      .executeCommand('setContext', contextKeys.hasOpenScript, hasOpenScript)
      .then(undefined, (error: unknown) => log.error(error instanceof Error ? error : String(error)));
  };
  update();
  return vscode.window.onDidChangeActiveTextEditor(update);
}

function versionOf(extension: vscode.Extension<unknown>): string {
  const manifest: unknown = extension.packageJSON;
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
  return typeof version === 'string' ? version : 'unknown';
}
