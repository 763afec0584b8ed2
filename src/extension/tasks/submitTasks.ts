import { isAbsolute, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { interpreterCandidates } from '../submit/pythonExtension.ts';
import { openScript } from '../submit/scriptToSubmit.ts';
import { type SubmitTaskDefinition, submitTaskArguments, submitTaskDefinition, submitTaskType } from './submitTask.ts';

export interface SubmitTasksDeps {
  /** The command line that starts the bundled `runledger`. */
  readonly cliCommand: readonly [string, ...string[]];
  readonly log: vscode.LogOutputChannel;
}

/** Tasks that submit a script, whose terminal shows its log until it ends. Ctrl+C there stops watching and not the run. */
export class SubmitTasks implements vscode.TaskProvider {
  private readonly deps: SubmitTasksDeps;

  constructor(deps: SubmitTasksDeps) {
    this.deps = deps;
  }

  /** One for the open script, to be run or made into one of tasks.json. */
  async provideTasks(): Promise<vscode.Task[]> {
    const uri = openScript()?.uri;
    const folder = uri?.scheme === 'file' ? vscode.workspace.getWorkspaceFolder(uri) : undefined;
    if (uri === undefined || folder === undefined) {
      return [];
    }
    const script = relative(folder.uri.fsPath, uri.fsPath).split(sep).join('/');
    const definition = { type: submitTaskType, script };
    const task = await this.taskOf(definition, folder, vscode.l10n.t('submit {0}', script));
    return task === undefined ? [] : [task];
  }

  async resolveTask({ definition, scope, name }: vscode.Task): Promise<vscode.Task | undefined> {
    const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
    return folder && (await this.taskOf(definition, folder, name));
  }

  private async taskOf(
    definition: vscode.TaskDefinition,
    folder: vscode.WorkspaceFolder,
    name: string,
  ): Promise<vscode.Task | undefined> {
    const parsed = submitTaskDefinition(definition);
    if (parsed === undefined) {
      return undefined;
    }
    const [interpreter] = await interpreterCandidates(scriptUri(parsed, folder), this.deps.log);
    const [program, ...start] = this.deps.cliCommand;
    const execution = new vscode.ProcessExecution(program, [...start, ...submitTaskArguments(parsed, interpreter)], {
      cwd: folder.uri.fsPath,
      env: { ELECTRON_RUN_AS_NODE: '1', RUNLEDGER_URI_SCHEME: vscode.env.uriScheme },
    });
    const task = new vscode.Task(definition, folder, name, 'Runledger', execution);
    task.presentationOptions = { panel: vscode.TaskPanelKind.Dedicated, clear: true };
    return task;
  }
}

/** Which interpreter is chosen can depend on the folder. A script that a variable names is taken to be in this one. */
function scriptUri({ script }: SubmitTaskDefinition, folder: vscode.WorkspaceFolder): vscode.Uri {
  if (/\$\{/.test(script)) {
    return folder.uri;
  }
  return vscode.Uri.file(isAbsolute(script) ? script : join(folder.uri.fsPath, script));
}
