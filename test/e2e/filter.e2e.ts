import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, pythonPath, writeFiles } from './support/submitting.ts';

const scripts = {
  'several.py': `
import runledger

for experiment, learning_rate, loss in [("iris", 0.1, 5.0), ("iris", 0.01, 0.5), ("iris", 0.001, 2.0), ("digits", 0.1, 7.0)]:
    with runledger.start_run(experiment, params={"lr": learning_rate}, tags={"team": "vision"}) as run:
        run.log({"val loss": loss})
`,
  // Logs what it is told to, so that the test decides when it matches.
  'live.py': `
import sys
import runledger

with runledger.start_run("digits") as run:
    run.log({"val loss": 9.0})
    for line in sys.stdin:
        run.log({"val loss": float(line)})
`,
};

test('runs are found by what they logged, while they log it', async ({ workbench, emptyFolder }) => {
  // Two windows and two scripts.
  test.slow();
  const { page, quickInputText, quickInputRows } = workbench;
  const environment = { cwd: emptyFolder, env: { ...process.env, ...pythonPath } };
  await writeFiles(emptyFolder, scripts);
  await openNewWorkspace(workbench, emptyFolder);
  await promisify(execFile)('python3', ['several.py'], environment);
  await expect(workbench.treeRow(/^iris, 3 runs/)).toBeVisible();

  await workbench.runCommand('Runledger: Filter Runs');
  await quickInputText.fill('met');
  await quickInputRows.filter({ hasText: 'metrics.val loss' }).first().click();
  await expect(quickInputText).toHaveValue('metrics."val loss" ');
  await quickInputText.fill('metrics."val loss" < 4 and statsu = Failed');
  await expect(quickInputRows.first()).toContainText('There is no field "statsu". Did you mean "status"?');
  await workbench.screenshot('filter-1-problem');
  await page.keyboard.press('Enter');
  await expect(quickInputText).toBeVisible();
  await quickInputText.fill('metrics."val loss" < 4 order by metrics."val loss"');
  await expect(quickInputRows.first()).toContainText('Show 2 runs that match');
  await page.keyboard.press('Enter');

  const sideBar = page.locator('.part.sidebar');
  await expect(workbench.treeRow(/^iris, 2 of 3/)).toBeVisible();
  await expect(workbench.treeRow(/^run \d/)).toHaveText([/run 2/, /run 3/]);
  await expect(workbench.treeRow(/^digits/)).toHaveCount(0);
  await expect(sideBar.getByText('Runs that match: metrics."val loss" < 4')).toBeVisible();
  await workbench.screenshot('filter-2-dark');
  await workbench.setTheme('light');
  await workbench.screenshot('filter-2-light');

  const live = spawn('python3', ['live.py'], { ...environment, stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => live.once('exit', resolve));
  await expect(workbench.activityBarItem).toHaveAccessibleName(/1 run is going on/);
  await expect(workbench.treeRow(/^digits/)).toHaveCount(0);
  live.stdin.write('1.0\n');
  await expect(workbench.treeRow(/^digits, 1 of 2/)).toBeVisible();
  await expect(workbench.treeRow(/^run 2, running/)).toBeVisible();
  live.stdin.write('8.0\n');
  await expect(workbench.treeRow(/^digits/)).toHaveCount(0);
  live.stdin.end();
  expect(await ended).toBe(0);

  // The side bar comes back as it was.
  await workbench.reload();
  await expect(workbench.treeRow(/^iris, 2 of 3/)).toBeVisible();
  await sideBar.hover();
  await sideBar.getByRole('button', { name: 'Change Filter…' }).click();
  await expect(quickInputText).toHaveValue('metrics."val loss" < 4 order by metrics."val loss"');
  await quickInputText.fill('nothing to see');
  await expect(quickInputRows.first()).toContainText('Show 0 runs that match');
  await page.keyboard.press('Enter');
  await expect(workbench.treeRow(/^No runs match/)).toBeVisible();
  await workbench.screenshot('filter-3-none');
  await workbench.clickRow(workbench.treeRow(/^No runs match/));
  await expect(workbench.treeRow(/^iris, 3 runs/)).toBeVisible();
  await expect(workbench.treeRow(/^digits, 2 runs/)).toBeVisible();
  await expect(sideBar.getByText('Runs that match')).toHaveCount(0);
});
