import * as vscode from 'vscode';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import { writeRunRowsCsv } from '../../core/run-table/runRowsCsv.ts';
import { deleteView, saveView } from '../../core/run-table/savedViews.ts';
import { nameKey } from '../../core/store/names.ts';
import type { ExperimentPageAction, ViewModel } from '../../protocol/experimentPage.ts';
import { showFailure } from '../commands/commandRunner.ts';
import { isConfirmed } from '../commands/confirmation.ts';
import type { RunTarget } from '../commands/runTarget.ts';
import { commandIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';

export interface ExperimentOfPage {
  readonly catalog: RunCatalog;
  readonly experimentKey: string;
  readonly experimentName: string;
}

/** What an experiment's page asks the editor to do. Most of it is what the command of the same name does with several runs. */
export class ExperimentPageActions {
  private readonly log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.log = log;
  }

  /** Resolves when it is done, with whether the saved views may be others now. */
  async perform(experiment: ExperimentOfPage, action: ExperimentPageAction): Promise<boolean> {
    try {
      return await this.run(experiment, action);
    } catch (error) {
      this.log.error(error instanceof Error ? error : String(error));
      showFailure(error, this.log);
      return false;
    }
  }

  private async run(experiment: ExperimentOfPage, action: ExperimentPageAction): Promise<boolean> {
    const { catalog, experimentKey, experimentName } = experiment;
    const workspaceFolder = catalog.workspace.folder;
    switch (action.action) {
      case 'openRun':
        await vscode.commands.executeCommand(commandIds.openRun, { workspaceFolder, runId: action.runId });
        return false;
      case 'cancel':
        await this.withRuns(commandIds.cancelRun, catalog, action.runs);
        return false;
      case 'delete':
        await this.withRuns(commandIds.deleteRun, catalog, action.runs);
        return false;
      case 'tag':
        await this.withRuns(commandIds.editRunTags, catalog, action.runs);
        return false;
      case 'compare':
        await this.withRuns(commandIds.compareRuns, catalog, action.runs);
        return false;
      case 'exportCsv':
        await exportCsv(experiment, action);
        return false;
      case 'copyText':
        await vscode.env.clipboard.writeText(action.text);
        return false;
      case 'submit':
        await vscode.commands.executeCommand(commandIds.submit, { experiment: experimentName });
        return false;
      case 'saveView':
        return await askAndSaveView(workspaceFolder, experimentKey, action.view);
      case 'deleteView': {
        requireTrust(vscode.l10n.t('Deleting a view'));
        const question = {
          message: vscode.l10n.t('Delete the view "{0}"?', action.name),
          detail: vscode.l10n.t('The runs stay as they are.'),
          action: vscode.l10n.t('Delete View'),
        };
        if (!(await isConfirmed(undefined, question))) {
          return false;
        }
        await deleteView(workspaceFolder, experimentKey, action.name);
        return true;
      }
    }
  }

  /** The command's own way with several runs: it asks once, and offers to undo. */
  private async withRuns(command: string, catalog: RunCatalog, runs: readonly number[]): Promise<void> {
    const rows = await catalog.runRows({ runs, columns: [] });
    const targets = rows.map(({ id }): RunTarget => ({ workspaceFolder: catalog.workspace.folder, runId: id }));
    if (targets.length > 0) {
      await vscode.commands.executeCommand(command, targets[0], targets);
    }
  }
}

async function exportCsv(
  { catalog, experimentName }: ExperimentOfPage,
  { runs, columns }: Extract<ExperimentPageAction, { action: 'exportCsv' }>,
): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(catalog.workspace.folder);
  const file = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, `${experimentName}.csv`),
    filters: { CSV: ['csv'] },
    saveLabel: vscode.l10n.t('Export'),
  });
  if (file === undefined) {
    return;
  }
  await writeRunRowsCsv(catalog, { runs, columns }, file.fsPath);
  const open = vscode.l10n.t('Open');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('{0} runs were written to {1}.', runs.length, vscode.workspace.asRelativePath(file)),
    open,
  );
  if (answer === open) {
    await vscode.commands.executeCommand('vscode.open', file);
  }
}

async function askAndSaveView(workspaceFolder: string, experimentKey: string, view: ViewModel): Promise<boolean> {
  requireTrust(vscode.l10n.t('Saving a view'));
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Save View'),
    prompt: vscode.l10n.t('A name for the filter, the order, the groups and the columns as they are now'),
    validateInput: (text) => problemOfName(text),
  });
  if (name === undefined) {
    return false;
  }
  await saveView(workspaceFolder, experimentKey, name, { ...view, columns: view.columns });
  return true;
}

function problemOfName(text: string): string | undefined {
  try {
    nameKey('view', text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
