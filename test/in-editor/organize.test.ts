import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { isTerminal } from '../../src/core/domain/runStatus.ts';
import type { SubmissionOutcome } from '../../src/extension/submit/runStarter.ts';
import { activateExtension, ensureWorkspace, submit, untilRun, writeScript } from './editorSupport.ts';

describe('putting runs in order', function () {
  this.timeout(180_000);

  const runs: SubmissionOutcome[] = [];

  before(async () => {
    await ensureWorkspace();
    const { workspaces } = await activateExtension();
    const script = await writeScript('ordered.py', 'print("done")\n');
    for (let count = 0; count < 3; count++) {
      const run = await submit({ script, experiment: 'Order', runConfiguration: 'local (in place)', arguments: [] });
      const catalog = await workspaces.catalog(run.workspaceFolder);
      await untilRun(catalog, run.runId, ({ status }) => isTerminal(status));
      runs.push(run);
    }
  });

  it('renames, stars and unstars, several at once', async () => {
    const { workspaces } = await activateExtension();
    const [first, second] = runs;
    assert.ok(first && second);
    const catalog = await workspaces.catalog(first.workspaceFolder);
    const name = 'a name with [a link](command:x) and $(icon) and <b>';
    await vscode.commands.executeCommand('runledger.renameRun', { ...first, displayName: name });
    await untilRun(catalog, first.runId, ({ displayName }) => displayName === name);
    await vscode.commands.executeCommand('runledger.starRun', first, [first, second]);
    await untilRun(catalog, first.runId, ({ isStarred }) => isStarred);
    await untilRun(catalog, second.runId, ({ isStarred }) => isStarred);
    await vscode.commands.executeCommand('runledger.unstarRun', second);
    await untilRun(catalog, second.runId, ({ isStarred }) => !isStarred);
  });

  it('deletes all that are selected', async () => {
    const { workspaces } = await activateExtension();
    const [first, second, third] = runs;
    assert.ok(first && second && third);
    await vscode.commands.executeCommand('runledger.deleteRun', { ...first, confirmed: true }, [first, second]);
    const catalog = await workspaces.catalog(first.workspaceFolder);
    const deleted = (await catalog.deletedRuns()).map(({ id }) => id);
    assert.ok(deleted.includes(first.runId) && deleted.includes(second.runId), deleted.join());
    assert.ok(!deleted.includes(third.runId));
    // The other tests count runs, also those in the trash.
    for (const { runId } of [first, second]) {
      await vscode.commands.executeCommand('runledger.restoreRun', { workspaceFolder: first.workspaceFolder, runId });
    }
    assert.ok((await catalog.run(first.runId)) !== undefined);
  });

  it('makes an experiment without runs, and refuses its name a second time', async () => {
    const { workspaces } = await activateExtension();
    const [run] = runs;
    assert.ok(run);
    const { workspaceFolder } = run;
    const catalog = await workspaces.catalog(workspaceFolder);
    const isThere = async (): Promise<boolean> => (await catalog.experiments()).some(({ name }) => name === 'Empty');
    await vscode.commands.executeCommand('runledger.newExperiment', { workspaceFolder, name: 'Empty' });
    assert.ok(await isThere());
    const count = (await catalog.experiments()).length;
    await vscode.commands.executeCommand('runledger.newExperiment', { workspaceFolder, name: 'empty' });
    assert.equal((await catalog.experiments()).length, count);
  });
});
