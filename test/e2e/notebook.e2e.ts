import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, pythonPath, writeFiles } from './support/submitting.ts';

// The cell's output as RunDetails hands it to the kernel: a notebook that was saved has it without one.
const program = `import json
import runledger
from azureml.core import Workspace
from azureml.widgets import RunDetails

with runledger.start_run("digits") as run:
    for step in range(20):
        run.log({"loss": 1 / (step + 1)}, step=step)
    run.log({"name <b>": "resnet"})
details = RunDetails(Workspace.from_config().get_run(run.id))
data = details._bundle(details._summary())
output = {"output_type": "display_data", "data": data, "metadata": {}}
source = "RunDetails(run).show()"
cell = {"cell_type": "code", "execution_count": 1, "id": "a", "metadata": {}, "outputs": [output], "source": [source]}
metadata = {"language_info": {"name": "python"}}
notebook = {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
json.dump(notebook, open("digits.ipynb", "w"))
`;

test('a notebook shows its run with the charts of the pages, and leads to it', async ({ workbench, emptyFolder }) => {
  await writeFiles(emptyFolder, { 'make.py': program });
  await openNewWorkspace(workbench, emptyFolder);
  const environment = { cwd: emptyFolder, env: { ...process.env, ...pythonPath } };
  await promisify(execFile)('python3', ['make.py'], environment);
  await workbench.openFile('digits.ipynb');

  const widget = workbench.webview.locator('runledger-run-widget');
  await expect(widget.getByText('Completed')).toBeVisible();
  await expect(widget.locator('header')).toContainText('run 1');
  await expect(widget.getByText('name <b>')).toBeVisible();
  const chart = widget.locator('canvas').first();
  await expect(chart).toBeVisible();
  await workbench.screenshot('notebook-1-dark');
  await workbench.setTheme('light');
  await workbench.screenshot('notebook-2-light');
  await widget.locator('header').getByRole('button').click();
  await expect(workbench.editorTab(/run 1/)).toBeVisible();
});
