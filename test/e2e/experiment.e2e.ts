import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, pythonPath, writeFiles } from './support/submitting.ts';

const runCount = 60;

const script = `
import runledger

for number in range(1, ${runCount + 1}):
    params = {"lr": 0.1 if number % 2 else 0.01, "<b>arch</b>": "resnet"}
    with runledger.start_run("iris", params=params, tags={"team": "vision"}) as run:
        for step in range(10):
            run.log({"val/accuracy": number / ${runCount} * (1 - 0.5 ** step), "val/loss": 1 / number}, step=step)
`;

test('an experiment is filtered, sorted and grouped on its page, and two of its runs are compared', async ({
  workbench,
  emptyFolder,
}) => {
  const { page } = workbench;
  await writeFiles(emptyFolder, { 'many.py': script });
  await openNewWorkspace(workbench, emptyFolder);
  await promisify(execFile)('python3', ['many.py'], { cwd: emptyFolder, env: { ...process.env, ...pythonPath } });
  const experiment = workbench.treeRow(/^iris, \d+ runs/);
  await experiment.hover();
  await experiment.getByRole('button', { name: 'Open Experiment' }).click();
  await workbench.editorTab('iris').waitFor();

  const view = workbench.webview;
  const rows = view.getByRole('grid', { name: 'Runs' }).getByRole('row', { name: /Completed/ });
  await expect(view.getByRole('heading', { name: 'iris' })).toBeVisible();
  await expect(view.getByText('60 runs', { exact: true })).toBeVisible();
  await expect(rows.first()).toContainText('run 60');
  await expect(view.getByText('5 runs, step').first()).toBeVisible();
  await expect(workbench.treeRow(/^iris, 60 runs/)).toBeVisible();
  await workbench.screenshot('experiment-1-dark');

  const filter = view.getByRole('combobox', { name: 'Filter runs' });
  await filter.fill('params.lr = 0.01 and statsu = Failed');
  await expect(view.getByText('Did you mean "status"?')).toBeVisible();
  await filter.fill('params.lr = 0.01');
  await expect(view.getByText('30 of 60 runs match')).toBeVisible();
  await filter.press('Escape');
  await view.getByRole('button', { name: /^val\/loss/ }).click();
  await expect(rows.first()).toContainText('run 60');
  await view.getByRole('button', { name: /^val\/loss/ }).click();
  await expect(rows.first()).toContainText('run 2');

  // A run that is in the way is left out.
  await rows.nth(3).click();
  await page.keyboard.press('h');
  await expect(view.getByText('29 of 60 runs match')).toBeVisible();
  await expect(view.getByRole('button', { name: '1 hidden' })).toBeVisible();

  await rows.nth(0).click();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(view.getByText('2 selected')).toBeVisible();
  await workbench.setTheme('light');
  await workbench.screenshot('experiment-2-light');
  await view.getByRole('button', { name: 'Compare' }).click();
  await workbench.editorTab('Compare 2 runs').waitFor();

  const comparison = workbench.webview;
  await expect(comparison.getByRole('heading', { name: 'Compare 2 runs' })).toBeVisible();
  await expect(comparison.getByRole('row', { name: /^val\/loss/ })).toContainText('0.500');
  await expect(comparison.getByText('2 runs, step').first()).toBeVisible();
  await workbench.screenshot('compare-light');

  // A run of the tree joins it, dropped with Shift held.
  const run = (number: number) => workbench.treeRow(new RegExp(`^run ${number},`));
  await workbench.expandTreeRow(/^iris, 60 runs/);
  await run(58).hover();
  await page.mouse.down();
  await page.keyboard.down('Shift');
  const box = await page.locator('iframe.webview:visible').boundingBox();
  await page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 200, { steps: 5 });
  await page.mouse.move((box?.x ?? 0) + 220, (box?.y ?? 0) + 220, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(comparison.getByRole('heading', { name: 'Compare 3 runs' })).toBeVisible();

  // Both come back as they were.
  await workbench.reload();
  await expect(workbench.webview.getByRole('heading', { name: 'Compare 3 runs' })).toBeVisible();
  await workbench.editorTab('iris').click();
  await expect(workbench.webview.getByText('29 of 60 runs match')).toBeVisible();
});
