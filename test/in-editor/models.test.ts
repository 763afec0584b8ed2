import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { registerModel } from '../../src/core/models/registerModel.ts';
import { createRun } from '../../src/core/store/runCreation.ts';
import type { ModelTreeNode, ModelVersionNode } from '../../src/extension/tree/modelNodes.ts';
import { activateExtension, ensureWorkspace, openFolder } from './editorSupport.ts';

/** The rows of versions, once there are as many as wanted; the tree tells when that may have changed. */
async function versionRows(count: number): Promise<ModelVersionNode[]> {
  const { models } = await activateExtension();
  for (;;) {
    let change = (): void => {};
    const changed = new Promise<void>((resolve) => {
      change = resolve;
    });
    const subscription = models.onDidChange(() => change());
    const rows = (await models.roots()).flatMap((node) => rowsBelow(node));
    if (rows.length === count) {
      subscription.dispose();
      return rows;
    }
    await changed;
    subscription.dispose();
  }

  function rowsBelow(node: ModelTreeNode): ModelVersionNode[] {
    return node.kind === 'modelVersion' ? [node] : models.children(node).flatMap(rowsBelow);
  }
}

describe('models in the editor', () => {
  const workspaceFolder = openFolder().fsPath;

  before(async () => {
    await ensureWorkspace();
    await vscode.commands.executeCommand('runledger.models.focus');
  });

  it('appear when they are registered, and are copied, opened, deleted by their rows', async () => {
    const { pages, modelPages } = await activateExtension();
    assert.deepEqual(await versionRows(0), []);
    const run = await createRun({ workspaceFolder, experiment: 'models', type: undefined, createdBy: 'test/1' });
    await writeFile(join(run.folder, 'artifacts', 'model.pkl'), 'weights');
    const source = { runId: run.runId, artifactPath: 'model.pkl' };
    await registerModel({ workspaceFolder, name: 'digits', source, tags: { stage: 'trial' }, createdBy: 'test/1' });
    await registerModel({ workspaceFolder, name: 'Digits', source, createdBy: 'test/1' });
    const [newest, oldest] = await versionRows(2);
    assert.deepEqual([newest?.parent.name, newest?.entry.version, oldest?.entry.version], ['Digits', 2, 1]);

    await vscode.commands.executeCommand('runledger.copyModelId', oldest);
    assert.equal(await vscode.env.clipboard.readText(), 'digits:1');
    await vscode.commands.executeCommand('runledger.openModelRun', oldest);
    assert.ok(pages.get(workspaceFolder, run.runId));
    await vscode.commands.executeCommand('runledger.revealModelFolder', { workspaceFolder, modelId: 'digits:1' });

    await vscode.commands.executeCommand('runledger.deleteModel', {
      workspaceFolder,
      modelId: 'digits:2',
      confirmed: true,
    });
    const left = await versionRows(1);
    assert.equal(left[0]?.entry.version, 1);
    await vscode.commands.executeCommand('runledger.restoreModel', { workspaceFolder, modelId: 'digits:2' });
    assert.equal((await versionRows(2)).length, 2);
    const id = await vscode.commands.executeCommand<string>('runledger.registerModel', {
      workspaceFolder,
      runId: run.runId,
      artifactPath: 'model.pkl',
      name: 'digits',
    });
    assert.equal(id, 'digits:3');
    const [third] = await versionRows(3);
    await vscode.commands.executeCommand('runledger.openModel', third);
    assert.ok(modelPages.get(workspaceFolder, 'digits'));
    const target = await mkdtemp(join(tmpdir(), 'runledger-downloaded-'));
    const download = { workspaceFolder, modelId: 'digits:3', folder: target, confirmed: true };
    await vscode.commands.executeCommand('runledger.downloadModel', download);
    await vscode.commands.executeCommand('runledger.downloadModel', download);
    assert.equal(await readFile(join(target, 'model.pkl'), 'utf8'), 'weights');
    await rm(target, { recursive: true });
    modelPages.get(workspaceFolder, 'digits')?.close();
    // The other tests count runs, also those in the trash.
    pages.close(workspaceFolder, run.runId);
    await rm(run.folder, { recursive: true });
  });
});
