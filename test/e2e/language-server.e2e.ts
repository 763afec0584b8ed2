import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, writeFiles } from './support/submitting.ts';

test('a run configuration is completed and checked as it is typed, submitted from above, and tells how its last run ended', async ({
  workbench,
  emptyFolder,
}) => {
  const { page } = workbench;
  await writeFiles(emptyFolder, {
    'train.py': 'from azureml.core import Run\nRun.get_context().log("loss", 0.5)\n',
    '.azureml/quick.runconfig': 'script: train.py\nenviroment: {}\nnodeCount: many',
  });
  await openNewWorkspace(workbench, emptyFolder);
  await workbench.openFile('quick.runconfig');
  const editor = page.locator('.editor-instance').first();
  const lenses = editor.locator('.codelens-decoration');
  await expect(lenses.getByText('Submit with this configuration')).toBeVisible();
  await expect(editor.locator('.squiggly-error')).toBeVisible();
  await expect(page.locator('.part.statusbar').getByRole('button', { name: 'Run Configuration' })).toBeVisible();

  await editor.locator('.view-line', { hasText: 'nodeCount' }).click();
  await page.keyboard.press('End');
  await page.keyboard.press('ControlOrMeta+Backspace');
  await page.keyboard.type('1\nframe');
  const suggestions = page.locator('.suggest-widget.visible');
  await expect(suggestions.getByRole('option', { name: /^framework/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(suggestions.getByRole('option', { name: /^PyTorch/ })).toBeVisible();
  await workbench.screenshot('language-server-1-completion');
  await page.keyboard.type('Py');
  await suggestions.getByRole('option', { name: /^PyTorch/ }).click();
  await expect(editor.locator('.view-line', { hasText: 'framework: PyTorch' })).toBeVisible();
  await expect(editor.locator('.squiggly-error')).toHaveCount(0);
  const fix = page.locator('.action-widget').getByText('Change to "environment"');
  await expect(async () => {
    await editor.locator('.view-line', { hasText: 'enviroment' }).getByText('enviroment').click();
    await page.keyboard.press('ControlOrMeta+.');
    await fix.waitFor({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await workbench.screenshot('language-server-2-fix');
  await fix.click();
  await expect(editor.locator('.view-line', { hasText: 'environment: {}' })).toBeVisible();

  // The lenses are drawn anew after an edit: a click at that moment meets the old one, and does nothing.
  const question = page.getByPlaceholder('Experiment: choose one, or type the name of a new one');
  await expect(async () => {
    await lenses.getByText('Submit with this configuration').click();
    await question.waitFor({ timeout: 4_000 });
  }).toPass({ timeout: 60_000 });
  await workbench.quickInputText.fill('first');
  await workbench.pick('first');
  await expect(workbench.webview.getByRole('heading', { name: 'run 1' })).toBeVisible();
  await workbench.editorTab('quick.runconfig').click();
  await expect(lenses.getByText(/run 1: completed/)).toBeVisible();
  await workbench.setTheme('light');
  await workbench.screenshot('language-server-3-last-run');
});
