import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, submitScript, writeFiles } from './support/submitting.ts';

const scripts = {
  'quick.py': 'from azureml.core import Run\nRun.get_context().log("loss", 0.5)\n',
  'wrong.py': 'raise ValueError("the data is not there")\n',
  // Goes on until the test lets it end.
  'long.py': 'import os, time\nwhile not os.path.exists("end"):\n    time.sleep(0.05)\n',
};

test('runs are named, starred, grouped and deleted together in the tree; what goes on is counted, and its end told', async ({
  workbench,
  emptyFolder,
}) => {
  const { page } = workbench;
  const tree = page.locator('.part.sidebar .monaco-list').first();
  await writeFiles(emptyFolder, scripts);
  await openNewWorkspace(workbench, emptyFolder);
  await submitScript(workbench, 'quick.py', { experiment: 'first' });
  await expect(workbench.treeRow(/^run 1,/)).toHaveAccessibleName(/completed/);
  await submitScript(workbench, 'wrong.py', { experiment: 'first' });
  await expect(workbench.treeRow(/^run 2,/)).toHaveAccessibleName(/failed/);
  await submitScript(workbench, 'long.py', { experiment: 'first', runConfiguration: 'local (in place)' });
  const status = page.locator('.part.statusbar').getByRole('button', { name: '1 run is going on' });
  await expect(status).toBeVisible();

  // What is in front of the person needs no message.
  await workbench.editorTab(/run 3/).click();
  await page.keyboard.press('ControlOrMeta+W');
  await expect(workbench.editorTab(/run 3/)).toHaveCount(0);
  await writeFiles(emptyFolder, { end: '' });
  await expect(workbench.notification(/first, run 3 completed/)).toBeVisible();
  await expect(status).toHaveCount(0);
  await workbench.screenshot('organize-1-ended');
  await workbench
    .notification(/first, run 3 completed/)
    .getByRole('button', { name: 'Open', exact: true })
    .click();
  await expect(workbench.editorTab(/run 3/)).toBeVisible();

  await workbench.clickRow(workbench.treeRow(/^run 1,/));
  // A click opens the page, which takes the focus when it is there: the key is for the tree.
  await expect(workbench.webview.getByRole('heading', { name: 'run 1' })).toBeVisible();
  await expect(async () => {
    await tree.focus();
    await page.keyboard.press('F2');
    await page
      .locator('.quick-input-widget')
      .getByText(/Without a name/)
      .waitFor({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await workbench.answer(/Without a name/, 'baseline');
  await workbench.runFromContextMenu(workbench.treeRow(/^baseline,/), 'Star Run');
  await expect(workbench.treeRow(/^baseline, .*starred/)).toBeVisible();

  await workbench.runCommand('Runledger: Group Runs By…');
  await workbench.pick('Status');
  await workbench.expandTreeRow(/^Completed/);
  await expect(workbench.treeRow(/^Failed/)).toBeVisible();
  await expect(workbench.treeRow(/^baseline,/)).toBeVisible();
  await workbench.screenshot('organize-2-groups');

  await workbench.clickRow(workbench.treeRow(/^baseline,/));
  await workbench.clickRow(workbench.treeRow(/^run 3,/), { modifiers: ['ControlOrMeta'] });
  const question = workbench.dialog('Delete 2 runs?');
  await expect(async () => {
    await tree.focus();
    await page.keyboard.press('Delete');
    await question.waitFor({ timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await question.getByRole('button', { name: 'Move to Trash' }).click();
  await expect(workbench.treeRow(/^Completed/)).toHaveCount(0);
  await workbench.notification('2 runs were moved to the trash').getByRole('button', { name: 'Undo' }).click();
  await expect(workbench.treeRow(/^Completed/)).toBeVisible();
});
