import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, submitScript, writeFiles } from './support/submitting.ts';

const before = `from azureml.core import Run

from model import accuracy

Run.get_context().log("accuracy", accuracy(0.1))
`;

test('what changed since a run is shown file by file, against the working copy and against another run', async ({
  workbench,
  emptyFolder,
}) => {
  const { page } = workbench;
  await writeFiles(emptyFolder, {
    'train.py': before,
    'model.py': 'def accuracy(rate):\n    return 1 - rate\n',
    'old.py': 'print("no longer needed")\n',
    'README.md': 'stays\n',
  });
  await openNewWorkspace(workbench, emptyFolder);
  await submitScript(workbench, 'train.py', { experiment: 'code' });
  const first = workbench.treeRow(/^run 1,/);
  await expect(first).toHaveAccessibleName(/completed/);

  await writeFile(path.join(emptyFolder, 'train.py'), before.replace('0.1', '0.01'));
  await writeFile(path.join(emptyFolder, 'data.py'), 'rows = 150\n');
  await rm(path.join(emptyFolder, 'old.py'));

  // VS Code's editor for the differences of several files.
  const changes = page.locator('.editor-instance .multiDiffEntry');
  await workbench.runCommand('Runledger: Compare Snapshot with Working Copy');
  await workbench.pick('run 1');
  await expect(workbench.editorTab(/^Changes since run 1/)).toBeVisible();
  await expect(changes).toHaveCount(3);
  await expect(changes.filter({ hasText: 'train.py' })).toContainText('accuracy(0.01)');
  await expect(changes.filter({ hasText: 'data.py' })).toContainText('rows = 150');
  await expect(changes.filter({ hasText: 'old.py' })).toContainText('no longer needed');
  await workbench.screenshot('snapshot-1-working-copy-dark');
  await workbench.setTheme('light');
  await workbench.screenshot('snapshot-2-working-copy-light');
  await workbench.setTheme('dark');

  await submitScript(workbench, 'train.py', { experiment: 'code' });
  await expect(workbench.treeRow(/^run 2,/)).toHaveAccessibleName(/completed/);
  await workbench.clickRow(first);
  await workbench.runCommand('Runledger: Compare Snapshots of Two Runs');
  await workbench.pick('run 1');
  await workbench.pick('run 2');
  await expect(workbench.editorTab(/^Code of run/)).toBeVisible();
  await expect(changes.filter({ hasText: 'train.py' })).toContainText('accuracy(0.01)');
  // A file that has changed is not one that was renamed.
  await expect(changes.locator('.status.renamed')).toHaveCount(0);
  await workbench.screenshot('snapshot-3-two-runs');
});
