import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { isTerminal } from '../../src/core/domain/runStatus.ts';
import { artifactFile } from '../../src/core/store/artifacts.ts';
import type { SubmissionOutcome } from '../../src/extension/submit/runStarter.ts';
import { activateExtension, ensureWorkspace, submit, untilRun, writeScript } from './editorSupport.ts';

async function runOnce(script: vscode.Uri): Promise<SubmissionOutcome> {
  const { workspaces } = await activateExtension();
  const run = await submit({ script, experiment: 'Files', runConfiguration: 'local (in place)', arguments: [] });
  const catalog = await workspaces.catalog(run.workspaceFolder);
  await untilRun(catalog, run.runId, ({ status }) => isTerminal(status));
  return run;
}

/** The diff of several files that is open, by its title. */
function openComparison(): string | undefined {
  return vscode.window.tabGroups.activeTabGroup.activeTab?.label;
}

describe('files of runs', function () {
  this.timeout(180_000);

  let run: SubmissionOutcome;
  let other: SubmissionOutcome;
  const folder = 'filed/deep';

  before(async () => {
    await ensureWorkspace();
    await writeScript(`${folder}/helper.py`, 'answer = 42\n');
    const script = await writeScript('filed.py', 'print("first")\n');
    run = await runOnce(script);
    await writeScript('filed.py', 'print("second")\n');
    other = await runOnce(script);
  });

  it('are opened, listed and read-only as any, and told of when they change', async () => {
    const { runFiles } = await activateExtension();
    const root = runFiles.snapshotUri(run);
    const names = (await vscode.workspace.fs.readDirectory(root)).map(([name]) => name);
    assert.ok(names.includes('filed.py') && names.includes('filed'), names.join());
    const helper = runFiles.snapshotUri(run, `${folder}/helper.py`);
    const document = await vscode.workspace.openTextDocument(helper);
    assert.equal(document.getText(), 'answer = 42\n');
    assert.equal(document.languageId, 'python');
    await assert.rejects(async () => await vscode.workspace.fs.writeFile(helper, new Uint8Array()));
    await assert.rejects(
      async () => await vscode.workspace.fs.stat(runFiles.snapshotUri(run, 'missing.py')),
      (error) => error instanceof vscode.FileSystemError && error.code === 'FileNotFound',
    );

    const log = await vscode.workspace.openTextDocument(runFiles.artifactUri(run, 'logs/std_log.txt'));
    assert.equal(log.getText(), 'first\n');
    const changed = new Promise<void>((resolve) => {
      const subscription = vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === log && log.getText().includes('more')) {
          subscription.dispose();
          resolve();
        }
      });
    });
    // Only what is shown is watched by the editor.
    await vscode.window.showTextDocument(log);
    await appendFile(artifactFile(await runFiles.runFolder(run), 'logs/std_log.txt'), 'more\n');
    await changed;
  });

  it('are compared with the working copy and with those of another run', async () => {
    const { runFiles } = await activateExtension();
    assert.deepEqual(await runFiles.compareSnapshots(run, other), [{ path: 'filed.py', kind: 'changed' }]);
    await vscode.commands.executeCommand('runledger.compareSnapshotWithWorkingCopy', run);
    assert.match(openComparison() ?? '', /^Changes since run \d+/);
    await vscode.commands.executeCommand('runledger.compareSnapshots', { ...run, other });
    assert.match(openComparison() ?? '', /^Code of run \d+ and run \d+/);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('are restored to a folder', async () => {
    const target = await mkdtemp(join(tmpdir(), 'runledger-restored-'));
    try {
      await vscode.commands.executeCommand('runledger.restoreSnapshot', { ...run, folder: target });
      assert.equal(await readFile(join(target, 'filed.py'), 'utf8'), 'print("first")\n');
      assert.equal(await readFile(join(target, folder, 'helper.py'), 'utf8'), 'answer = 42\n');
    } finally {
      await rm(target, { recursive: true });
    }
  });
});
