import { execFile } from 'node:child_process';
import { copyFile, cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { rootFolder } from '../../scripts/support/paths.ts';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, pythonPath, writeFiles } from './support/submitting.ts';
import type { Workbench } from './support/workbench.ts';

const execute = promisify(execFile);

const scripts = {
  'home/make.py': `
from azureml.core import Experiment, Workspace

run = Experiment(Workspace.create("home"), "first").start_logging()
for step in range(20):
    run.log("loss", 1 / (step + 1), step=step)
run.complete()
`,
  'other/make.py': 'from azureml.core import Workspace\nWorkspace.create("other")\n',
};

/** Takes what VS Code's own dialog for files proposes, when it has come to it. */
async function acceptFile(workbench: Workbench, file: string, button = 'OK'): Promise<void> {
  await expect(workbench.quickInputText).toHaveValue(file);
  const accept = workbench.page.locator('.quick-input-widget').getByRole('button', { name: button, exact: true });
  // While the dialog reads the folder that it has come to, it takes no click.
  await expect(async () => {
    await accept.click({ timeout: 1_000 }).catch(() => {});
    await expect(accept).toBeHidden({ timeout: 4_000 });
  }).toPass();
}

/** Opens a row of the same dialog, which has begun in the folder that is open: a file is taken, and a folder is gone into. */
async function openRow(workbench: Workbench, title: string, name: string): Promise<void> {
  const widget = workbench.page.locator('.quick-input-widget');
  await widget.getByText(title).first().waitFor();
  await widget.getByRole('option', { name, exact: true }).click();
}

test('a run is exported from its row and imported into another workspace, where it looks the same', async ({
  workbench,
  emptyFolder,
}) => {
  // Two windows, one after the other.
  test.slow();
  const { page } = workbench;
  const [home, other] = [path.join(emptyFolder, 'home'), path.join(emptyFolder, 'other')];
  await writeFiles(emptyFolder, scripts);
  const env = { ...process.env, ...pythonPath, RUNLEDGER_HOME: path.join(emptyFolder, 'user') };
  await Promise.all([home, other].map((cwd) => execute('python3', ['make.py'], { cwd, env })));

  await workbench.openFolder(home);
  await workbench.showSideBar();
  await workbench.expandTreeRow(/^first, 1 run/);
  const row = workbench.treeRow(/^run 1,/);
  await expect(row).toHaveAccessibleName(/completed/);

  const zip = path.join(home, 'first-1.zip');
  await workbench.runFromContextMenu(row, 'Export…');
  await expect(workbench.quickInputRows).toHaveCount(2);
  await workbench.screenshot('transfer-1-what');
  await workbench.pick('Everything');
  await acceptFile(workbench, zip);
  const exported = workbench.notification('Exported run 1.');
  await expect(exported.getByRole('button', { name: 'Reveal' })).toBeVisible();
  expect((await readFile(zip)).subarray(0, 2).toString()).toBe('PK');

  const csv = path.join(home, 'first.csv');
  await workbench.runFromContextMenu(workbench.treeRow(/^first,/), 'Export…');
  await workbench.pick('Metrics');
  await acceptFile(workbench, csv);
  await workbench.notification('Exported the metrics of first.').getByRole('button', { name: 'Reveal' }).click();
  await expect(page.locator('.explorer-folders-view').getByRole('treeitem', { name: 'first.csv' })).toBeVisible();
  expect((await readFile(csv, 'utf8')).split('\n')).toHaveLength(22);

  await copyFile(zip, path.join(other, 'first-1.zip'));
  await workbench.openFolder(other);
  await workbench.showSideBar();
  await page.locator('.part.sidebar').getByRole('button', { name: 'import', exact: true }).click();
  await expect(workbench.quickInputRows).toHaveCount(3);
  await workbench.screenshot('transfer-2-sources');
  await workbench.pick('Runledger export');
  await openRow(workbench, 'Import: Runledger export', 'first-1.zip');
  await workbench.pick(/^\s*other/);
  await expect(workbench.notification('Imported 1 run.')).toBeVisible();
  await workbench.expandTreeRow(/^first, 1 run/);
  const imported = workbench.treeRow(/^run 1,/);
  await expect(imported).toHaveAccessibleName(/completed/);
  await workbench.clickRow(imported);
  await workbench.webview.getByRole('tab', { name: /Metrics/ }).click();
  await expect(workbench.webview.getByRole('tabpanel')).toContainText('loss');
  await workbench.screenshot('transfer-3-imported');

  await workbench.runFromContextMenu(workbench.treeRow(/^other/), 'Import…');
  await workbench.pick('Runledger export');
  await openRow(workbench, 'Import: Runledger export', 'first-1.zip');
  const skipped = workbench.notification('It is in the workspace already.');
  await expect(skipped.getByRole('button', { name: 'Import as Copies' })).toBeVisible();
});

test("TensorBoard's logs are imported as runs, once, and look like any other", async ({ workbench, emptyFolder }) => {
  await openNewWorkspace(workbench, emptyFolder);
  await cp(path.join(rootFolder, 'test', 'fixtures', 'tensorboard', 'logs'), path.join(emptyFolder, 'logs'), {
    recursive: true,
  });
  await workbench.runCommand('Runledger: Import');
  await workbench.pick('TensorBoard logs');
  await openRow(workbench, 'Import: TensorBoard logs', 'logs');
  await acceptFile(workbench, `${path.join(emptyFolder, 'logs')}/`, 'Import');
  await expect(workbench.notification('Imported 2 runs.')).toBeVisible();
  await workbench.expandTreeRow(/^logs, 2 runs/);
  await workbench.clickRow(workbench.treeRow(/^2025\/baseline,/));
  await workbench.webview.getByRole('tab', { name: /Metrics/ }).click();
  await expect(workbench.webview.getByRole('tabpanel')).toContainText('loss/train');
  await workbench.screenshot('transfer-4-tensorboard');
  await workbench.runCommand('Runledger: Import');
  await workbench.pick('TensorBoard logs');
  await openRow(workbench, 'Import: TensorBoard logs', 'logs');
  await acceptFile(workbench, `${path.join(emptyFolder, 'logs')}/`, 'Import');
  await expect(workbench.notification('It was imported before, and has not changed since.')).toBeVisible();
  await workbench.setTheme('light');
  await workbench.screenshot('transfer-5-tensorboard-light');
});
