import { spawn } from 'node:child_process';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { chooseSubmission, openNewWorkspace, pythonPath, submitScript, writeFiles } from './support/submitting.ts';

const scripts = {
  'quick.py':
    'import sys\nfrom azureml.core import Run\nRun.get_context().log("arguments", len(sys.argv) - 1)\nprint(sys.argv[1:])\n',
  // Told to end, it and its child go on; only a kill ends them. Both leave their ids where the test finds them.
  'stubborn.py': `
import os, signal, subprocess, sys, time

signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"])
print(f"pids {os.getpid()} {child.pid}", flush=True)
while True:
    time.sleep(1)
`,
  // Waits for a line, so that the test decides when it ends.
  'train.py': `
import sys
from azureml.core import Experiment, Workspace

run = Experiment(Workspace.from_config(), "by hand").start_logging()
run.log("loss", 0.5)
print(run.id, flush=True)
sys.stdin.readline()
run.log("loss", 0.25)
run.complete()
`,
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a run is submitted with arguments, read, copied, deleted, brought back, and submitted again', async ({
  workbench,
  emptyFolder,
}) => {
  const { page } = workbench;
  await writeFiles(emptyFolder, scripts);
  await openNewWorkspace(workbench, emptyFolder);
  await submitScript(workbench, 'quick.py', { experiment: 'first', arguments: '--name "two words" --rate 0.5' });
  const row = workbench.treeRow(/^run 1,/);
  await expect(row).toHaveAccessibleName(/completed/);
  await expect(workbench.webview.getByText("--name 'two words' --rate 0.5")).toBeVisible();
  await workbench.webview.getByRole('tab', { name: /Metrics/ }).click();
  await expect(workbench.webview.getByRole('tabpanel')).toContainText('arguments');

  await row.hover();
  await row.getByRole('button', { name: 'Open Log' }).click();
  await expect(workbench.webview.getByRole('tab', { name: /Outputs \+ logs/ })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await expect(workbench.webview.getByText("['--name', 'two words', '--rate', '0.5']")).toBeVisible();

  await workbench.runFromContextMenu(row, 'Copy Run Id');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^first_\d+_[0-9a-f]{8}$/);

  await workbench.runFromContextMenu(row, 'Delete Run…');
  await workbench.screenshot('manage-1-delete');
  await workbench.dialog('Delete run 1?').getByRole('button', { name: 'Move to Trash' }).click();
  await expect(row).toHaveCount(0);
  await expect(workbench.editorTab(/run 1/)).toHaveCount(0);
  await workbench.notification('run 1 was moved to the trash').getByRole('button', { name: 'Undo' }).click();
  await expect(row).toHaveAccessibleName(/completed/);

  // A row that came back a moment ago may be drawn anew between the menu and its command, which then asks for the run.
  const question = workbench.dialog('Delete run 1?');
  await expect(async () => {
    await page.keyboard.press('Escape');
    await workbench.runFromContextMenu(row, 'Delete Run…');
    await question.waitFor({ timeout: 5_000 });
  }).toPass();
  await question.getByRole('button', { name: 'Move to Trash' }).click();
  await expect(row).toHaveCount(0);
  await workbench.runCommand('Runledger: Restore Run');
  await workbench.pick('run 1');
  await expect(row).toHaveAccessibleName(/completed/);

  await workbench.runFromContextMenu(row, 'Resubmit…');
  await expect(workbench.quickInputText).toHaveValue("--name 'two words' --rate 0.5");
  await workbench.quickInputText.fill('--rate 2');
  await page.keyboard.press('Enter');
  await expect(workbench.treeRow(/^run 2,/)).toHaveAccessibleName(/completed/);
  await expect(workbench.webview.getByText('--rate 2')).toBeVisible();

  await page.locator('.part.sidebar .pane-header').getByText('Experiments').hover();
  await page.locator('.part.sidebar').getByRole('button', { name: 'Refresh' }).click();
  await expect(workbench.treeRow(/^run [12],/)).toHaveCount(2);
});

test('a script that ignores being told to end is canceled from its row, with its child', async ({
  workbench,
  emptyFolder,
}) => {
  await writeFiles(emptyFolder, scripts);
  await openNewWorkspace(workbench, emptyFolder);
  await submitScript(workbench, 'stubborn.py', { experiment: 'long' });
  const row = workbench.treeRow(/^run 1,/);
  await expect(row).toHaveAccessibleName(/running/);
  await expect(workbench.activityBarItem).toHaveAccessibleName(/1 run is going on/);
  await row.getByRole('button', { name: 'Open Log' }).click();
  const printed = await workbench.webview
    .getByText(/pids \d+ \d+/)
    .first()
    .innerText();
  const pids = [...printed.matchAll(/\d+/g)].slice(-2).map(([pid]) => Number(pid));
  expect(pids.map(isAlive)).toEqual([true, true]);

  await row.getByRole('button', { name: 'Cancel Run' }).click();
  await workbench.screenshot('manage-2-cancel');
  await workbench.dialog('Cancel run 1?').getByRole('button', { name: 'Keep Running' }).click();
  await expect(row).toHaveAccessibleName(/running/);

  await row.hover();
  await row.getByRole('button', { name: 'Cancel Run' }).click();
  await workbench.dialog('Cancel run 1?').getByRole('button', { name: 'Cancel Run' }).click();
  await expect(row).toHaveAccessibleName(/^run 1, canceling, since/);
  await expect(row).toHaveAccessibleName(/^run 1, canceled/);
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
  await expect(workbench.webview.getByText('Canceled').first()).toBeVisible();
  await expect(workbench.activityBarItem).not.toHaveAccessibleName(/going on/);
});

test('runs appear by themselves: one of the explorer’s menu beside one of a terminal', async ({
  workbench,
  emptyFolder,
}) => {
  const { page } = workbench;
  await writeFiles(emptyFolder, scripts);
  await openNewWorkspace(workbench, emptyFolder);
  await submitScript(workbench, 'stubborn.py', { experiment: 'submitted' });
  await expect(workbench.treeRow(/^run 1,/)).toHaveAccessibleName(/running/);

  const python = spawn('python3', ['train.py'], {
    cwd: emptyFolder,
    env: { ...process.env, ...pythonPath },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => python.once('exit', resolve));
  await expect(workbench.activityBarItem).toHaveAccessibleName(/2 runs are going on/);
  await workbench.expandTreeRow(/^by hand,/);
  await expect(workbench.treeRow(/^run 1, running/)).toHaveCount(2);
  await workbench
    .treeRow(/^run 1, running/)
    .first()
    .click();
  await workbench.editorTab(/^by hand, run 1/).waitFor();
  await expect(workbench.webview.getByText('0.500').first()).toBeVisible();
  // It was not submitted, so it cannot be submitted again.
  await expect(workbench.webview.getByText('Resubmit…')).toHaveCount(0);
  await workbench.screenshot('manage-3-two-runs');
  python.stdin.end('\n');
  expect(await ended).toBe(0);
  await expect(workbench.treeRow(/^run 1, completed/)).toHaveCount(1);
  await expect(workbench.webview.getByText('0.250').first()).toBeVisible();
  await expect(workbench.activityBarItem).toHaveAccessibleName(/1 run is going on/);

  await page
    .locator('.part.activitybar')
    .getByRole('tab', { name: /^Explorer/ })
    .click();
  const file = page.locator('.explorer-folders-view').getByRole('treeitem', { name: /^quick\.py/ });
  await workbench.runFromContextMenu(file, 'Submit');
  await chooseSubmission(workbench, { experiment: 'submitted' });
  await workbench.showSideBar();
  await expect(workbench.treeRow(/^run 2, completed/)).toBeVisible();

  const stubborn = workbench.treeRow(/^run 1, running/);
  await stubborn.hover();
  await stubborn.getByRole('button', { name: 'Cancel Run' }).click();
  await workbench.dialog('Cancel run 1?').getByRole('button', { name: 'Cancel Run' }).click();
  await expect(workbench.treeRow(/^run 1, canceled/)).toBeVisible();
});
