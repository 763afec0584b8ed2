import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, submitScript, writeFiles } from './support/submitting.ts';

const scripts = {
  'train.py': `import argparse, os
from azureml.core import Run

parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float, help="of learning")
run = Run.get_context()
run.log("rate", parser.parse_args().rate)
run.log("level", os.environ["LEVEL"])
`,
  'requirements.txt': 'pip\n',
};

test('a run configuration is made for the open script in a few questions, and submitted with', async ({
  workbench,
  emptyFolder,
}) => {
  const { page, quickInputText: input } = workbench;
  await writeFiles(emptyFolder, scripts);
  await openNewWorkspace(workbench, emptyFolder);
  await workbench.openFile('train.py');
  await workbench.runCommand('Runledger: New Run Configuration…');
  await expect(workbench.quickInputRows.getByText('The packages of requirements.txt')).toBeVisible();
  await workbench.screenshot('run-configuration-1-python');
  await workbench.pick('The interpreter that is selected');

  // What argparse takes is offered.
  await expect(workbench.quickInputRows.getByText('--rate', { exact: true })).toBeVisible();
  await input.fill('--rate 0.5');
  await workbench.pick('With these arguments');

  const prompt = page.locator('.quick-input-widget');
  await expect(prompt.getByText(/Environment variables, if there are any/)).toBeVisible();
  await input.fill('LEVEL debug');
  await expect(prompt.getByText('"LEVEL" is no variable. Write NAME=value')).toBeVisible();
  await workbench.screenshot('run-configuration-2-variables');
  await workbench.answer(/is no variable/, 'LEVEL="very high"');
  await workbench.answer(/Name of the run configuration/, 'mine');

  await expect(workbench.editorTab(/mine\.runconfig/)).toBeVisible();
  await workbench.screenshot('run-configuration-3-file');
  const text = await readFile(path.join(emptyFolder, '.azureml', 'mine.runconfig'), 'utf8');
  expect(text).toContain('LEVEL: very high');

  await submitScript(workbench, 'train.py', { experiment: 'first', runConfiguration: 'mine' });
  await expect(workbench.treeRow(/^run 1,/)).toHaveAccessibleName(/completed/);
  await workbench.webview.getByRole('tab', { name: /Metrics/ }).click();
  await expect(workbench.webview.getByRole('tabpanel')).toContainText('0.500');
  await expect(workbench.webview.getByRole('tabpanel')).toContainText('very high');
});
