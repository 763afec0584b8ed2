import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { isTerminal } from '../../src/core/domain/runStatus.ts';
import type { TreeNode } from '../../src/extension/tree/nodes.ts';
import { activateExtension, ensureWorkspace, openFolder, submit, untilRun, writeScript } from './editorSupport.ts';

const loggingScript = `
from azureml.core import Run

run = Run.get_context()
for epoch in range(5):
    run.log("loss", 1 / (epoch + 1))
print("done")
`;

const parentScript = `
import os
from azureml.core import Run, ScriptRunConfig

with open("child.py", "w") as file:
    file.write("from azureml.core import Run\\nRun.get_context().log('answer', 42)\\n")
run = Run.get_context()
child = run.submit_child(ScriptRunConfig(".", "child.py"))
child.wait_for_completion()
# Without what the submission passed on, the command is the one that the editor left in the user's folder.
del os.environ["RUNLEDGER_CLI"]
other = run.submit_child(ScriptRunConfig(".", "child.py"))
other.wait_for_completion()
`;

const endlessScript = `
import time

print("started", flush=True)
while True:
    time.sleep(1)
`;

async function rowIds(): Promise<string[]> {
  const { tree } = await activateExtension();
  await tree.settled();
  const ids: string[] = [];
  const collect = async (nodes: readonly TreeNode[]): Promise<void> => {
    for (const node of nodes) {
      if (node.kind === 'run') {
        ids.push(node.entry.id);
      } else if (node.kind !== 'otherWorkspaces') {
        await collect(await tree.children(node));
      }
    }
  };
  await collect(await tree.roots());
  return ids;
}

describe('runs from the editor', function () {
  this.timeout(180_000);

  before(async () => {
    await ensureWorkspace();
    // An editor in the browser saves by itself after a second, which would leave nothing unsaved to submit.
    const files = vscode.workspace.getConfiguration('files');
    await files.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
  });

  it('submits the open script as it is on the screen, and shows the run', async () => {
    const { pages, workspaces } = await activateExtension();
    const script = await writeScript('train.py', 'print("the saved text")\n');
    const document = await vscode.workspace.openTextDocument(script);
    const editor = await vscode.window.showTextDocument(document);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    assert.ok(await editor.edit((edit) => edit.replace(whole, loggingScript)));
    assert.ok(document.isDirty);

    const run = await submit({
      experiment: 'In editor',
      runConfiguration: 'local',
      arguments: ['--name', 'two words'],
    });

    assert.equal(document.isDirty, false);
    assert.equal(run.experiment, 'In editor');
    const catalog = await workspaces.catalog(run.workspaceFolder);
    const ended = await untilRun(catalog, run.runId, ({ status }) => isTerminal(status));
    assert.equal(ended.status, 'Completed', JSON.stringify(ended.failure));
    const details = await catalog.details(run.runId);
    assert.deepEqual(details.submission?.arguments, ['--name', 'two words']);
    const loss = details.metrics.find((metric) => metric.name === 'loss');
    assert.equal(loss?.count, 5);
    assert.ok(pages.get(run.workspaceFolder, run.runId), 'The page of the run did not open.');
    assert.ok((await rowIds()).includes(run.runId));
  });

  it('lets a script submit runs of its own', async () => {
    const { workspaces } = await activateExtension();
    const script = await writeScript('parent.py', parentScript);
    const run = await submit({ script, experiment: 'Children', runConfiguration: 'local' });
    const catalog = await workspaces.catalog(run.workspaceFolder);
    const ended = await untilRun(catalog, run.runId, ({ status }) => isTerminal(status));
    assert.equal(ended.status, 'Completed', JSON.stringify(ended.failure));
    const { items } = await catalog.runs({ experimentKey: 'children', limit: 10 });
    const children = items.filter((entry) => entry.kind === 'run' && entry.parentId === run.runId);
    assert.equal(children.length, 2);
    for (const child of children) {
      const { metrics } = await catalog.details(child.id);
      assert.deepEqual(
        metrics.map(({ name, last }) => [name, last]),
        [['answer', 42]],
      );
    }
  });

  it('opens one page a run, however often it is asked for', async () => {
    const { pages, workspaces } = await activateExtension();
    const script = await writeScript('once.py', 'print("once")\n');
    const run = await submit({ script, experiment: 'In editor', runConfiguration: 'local' });
    const target = { workspaceFolder: run.workspaceFolder, runId: run.runId };
    const first = pages.get(run.workspaceFolder, run.runId);

    await Promise.all([1, 2, 3].map(() => vscode.commands.executeCommand('runledger.openRun', target)));

    assert.equal(pages.get(run.workspaceFolder, run.runId), first);
    const catalog = await workspaces.catalog(run.workspaceFolder);
    await untilRun(catalog, run.runId, ({ status }) => isTerminal(status));
  });

  it('cancels a run with everything it started', async () => {
    const { workspaces } = await activateExtension();
    const script = await writeScript('endless.py', endlessScript);
    const run = await submit({ script, experiment: 'In editor', runConfiguration: 'local (in place)' });
    const catalog = await workspaces.catalog(run.workspaceFolder);
    await untilRun(catalog, run.runId, ({ status }) => status === 'Running');

    const target = { workspaceFolder: run.workspaceFolder, runId: run.runId, confirmed: true };
    await vscode.commands.executeCommand('runledger.cancelRun', target);

    const ended = await untilRun(catalog, run.runId, ({ status }) => isTerminal(status));
    assert.equal(ended.status, 'Canceled');
  });

  it('moves a deleted run to the trash and brings it back', async () => {
    const { pages, workspaces } = await activateExtension();
    const script = await writeScript('short.py', 'print("short")\n');
    const run = await submit({ script, experiment: 'In editor', runConfiguration: 'local' });
    const catalog = await workspaces.catalog(run.workspaceFolder);
    await untilRun(catalog, run.runId, ({ status }) => isTerminal(status));
    const target = { workspaceFolder: run.workspaceFolder, runId: run.runId };

    await vscode.commands.executeCommand('runledger.deleteRun', { ...target, confirmed: true });

    assert.equal(await catalog.run(run.runId), undefined);
    assert.deepEqual(
      (await catalog.deletedRuns()).map((entry) => entry.id),
      [run.runId],
    );
    assert.ok(!(await rowIds()).includes(run.runId));
    assert.equal(pages.get(run.workspaceFolder, run.runId), undefined);

    await vscode.commands.executeCommand('runledger.restoreRun', target);

    assert.equal((await catalog.run(run.runId))?.kind, 'run');
    assert.deepEqual(await catalog.deletedRuns(), []);
    assert.ok((await rowIds()).includes(run.runId));
  });

  it('makes no run of a script that was never saved, is missing, or has a syntax error', async () => {
    const before = await rowIds();
    const untitled = await vscode.workspace.openTextDocument({ language: 'python', content: 'print(1)' });
    const missing = vscode.Uri.joinPath(openFolder(), 'missing.py');
    const broken = await writeScript('broken.py', 'print("open\n');
    for (const script of [untitled.uri, missing, broken]) {
      const options = { script, experiment: 'In editor', runConfiguration: 'local' };
      assert.equal(await vscode.commands.executeCommand('runledger.submit', options), undefined, script.toString());
    }
    assert.deepEqual(await rowIds(), before);
  });

  it('copies the id of a run', async () => {
    const { workspaces } = await activateExtension();
    const [runId = ''] = await rowIds();
    const [workspace] = await workspaces.openWorkspaces();
    assert.ok(workspace?.kind === 'workspace');
    const target = { workspaceFolder: workspace.info.folder, runId };
    await vscode.commands.executeCommand('runledger.copyRunId', target);
    assert.equal(await vscode.env.clipboard.readText(), runId);
  });
});

describe('the defaults of the manifest', () => {
  before(ensureWorkspace);

  it('keep the store out of file watching and search, and its files from being edited by accident', () => {
    for (const setting of ['files.watcherExclude', 'search.exclude', 'files.readonlyInclude']) {
      const value = vscode.workspace.getConfiguration().get<Record<string, boolean>>(setting, {});
      assert.equal(value['**/.runledger/**'], true, setting);
    }
  });

  it('keep the events of the store from the watchers of the folder', async () => {
    const seen: string[] = [];
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(openFolder(), '**/*'));
    try {
      const visible = new Promise<void>((resolve) => {
        watcher.onDidCreate((uri) => {
          seen.push(uri.path);
          if (uri.path.endsWith('/visible.txt')) {
            resolve();
          }
        });
      });
      const hidden = join(openFolder().fsPath, '.runledger', 'hidden.txt');
      await writeFile(hidden, '');
      await writeFile(join(openFolder().fsPath, 'visible.txt'), '');
      await visible;
      await rm(hidden);
      assert.deepEqual(
        seen.filter((path) => path.includes('/.runledger/')),
        [],
      );
    } finally {
      watcher.dispose();
    }
  });

  it('let the store ignore itself', async () => {
    const file = join(openFolder().fsPath, '.runledger', '.gitignore');
    assert.equal((await readFile(file, 'utf8')).trim(), '*');
  });
});
