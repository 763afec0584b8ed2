import assert from 'node:assert/strict';
import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { openRunCatalog } from '../../src/core/catalog/indexedRunCatalog.ts';
import { type CreatedRun, createRun } from '../../src/core/store/runCreation.ts';
import { deleteRun } from '../../src/core/store/trash.ts';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import type { GarbageResult } from '../../src/core/store-gc/garbage.ts';
import type { CheckOutcome } from '../../src/extension/commands/checkStore.ts';
import { activateExtension } from './editorSupport.ts';

/** Resolves when a tab is there. */
async function untilTab(isWanted: (tab: vscode.Tab) => boolean): Promise<vscode.Tab> {
  const found = (): vscode.Tab | undefined =>
    vscode.window.tabGroups.all.flatMap((group) => group.tabs).find((tab) => isWanted(tab));
  return await new Promise((resolve) => {
    const subscription = vscode.window.tabGroups.onDidChangeTabs(() => look());
    const look = (): void => {
      const tab = found();
      if (tab !== undefined) {
        subscription.dispose();
        resolve(tab);
      }
    };
    look();
  });
}

describe('the store from the editor', function () {
  this.timeout(180_000);
  let workspaceFolder = '';
  let run: CreatedRun;

  const store = (...parts: string[]): string => join(workspaceFolder, '.runledger', ...parts);
  const check = async (options: object = {}): Promise<CheckOutcome> => {
    const outcome = await vscode.commands.executeCommand<CheckOutcome | undefined>('runledger.checkStore', {
      workspaceFolder,
      ...options,
    });
    assert.ok(outcome);
    return outcome;
  };

  before(async () => {
    await activateExtension();
    workspaceFolder = await mkdtemp(join(tmpdir(), 'runledger-store-'));
    await createWorkspace({ folder: workspaceFolder, name: 'damaged' });
    run = await createRun({ workspaceFolder, experiment: 'old', type: undefined, createdBy: 'test/1' });
  });

  after(async () => {
    await rm(workspaceFolder, { recursive: true });
  });

  it('is checked, reported as a document, and repaired', async () => {
    await writeFile(join(run.folder, 'run.json'), '{');
    await rm(store('active'), { recursive: true });
    const found = await check();
    assert.deepEqual(found.result.problems, { open: 2, repaired: 0, failed: 0 });
    const report = await vscode.workspace.openTextDocument(found.report);
    assert.equal(report.languageId, 'markdown');
    assert.match(report.getText(), /### The record of a run is damaged \(1\)/);
    const repaired = await check({ repair: true });
    assert.deepEqual(repaired.result.problems, { open: 0, repaired: 2, failed: 0 });
    assert.deepEqual((await check()).result.problems, { open: 0, repaired: 0, failed: 0 });
    await access(store('active'));
    await vscode.commands.executeCommand('markdown.showPreview', repaired.report);
    const tab = await untilTab(({ label }) => label.includes('Store check of'));
    await vscode.window.tabGroups.close(tab);
  });

  it('has a trash that is emptied', async () => {
    await deleteRun(workspaceFolder, run.runId);
    const emptied = await vscode.commands.executeCommand<GarbageResult | undefined>('runledger.emptyTrash', {
      workspaceFolder,
      confirmed: true,
    });
    assert.deepEqual(
      emptied?.removed.map(({ kind }) => kind),
      ['run', 'repair'],
    );
    assert.ok(emptied.bytes > 0);
    assert.deepEqual(await readdir(store('trash', 'old')), []);
    const again = await vscode.commands.executeCommand<GarbageResult | undefined>('runledger.emptyTrash', {
      workspaceFolder,
      confirmed: true,
    });
    assert.deepEqual(again, { removed: [], bytes: 0, failures: [] });
  });

  it('has experiments that are archived and made active again', async () => {
    const catalog = await openRunCatalog(workspaceFolder);
    try {
      const target = { workspaceFolder, experiment: 'Old' };
      await vscode.commands.executeCommand('runledger.archiveExperiment', target);
      assert.notEqual((await catalog.experiments())[0]?.archivedTime, undefined);
      await vscode.commands.executeCommand('runledger.reactivateExperiment', target);
      assert.equal((await catalog.experiments())[0]?.archivedTime, undefined);
    } finally {
      catalog.dispose();
    }
  });
});
