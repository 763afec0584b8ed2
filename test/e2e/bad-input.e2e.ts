import { execFile } from 'node:child_process';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { testOutputFolder } from '../../scripts/support/paths.ts';
import { packageFileOfThisVersion } from '../../scripts/support/vsix.ts';
import { startServer, writeUserSettings } from '../../scripts/vscode-host/serverProcess.ts';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, pythonPath, submitScript, writeFiles } from './support/submitting.ts';
import { Workbench } from './support/workbench.ts';

const failing = `
def train(rate):
    raise ValueError(f"the learning rate {rate} is too high")

print("before")
train(3)
`;

/** The run folders of an experiment, by age. */
async function runFolders(folder: string, experiment: string): Promise<string[]> {
  const runs = path.join(folder, '.runledger', 'experiments', experiment, 'runs');
  return (await readdir(runs)).filter((name) => !name.startsWith('.')).map((name) => path.join(runs, name));
}

test('a script that cannot be submitted is told by one message that leads on, and makes no run', async ({
  workbench,
  emptyFolder,
}) => {
  const { page } = workbench;
  await writeFiles(emptyFolder, {
    'broken.py': 'import sys\n\nif sys.argv:\n    print("never closed"\n\nprint("more")\n',
    'gone.py': 'print("soon gone")\n',
  });
  await openNewWorkspace(workbench, emptyFolder);

  await submitScript(workbench, 'broken.py', { experiment: 'bad' });
  const syntax = workbench.notification(/broken\.py, line 4: .*never closed/);
  await expect(syntax).toContainText('No run was made.');
  await workbench.screenshot('bad-1-syntax');
  // A message that is still sliding in takes no click.
  await expect(async () => {
    const button = syntax.getByRole('button', { name: 'Go to Line' });
    if (await button.isVisible()) {
      await button.click();
    }
    await expect(page.locator('.part.statusbar').getByText(/Ln 4, Col/)).toBeVisible({ timeout: 5_000 });
  }).toPass();

  await workbench.openFile('gone.py');
  await rm(path.join(emptyFolder, 'gone.py'));
  await workbench.runCommand('Runledger: Submit');
  await expect(workbench.notification(/The script .*gone\.py does not exist/)).toBeVisible();

  await workbench.runCommand('File: New Untitled Text File');
  await page.keyboard.type('print(1)');
  await workbench.runCommand('Runledger: Submit');
  const untitled = workbench.notification(/never been saved/);
  await expect(untitled.getByRole('button', { name: 'Save' })).toBeVisible();
  await workbench.screenshot('bad-2-untitled');

  await expect(page.locator('.part.sidebar').getByText('No runs yet')).toBeVisible();
});

test('what was typed and not saved runs as it is seen; a failure is told in the tree and on the page', async ({
  workbench,
  emptyFolder,
  server,
}) => {
  const { page } = workbench;
  await writeUserSettings(server.dataFolder, { 'files.autoSave': 'off' });
  await writeFiles(emptyFolder, {
    'train.py': failing,
    'reads.py': 'print(open("data/points.csv").read())\n',
    'data/points.csv': '1,2\n',
    '.amlignore': 'data/\n',
  });
  await openNewWorkspace(workbench, emptyFolder);
  await workbench.openFile('train.py');
  await page.locator('.editor-instance .view-line').first().click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.type('print("typed just now")');
  await submitScript(workbench, 'train.py', { experiment: 'bad' });
  await expect(workbench.treeRow(/^run 1,/)).toHaveAccessibleName(
    'run 1, failed, ValueError: the learning rate 3 is too high',
  );
  expect(await readFile(path.join(emptyFolder, 'train.py'), 'utf8')).toContain('typed just now');
  const run = workbench.webview;
  const banner = run.getByRole('group', { name: 'Why the run failed' });
  await expect(banner).toContainText('ValueError: the learning rate 3 is too high');
  await expect(run.getByText('Traceback', { exact: true })).toBeVisible();
  await workbench.screenshot('bad-3-failed-dark');
  await workbench.setTheme('light');
  await workbench.screenshot('bad-3-failed-light');
  await banner.getByRole('button', { name: 'Show log' }).click();
  await expect(run.getByText('typed just now')).toBeVisible();
  await run.getByRole('tab', { name: /Overview/ }).click();
  await banner.getByRole('button', { name: 'Open train.py:3' }).click();
  await expect(page.locator('.part.statusbar').getByText('Ln 3, Col 1')).toBeVisible();
  await workbench.editorTab('train.py').waitFor();

  await submitScript(workbench, 'reads.py', { experiment: 'bad' });
  await expect(workbench.treeRow(/^run 2, failed/)).toBeVisible();
  await expect(workbench.webview.getByRole('group', { name: 'Why the run failed' })).toContainText(
    /data\/points\.csv is in .*, but \.amlignore keeps it out of the snapshot/,
  );
});

test('an interpreter that is not there or too old is told with a button that leads to another', async ({
  workbench,
  emptyFolder,
  server,
}) => {
  const { page } = workbench;
  const old = path.join(emptyFolder, 'old-python');
  await writeFiles(emptyFolder, { 'train.py': 'print(1)\n', 'old-python': '#!/bin/sh\necho "Python 2.7.18" >&2\n' });
  await chmod(old, 0o755);
  await writeUserSettings(server.dataFolder, { 'runledger.python.interpreterPath': '/nowhere/bin/python' });
  await openNewWorkspace(workbench, emptyFolder);
  await submitScript(workbench, 'train.py', { experiment: 'bad' });
  const missing = workbench.notification('There is no Python interpreter at /nowhere/bin/python');
  await workbench.screenshot('bad-4-interpreter');
  await missing.getByRole('button', { name: 'Select Interpreter' }).click();
  const settings = page.locator('.settings-editor');
  await expect(settings.getByText('Python interpreter for submitted scripts')).toBeVisible();

  await writeUserSettings(server.dataFolder, { 'runledger.python.interpreterPath': old });
  await workbench.openFolder(emptyFolder);
  await submitScript(workbench, 'train.py', { experiment: 'bad' });
  await expect(workbench.notification(/old-python/)).toContainText('3.8');
  await workbench.showSideBar();
  await expect(page.locator('.part.sidebar').getByText('No runs yet')).toBeVisible();
});

test('run configurations that cannot be used are listed with their problem', async ({ workbench, emptyFolder }) => {
  await writeFiles(emptyFolder, {
    'train.py': 'print(1)\n',
    '.azureml/broken.runconfig': 'target: local\narguments: [1, 2\nscript: train.py\n',
    '.azureml/cluster.runconfig': 'target: gpu-cluster\nscript: train.py\n',
  });
  await openNewWorkspace(workbench, emptyFolder);
  await workbench.openFile('train.py');
  await workbench.runCommand('Runledger: Submit');
  const broken = workbench.quickInputRows.filter({ hasText: 'broken' });
  await expect(broken).toContainText(/line \d/);
  await expect(workbench.quickInputRows.filter({ hasText: 'gpu-cluster' })).toContainText(
    'this workspace does not have',
  );
  await workbench.screenshot('bad-5-configurations');
  await broken.click();
  const message = workbench.notification(/The run configuration broken cannot be used: .*broken\.runconfig, line \d/);
  await message.getByRole('button', { name: 'Open File' }).click();
  await workbench.editorTab('broken.runconfig').waitFor();

  await workbench.openFile('train.py');
  await workbench.runCommand('Runledger: Submit');
  await workbench.pick('cluster');
  await expect(workbench.notification(/compute target "gpu-cluster"/)).toBeVisible();
});

test('one run or workspace that cannot be read leaves the others as they are', async ({ workbench, emptyFolder }) => {
  await writeFiles(emptyFolder, { 'train.py': 'from azureml.core import Run\nRun.get_context().log("loss", 0.5)\n' });
  await openNewWorkspace(workbench, emptyFolder);
  await submitScript(workbench, 'train.py', { experiment: 'mixed' });
  await expect(workbench.treeRow(/^run 1, completed/)).toBeVisible();
  const [first = ''] = await runFolders(emptyFolder, 'mixed');
  await submitScript(workbench, 'train.py', { experiment: 'mixed' });
  await expect(workbench.treeRow(/^run 2, completed/)).toBeVisible();
  const second = (await runFolders(emptyFolder, 'mixed')).find((folder) => folder !== first) ?? '';

  await writeFile(path.join(first, 'run.json'), '{"format": 1, "id": ');
  await writeFile(
    path.join(second, 'journal', 'garbage-1-00000000.jsonl'),
    '\u0000\u0001 no JSON\n[1, 2]\n{"k": "metric"}\n',
  );
  await workbench.runCommand('View: Close All Editors');
  await workbench.reload();
  await workbench.expandTreeRow(/^mixed,/);
  await expect(workbench.treeRow(/cannot be read: run\.json is not valid JSON/)).toContainText('run.json');
  await workbench.clickRow(workbench.treeRow(/^run 2, completed/));
  await expect(workbench.webview.getByText('0.500').first()).toBeVisible();
  await expect(workbench.webview.getByText(/^3 records of this run could not be read/)).toBeVisible();
  await workbench.screenshot('bad-6-unreadable-run');

  const file = path.join(emptyFolder, '.runledger', 'workspace.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('"format": 1', '"format": 7').replace('"format":1', '"format":7'));
  await workbench.runCommand('Runledger: Refresh');
  // The views of experiments and of models both say so.
  await expect(workbench.treeRow(/A newer Runledger wrote the workspace/)).toHaveCount(2);
  await workbench.screenshot('bad-7-newer-workspace');
  await writeFile(file, text);
  await workbench.runCommand('Runledger: Refresh');
  await workbench.expandTreeRow(/^mixed,/);
  await expect(workbench.treeRow(/^run 2, completed/)).toBeVisible();
});

test('a folder that cannot be written is told with what is in the way', async ({ workbench, emptyFolder }) => {
  await writeFiles(emptyFolder, { 'train.py': 'print(1)\n', '.runledger': 'a file in the way\n' });
  await workbench.openFolder(emptyFolder);
  await workbench.openFile('train.py');
  await workbench.runCommand('Runledger: Submit');
  await workbench
    .dialog(/Create a workspace in/)
    .getByRole('button', { name: 'Create Workspace' })
    .click();
  const message = workbench.notification(/\.runledger is there already and is no Runledger workspace/);
  await expect(message).toContainText('Rename it or move it away');
  await workbench.screenshot('bad-8-in-the-way');
  expect(await readFile(path.join(emptyFolder, '.runledger'), 'utf8')).toBe('a file in the way\n');
});

test('in Restricted Mode runs are read, and nothing is run or written', async ({ page, emptyFolder }) => {
  await writeFiles(emptyFolder, {
    'train.py':
      'from azureml.core import Experiment, Workspace\nExperiment(Workspace.create("read"), "kept").start_logging().complete()\n',
  });
  await promisify(execFile)('python3', ['train.py'], {
    cwd: emptyFolder,
    env: { ...process.env, ...pythonPath, RUNLEDGER_HOME: path.join(emptyFolder, '.home') },
  });
  const before = await readdir(emptyFolder, { recursive: true });
  const server = await startServer({
    vsix: process.env.RUNLEDGER_TEST_VSIX ?? (await packageFileOfThisVersion()),
    hasWorkspaceTrust: true,
    settings: {
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    },
    env: { RUNLEDGER_HOME: path.join(emptyFolder, '.home') },
    logFile: path.join(testOutputFolder, 'e2e', 'server-restricted.log'),
  });
  try {
    const workbench = new Workbench(page, server);
    await workbench.openFolder(emptyFolder);
    await workbench.showSideBar();
    await workbench.openFile('train.py');
    await page.keyboard.press('F1');
    await workbench.quickInputText.fill('>Runledger: ');
    await expect(workbench.quickInputRows.filter({ hasText: /Runledger: Open Run(?! of)/ })).toBeVisible();
    await expect(workbench.quickInputRows.filter({ hasText: /Submit|Create|Delete|Cancel/ })).toHaveCount(0);
    await page.keyboard.press('Escape');

    await workbench.expandTreeRow(/^kept,/);
    await workbench.clickRow(workbench.treeRow(/^run 1, completed/));
    await expect(workbench.webview.getByRole('heading', { name: 'run 1' })).toBeVisible();
    await workbench.webview.getByRole('button', { name: 'More actions' }).click();
    await workbench.webview.getByRole('menuitem', { name: 'Delete…' }).click();
    await expect(workbench.notification('Deleting a run is off in Restricted Mode.')).toBeVisible();
    await workbench.screenshot('bad-9-restricted');
    expect(await readdir(emptyFolder, { recursive: true })).toEqual(before);
  } finally {
    await server.stop();
  }
});
