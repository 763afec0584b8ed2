import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, writeFiles } from './support/submitting.ts';

const files = {
  'prepare.py': `
import os, sys
os.makedirs(sys.argv[2], exist_ok=True)
with open(os.path.join(sys.argv[2], "rows.txt"), "w") as file:
    file.write("row\\n" * int(sys.argv[1]))
`,
  'train.py': `
import os, sys
from azureml.core import Run
with open(os.path.join(sys.argv[1], "rows.txt")) as file:
    Run.get_context().log("rows", len(file.readlines()))
`,
  'pipelines/daily.yml': `
pipeline:
  name: Daily
  parameters:
    rows: {type: int, default: 3}
  steps:
    prepare:
      type: PythonScriptStep
      name: prepare
      script_name: prepare.py
      source_directory: ..
      arguments: [parameter:rows, output:data]
      outputs: {data: {destination: prepared}}
    train:
      type: PythonScriptStep
      name: train
      script_name: train.py
      source_directory: ..
      arguments: [input:data]
      inputs: {data: {source: prepared}}
`,
};

test('a pipeline is chosen among the files of the folder, submitted with a parameter, and seen step by step', async ({
  workbench,
  emptyFolder,
}) => {
  const { page, quickInputText, webview } = workbench;
  await writeFiles(emptyFolder, files);
  await openNewWorkspace(workbench, emptyFolder);
  await workbench.runCommand('Runledger: Submit Pipeline');
  await workbench.pick('daily.yml');
  await page.getByPlaceholder('Experiment: choose one, or type the name of a new one').waitFor();
  await workbench.pick('Daily');
  await page.locator('.quick-input-widget').getByText('Parameters, as name=value').waitFor();
  await expect(quickInputText).toHaveValue('rows=3');
  await quickInputText.fill('row=5');
  await expect(page.locator('.quick-input-widget').getByText('has no parameter "row"')).toBeVisible();
  await workbench.screenshot('pipeline-1-parameters');
  await quickInputText.fill('rows=5');
  await page.keyboard.press('Enter');

  await expect(webview.getByRole('row', { name: /prepare.*Completed/ })).toBeVisible();
  await expect(webview.getByRole('row', { name: /train.*Completed/ })).toBeVisible();
  await expect(workbench.treeRow(/^run 1, completed/)).toBeVisible();
  await workbench.screenshot('pipeline-2-steps');
  await workbench.setTheme('light');
  await workbench.screenshot('pipeline-2-steps-light');
  await expect(webview.getByRole('button', { name: /^Completed\s+train/ })).toBeVisible();
  await webview.getByRole('button', { name: 'train', exact: true }).click();
  await expect(workbench.editorTab(/train/)).toBeVisible();
  await webview.getByRole('tab', { name: /Metrics/ }).click();
  await expect(webview.getByRole('tabpanel')).toContainText('rows');
  await expect(webview.getByRole('tabpanel')).toContainText('5');
});
