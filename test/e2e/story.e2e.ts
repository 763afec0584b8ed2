import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

/** The whole path once, as a person walks it: create, submit, watch, find again. */
test('the open script is submitted, watched live, and found again after a reload', async ({
  workbench,
  exampleCopy,
}) => {
  test.setTimeout(300_000);
  const { page } = workbench;
  await workbench.openFolder(exampleCopy);
  await workbench.showSideBar();
  await expect(page.locator('.part.sidebar').getByText('No workspace in this folder yet')).toBeVisible();
  await workbench.screenshot('story-1-welcome');

  await page.locator('.part.sidebar').getByRole('button', { name: 'Create workspace' }).click();
  await expect(page.locator('.part.sidebar').getByText('No runs yet')).toBeVisible();

  await workbench.openFile('train.py');
  await workbench.runCommand('Runledger: Submit');
  await workbench.pick(/^\s*local(?! \(in place\))/);
  await workbench.quickInputText.fill('digits');
  await workbench.pick('New experiment: digits');

  const row = workbench.treeRow(/run 1\b/).first();
  await expect(row).toHaveAccessibleName(/running/i);
  const run = workbench.webview;
  await expect(run.getByRole('heading', { name: /run 1\b/ })).toBeVisible();
  await run.getByRole('tab', { name: /Metrics/ }).click();
  const loss = run.locator('runledger-chart-card', { hasText: 'train/loss' });
  await expect(loss.locator('canvas').first()).toBeVisible();
  await workbench.screenshot('story-2-running');

  await expect(row).toHaveAccessibleName(/completed/i, { timeout: 90_000 });
  await expect(run.getByText('Completed').first()).toBeVisible();
  await workbench.screenshot('story-3-metrics-dark');

  for (const [tab, name] of [
    [/Overview/, 'overview'],
    [/Images/, 'images'],
    [/Tables/, 'tables'],
    [/Snapshot/, 'snapshot'],
    [/Outputs \+ logs/, 'files'],
  ] as const) {
    await run.getByRole('tab', { name: tab }).click();
    await expect(run.getByRole('tabpanel')).toBeVisible();
    await workbench.screenshot(`story-4-${name}-dark`);
  }
  await expect(run.getByText('of the validation set is right').first()).toBeVisible();

  // A click shows the file beside the tree, a second one opens it in an editor.
  await run.getByRole('treeitem', { name: /model\.json/ }).click();
  await expect(run.locator('runledger-file-preview')).toContainText('{');
  await workbench.screenshot('story-4-preview-dark');
  await run.getByRole('treeitem', { name: /model\.json/ }).dblclick();
  await workbench.editorTab(/model\.json/).waitFor();
  await expect(page.locator('.monaco-editor .view-lines').first()).toContainText('{');
  await workbench.screenshot('story-5-output-file');

  await workbench.editorTab(/run 1\b/).click();
  await workbench.reload();
  await expect(workbench.webview.getByRole('heading', { name: /run 1\b/ })).toBeVisible();
  await expect(workbench.webview.getByRole('tab', { name: /Outputs \+ logs/ })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await workbench.webview.getByRole('tab', { name: /Metrics/ }).click();
  await expect(
    workbench.webview.locator('runledger-chart-card', { hasText: 'train/loss' }).locator('canvas').first(),
  ).toBeVisible();
  await workbench.showSideBar();
  await workbench.expandTreeRow(/^classify-digits/);
  await workbench.expandTreeRow(/^digits/);
  await expect(workbench.treeRow(/run 1\b/).first()).toHaveAccessibleName(/completed/i);
  await workbench.screenshot('story-6-after-reload');

  await workbench.setTheme('light');
  await workbench.screenshot('story-7-metrics-light');
  await workbench.webview.getByRole('tab', { name: /Tables/ }).click();
  await workbench.screenshot('story-7-tables-light');
  await workbench.setTheme('high-contrast-dark');
  await workbench.screenshot('story-8-tables-hc');
});
