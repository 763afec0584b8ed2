import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunCatalog } from '../../src/core/catalog/runCatalog.ts';
import type { RunEntry, RunSummary } from '../../src/core/domain/run.ts';
import type { ExtensionApi } from '../../src/extension/extensionApi.ts';
import type { SubmissionOutcome } from '../../src/extension/submit/runStarter.ts';

/** The extension's own parts, activated. */
export async function activateExtension(): Promise<ExtensionApi> {
  const extension = vscode.extensions.getExtension<ExtensionApi>('runledger.runledger');
  assert.ok(extension, 'runledger.runledger is not among the extensions of this editor.');
  return await extension.activate();
}

/** The folder that the test host opened, which is empty at first. */
export function openFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'No folder is open.');
  return folder.uri;
}

export async function writeScript(name: string, text: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(openFolder(), name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** Makes the workspace of the open folder unless an earlier test did. */
export async function ensureWorkspace(): Promise<void> {
  const { workspaces } = await activateExtension();
  if ((await workspaces.openWorkspaces()).length === 0) {
    assert.ok(await vscode.commands.executeCommand('runledger.createWorkspace'));
  }
}

export async function submit(options: object): Promise<SubmissionOutcome> {
  const outcome = await vscode.commands.executeCommand<SubmissionOutcome | undefined>('runledger.submit', options);
  assert.ok(outcome, 'The submission gave no run.');
  return outcome;
}

/** Resolves with the run once it is as wanted: at once where it is already, else when the catalog tells so. */
export async function untilRun(
  catalog: RunCatalog,
  runId: string,
  isAsWanted: (run: RunSummary) => boolean,
): Promise<RunSummary> {
  const matching = (entry: RunEntry | undefined): RunSummary | undefined =>
    entry?.kind === 'run' && entry.id === runId && isAsWanted(entry) ? entry : undefined;
  return await new Promise<RunSummary>((resolve, reject) => {
    const subscription = catalog.onDidChange((change) => {
      if (change.kind === 'run-changed') {
        settle(matching(change.entry));
      } else if (change.kind === 'runs-added' && change.runIds.includes(runId)) {
        look();
      }
    });
    const settle = (run: RunSummary | undefined): void => {
      if (run !== undefined) {
        subscription.dispose();
        resolve(run);
      }
    };
    const look = (): void => {
      catalog.run(runId).then((entry) => settle(matching(entry)), reject);
    };
    look();
  });
}
