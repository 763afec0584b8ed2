import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, pythonPath, writeFiles } from './support/submitting.ts';

/** Two experiments: what is damaged, archived and deleted here. */
const script = `
from azureml.core import Experiment, Workspace

ws = Workspace.from_config()
for name in ("old", "young"):
    run = Experiment(ws, name).start_logging()
    run.log("loss", 0.5)
    run.complete()
`;

test('a store is checked and repaired, experiments are archived, and the trash is emptied', async ({
  workbench,
  emptyFolder,
}) => {
  // VS Code's own preview of Markdown takes long to start on a machine that is busy.
  test.slow();
  const { page } = workbench;
  await writeFiles(emptyFolder, { 'train.py': script });
  await openNewWorkspace(workbench, emptyFolder);
  const env = { ...process.env, ...pythonPath };
  await promisify(execFile)('python3', ['train.py'], { cwd: emptyFolder, env });
  const workspaceRow = workbench.treeRow(/^runledger-e2e-/);
  const old = workbench.treeRow(/^old,/);
  const young = workbench.treeRow(/^young,/);
  await expect(old).toHaveAccessibleName('old, 1 run');

  const runs = path.join(emptyFolder, '.runledger', 'experiments', 'young', 'runs');
  const record = path.join(runs, (await readdir(runs))[0] ?? '', 'run.json');
  await writeFile(record, '{"format": 1, "id":');
  await workbench.runFromContextMenu(workspaceRow, 'Check Store…');
  const found = workbench.notification(/1 problem was found, which can be repaired/);
  await expect(found.getByRole('button', { name: 'Repair' })).toBeVisible();
  await workbench.screenshot('store-1-problems');
  await found.getByRole('button', { name: 'Show Report' }).click();
  const heading = workbench.webview.getByRole('heading', { name: /Store check of runledger-e2e-/ });
  await expect(heading).toBeVisible({ timeout: 90_000 });
  await expect(workbench.webview.getByText('The record of a run is damaged (1)')).toBeVisible();
  await workbench.screenshot('store-2-report-dark');
  await workbench.setTheme('light');
  await workbench.screenshot('store-2-report-light');
  await workbench.setTheme('dark');
  expect(await readFile(record, 'utf8')).toBe('{"format": 1, "id":');

  // VS Code shows no more than three messages within a second as toasts, and takes them away; its list keeps all.
  await workbench.runCommand('Notifications: Show Notifications');
  const list = page.locator('.notifications-center');
  await workbench.runCommand('Runledger: Check Store');
  await list.getByRole('button', { name: 'Repair' }).click();
  // The list closes with its last message.
  await workbench.runCommand('Notifications: Show Notifications');
  await expect(list.getByText(/1 problem was repaired/)).toBeVisible();
  // An experiment that appears alone is expanded at once; whether one of two did, depends on when they were seen.
  await workbench.expandTreeRow(/^old,/);
  await workbench.expandTreeRow(/^young,/);
  await expect(workbench.treeRow(/^run 1, completed/)).toHaveCount(2);
  await workbench.runCommand('Notifications: Clear All Notifications');

  await workbench.runFromContextMenu(old, 'Archive Experiment');
  await expect(old).toHaveCount(0);
  await workbench.notification('old was archived').getByRole('button', { name: 'Undo' }).click();
  await expect(old).toHaveAccessibleName('old, 1 run');
  await workbench.runFromContextMenu(old, 'Archive Experiment');
  await expect(old).toHaveCount(0);
  await workbench.runFromContextMenu(young, 'Archive Experiment');
  const archived = workbench.treeRow('2 archived experiments, hidden');
  await expect(archived).toBeVisible();
  await workbench.screenshot('store-3-all-archived');
  await archived.click();
  await expect(old).toHaveAccessibleName('old, archived · 1 run');
  await expect(young).toHaveAccessibleName('young, archived · 1 run');
  await workbench.screenshot('store-4-archived');
  await workbench.runFromContextMenu(young, 'Reactivate Experiment');
  await expect(young).toHaveAccessibleName('young, 1 run');
  await workbench.runCommand('Runledger: Hide Archived Experiments');
  await expect(old).toHaveCount(0);
  await workbench.runCommand('Notifications: Clear All Notifications');

  await workbench.expandTreeRow(/^young,/);
  await workbench.runFromContextMenu(workbench.treeRow(/^run 1, completed/), 'Delete Run…');
  await workbench.dialog('Delete run 1?').getByRole('button', { name: 'Move to Trash' }).click();
  await expect(workbench.treeRow(/^run 1,/)).toHaveCount(0);
  await workbench.runFromContextMenu(workspaceRow, 'Empty Trash…');
  const question = workbench.dialog(/Empty the trash of runledger-e2e-/);
  await expect(question).toContainText('Runs: 1, what repairs took out: 1.');
  await workbench.screenshot('store-5-empty-trash');
  await question.getByRole('button', { name: 'Empty Trash' }).click();
  await expect(workbench.notification(/freed in runledger-e2e-/)).toBeVisible();
  expect(await readdir(runs)).toEqual([]);
  await workbench.runCommand('Runledger: Restore Run');
  await expect(workbench.notification('The trash is empty.')).toBeVisible();
  await page.keyboard.press('Escape');
});
