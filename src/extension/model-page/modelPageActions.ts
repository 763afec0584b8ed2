import * as vscode from 'vscode';
import { modelFile } from '../../core/models/modelFiles.ts';
import { findModel } from '../../core/models/modelVersions.ts';
import type { ModelPageAction } from '../../protocol/modelPage.ts';
import { showFailure } from '../commands/commandRunner.ts';
import { commandIds } from '../ids.ts';

/** Which model a page shows. */
export interface ModelPlace {
  readonly workspaceFolder: string;
  readonly name: string;
}

/** What a model's page asks the editor to do. Most of it is what the command of the same name does. */
export class ModelPageActions {
  private readonly log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.log = log;
  }

  perform(place: ModelPlace, action: ModelPageAction): void {
    this.run(place, action).catch((error: unknown) => {
      this.log.error(error instanceof Error ? error : String(error));
      showFailure(error, this.log);
    });
  }

  private async run({ workspaceFolder, name }: ModelPlace, action: ModelPageAction): Promise<void> {
    const { executeCommand } = vscode.commands;
    const target = (version: number) => ({ workspaceFolder, modelId: `${name}:${version}` });
    switch (action.action) {
      case 'register':
        await executeCommand(commandIds.registerModelFromFile, { workspaceFolder, name });
        return;
      case 'download':
        await executeCommand(commandIds.downloadModel, target(action.version));
        return;
      case 'delete':
        await executeCommand(commandIds.deleteModel, target(action.version));
        return;
      case 'revealFolder':
        await executeCommand(commandIds.revealModelFolder, target(action.version));
        return;
      case 'addProperty':
        await executeCommand(commandIds.addModelProperty, target(action.version));
        return;
      case 'openFile': {
        const model = await findModel(workspaceFolder, { name, version: action.version });
        await executeCommand('vscode.open', vscode.Uri.file(modelFile(model, action.path)));
        return;
      }
      case 'openRun':
        await executeCommand(commandIds.openRun, { workspaceFolder, runId: action.runId });
        return;
      case 'openSnapshot':
        await executeCommand(commandIds.openSnapshotFile, { workspaceFolder, runId: action.runId });
        return;
      case 'compareRuns': {
        const runs = [action.left, action.right].map((runId) => ({ workspaceFolder, runId }));
        await executeCommand(commandIds.compareRuns, runs[0], runs);
        return;
      }
      case 'compareCode': {
        const other = { workspaceFolder, runId: action.right };
        await executeCommand(commandIds.compareSnapshots, { workspaceFolder, runId: action.left, other });
        return;
      }
      case 'copyText':
        await vscode.env.clipboard.writeText(action.text);
        return;
    }
  }
}
