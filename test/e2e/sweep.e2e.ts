import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { chooseSubmission, openNewWorkspace, writeFiles } from './support/submitting.ts';

/** Logs what it is given, and waits as long as a file is there. */
const script = `
import argparse, os, time
from azureml.core import Run
parser = argparse.ArgumentParser()
parser.add_argument('--lr', type=float)
args = parser.parse_args()
run = Run.get_context()
for step in range(3):
    run.log('accuracy', args.lr * (step + 1))
while args.lr > 0.25 and os.path.exists(os.environ['GATE']):
    time.sleep(0.02)
`;

const sweep = `
sampling:
  type: grid
  parameter_space:
  - {name: --lr, expression: choice, values: [0.1, 0.3, 0.2]}
primary_metric_name: accuracy
primary_metric_goal: maximize
max_total_runs: 10
max_concurrent_runs: 2
`;

test('a sweep is submitted from the editor, seen trial by trial, and goes on after its process was killed', async ({
  workbench,
  emptyFolder,
}) => {
  const gate = path.join(emptyFolder, 'gate');
  await writeFiles(emptyFolder, {
    'train.py': script,
    gate: '',
    '.azureml/sweep.yml': sweep,
    '.azureml/cpu.runconfig': `target: local\nenvironmentVariables:\n  GATE: ${gate}\n`,
  });
  await openNewWorkspace(workbench, emptyFolder);
  await workbench.openFile('train.py');
  await workbench.runCommand('Runledger: Submit Sweep');
  await chooseSubmission(workbench, { experiment: 'tuning', runConfiguration: 'cpu' });
  await workbench.pick(/sweep\.yml/);

  // The page of a sweep begins with its trials; the one that waits goes on, and the last has been tried meanwhile.
  const { webview } = workbench;
  await expect(webview.getByText('2 of 3 ended')).toBeVisible();
  await expect(webview.getByText('maximize accuracy')).toBeVisible();
  await expect(webview.getByRole('row', { name: /trial 1 best Running 0\.300 0\.900/ })).toBeVisible();
  await expect(webview.getByRole('row', { name: /trial 2 Completed 0\.200 0\.600/ })).toBeVisible();
  const parent = workbench.treeRow(/^run 1, running/);
  await workbench.expandTreeRow(/^run 1, running/);
  await expect(workbench.treeRow(/^trial 1, running/)).toBeVisible();
  await expect(workbench.treeRow(/^trial 2, completed/)).toBeVisible();
  await workbench.screenshot('sweep-1-running');

  const runs = path.join(emptyFolder, '.runledger', 'experiments', 'tuning', 'runs');
  const sweepId = (await readdir(runs)).find((id) => /^HD_[0-9a-f-]+$/.test(id)) ?? '';
  const { pid } = JSON.parse(await readFile(path.join(runs, sweepId, 'orchestrators', '1'), 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL');
  await expect(workbench.treeRow(/^run 1, not responding/)).toBeVisible();
  await workbench.reload();
  await expect(parent).toBeVisible();
  await rm(gate);
  await expect(workbench.treeRow(/^run 1, completed/)).toBeVisible();
  await expect(webview.getByText('3 of 3 ended')).toBeVisible();
  await workbench.screenshot('sweep-2-resumed');

  await webview.getByRole('button', { name: 'trial 1' }).click();
  await workbench.editorTab(/trial 1/).waitFor();
  await expect(webview.getByRole('heading', { name: 'trial 1' })).toBeVisible();
  await expect(webview.getByText('Child of')).toBeVisible();
  await webview.getByRole('button', { name: sweepId, exact: true }).click();
  await expect(webview.getByText('3 of 3 ended')).toBeVisible();

  await workbench.runFromContextMenu(workbench.treeRow(/^run 1, completed/), 'Delete Run…');
  await workbench.dialog('Delete run 1 and its child runs (3)?').getByRole('button', { name: 'Move to Trash' }).click();
  await expect(workbench.treeRow(/^run 1/)).toHaveCount(0);
  await workbench.notification('run 1 was moved to the trash.').getByRole('button', { name: 'Undo' }).click();
  await expect(workbench.treeRow(/^run 1, completed/)).toBeVisible();
});
