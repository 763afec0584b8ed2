import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, submitScript, writeFiles } from './support/submitting.ts';

const script = `
import os
from azureml.core import Run

run = Run.get_context()
os.makedirs("outputs", exist_ok=True)
with open("outputs/model.txt", "w") as file:
    file.write("weights")
run.upload_file("outputs/model.txt", "outputs/model.txt")
for stage in ("trial", "final"):
    run.register_model("digits", "outputs/model.txt", tags={"stage": stage})
`;

test('models that a run registers appear by themselves, lead to the run, and are deleted and brought back', async ({
  workbench,
  emptyFolder,
}) => {
  const { page } = workbench;
  await writeFiles(emptyFolder, { 'train.py': script });
  await openNewWorkspace(workbench, emptyFolder);
  await expect(page.locator('.part.sidebar').getByText('No models yet')).toBeVisible();
  await submitScript(workbench, 'train.py', { experiment: 'first' });
  await expect(workbench.treeRow(/^run 1,/)).toHaveAccessibleName(/completed/);

  await workbench.expandTreeRow(/^digits, 2 versions/);
  const newest = workbench.treeRow(/^version 2, stage=final/);
  await expect(newest).toBeVisible();
  await newest.hover();
  await workbench.screenshot('models-1-view');
  await workbench.setTheme('light');
  await workbench.screenshot('models-1-view-light');

  await newest.click();
  await expect(workbench.editorTab('digits')).toBeVisible();
  const version = workbench.webview.getByRole('row', { name: /stage final/ });
  await expect(version).toHaveAttribute('aria-selected', 'true');
  await expect(workbench.webview.getByRole('button', { name: 'run 1' })).toBeVisible();
  await workbench.webview.getByRole('button', { name: 'Add a description' }).click();
  await workbench.webview.getByRole('textbox', { name: 'Description, in Markdown' }).fill('The **final** one');
  await workbench.webview.getByRole('button', { name: 'Save' }).click();
  await expect(workbench.webview.locator('strong').getByText('final')).toBeVisible();
  await workbench.webview.getByRole('button', { name: 'Add tag' }).click();
  await workbench.webview.getByRole('textbox', { name: 'Tag' }).fill('owner');
  await workbench.webview.getByRole('textbox', { name: 'Value' }).fill('mara');
  await page.keyboard.press('Enter');
  await expect(workbench.treeRow(/^version 2, stage=final, owner=mara/)).toBeVisible();
  await workbench.screenshot('models-2-page-light');
  await workbench.setTheme('dark');
  await workbench.screenshot('models-2-page');
  await workbench.webview.getByRole('button', { name: 'run 1' }).click();
  await workbench.editorTab(/run 1/).click();
  await page.keyboard.press('ControlOrMeta+W');
  await expect(workbench.editorTab(/run 1/)).toHaveCount(0);
  await workbench.runFromContextMenu(newest, 'Open Run of Model');
  await expect(workbench.editorTab(/run 1/)).toBeVisible();

  await workbench.runFromContextMenu(newest, 'Copy Model Id');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('digits:2');

  await workbench.runFromContextMenu(newest, 'Delete Model Version…');
  await workbench.screenshot('models-3-delete');
  await workbench.dialog('digits').getByRole('button', { name: 'Move to Trash' }).click();
  await expect(newest).toHaveCount(0);
  await expect(workbench.treeRow(/^digits, 1 version/)).toBeVisible();
  await workbench.notification('digits').getByRole('button', { name: 'Undo' }).click();
  await expect(newest).toBeVisible();
});
