import { execFile } from 'node:child_process';
import { open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, type FrameLocator } from '@playwright/test';
import { test } from './support/fixtures.ts';

const run = promisify(execFile);

/** Logs the points that it is told to through a pipe, one for each line, so that the test decides when each appears. */
const script = `
from azureml.core import Run
run = Run.get_context()
for step in range(50):
    run.log('loss', 1 / (step + 1), step=step)
    run.log('accuracy', step / 100, step=step)
with open('SOURCE/orders') as orders:
    for order in orders:
        run.log('loss', float(order), step=step + 1)
        step += 1
`;

interface PageActivity {
  readonly messages: { type: string; bytes: number; metrics?: string[] }[];
}

/** Notes, from now on, which messages the page gets. */
async function observe(frame: FrameLocator): Promise<() => Promise<PageActivity>> {
  const body = frame.locator('body');
  await body.evaluate(() => {
    const activity = { messages: [] as unknown[] };
    Object.assign(globalThis, { runledgerTestActivity: activity });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.name === 'runledger:message') {
          activity.messages.push((entry as PerformanceMark).detail);
        }
      }
    }).observe({ entryTypes: ['mark'] });
  });
  return () =>
    body.evaluate(
      () => (globalThis as unknown as { runledgerTestActivity: PageActivity }).runledgerTestActivity,
    ) as Promise<PageActivity>;
}

/** The charts of metrics that the page has built so far, those of what the run uses of the machine left out. */
function chartsOf(frame: FrameLocator): Promise<string[]> {
  return frame.locator('body').evaluate(() =>
    performance
      .getEntriesByName('runledger:chart-created')
      .map((entry) => String((entry as PerformanceMark).detail))
      .filter((name) => !name.startsWith('system/')),
  );
}

test('one new point of a running run is one small message, and rebuilds no chart', async ({
  workbench,
  emptyFolder,
}) => {
  await run('mkfifo', [path.join(emptyFolder, 'orders')]);
  await writeFile(path.join(emptyFolder, '.amlignore'), 'orders\n');
  await writeFile(path.join(emptyFolder, 'train.py'), script.replace('SOURCE', emptyFolder));
  await workbench.openFolder(emptyFolder);
  await workbench.showSideBar();
  await workbench.page.locator('.part.sidebar').getByRole('button', { name: 'Create workspace' }).click();
  await expect(workbench.page.locator('.part.sidebar').getByText('No runs yet')).toBeVisible();
  await workbench.openFile('train.py');
  await workbench.runCommand('Runledger: Submit');
  await workbench.pick(/^\s*local(?! \(in place\))/);
  await workbench.quickInputText.fill('live');
  await workbench.pick('New experiment: live');

  const page = workbench.webview;
  await page.getByRole('tab', { name: /Metrics/ }).click();
  const loss = page.locator('runledger-chart-card', { hasText: 'loss' });
  await expect(loss.locator('canvas').first()).toBeVisible();
  await expect(loss).toContainText('0.0200');
  // A canvas is there before its chart.
  await expect.poll(() => chartsOf(page)).toEqual(expect.arrayContaining(['loss', 'accuracy']));
  const charts = await chartsOf(page);
  const activity = await observe(page);

  // Opening the pipe for writing waits until the script reads from it.
  const orders = await open(path.join(emptyFolder, 'orders'), 'w');
  for (const value of ['0.875', '0.75', '0.625']) {
    const before = (await activity()).messages.length;
    await orders.write(`${value}\n`);
    await expect(loss).toContainText(value);
    const { messages } = await activity();
    expect(await chartsOf(page), 'no chart is rebuilt').toEqual(charts);
    // What the run uses of the machine comes in messages of its own.
    const deltas = messages
      .slice(before)
      .filter(({ type, metrics }) => type === 'delta' && metrics?.every((name) => name.startsWith('system/')) !== true);
    expect(deltas, 'one point is one message').toHaveLength(1);
    expect(deltas[0]?.bytes, 'which is small').toBeLessThan(1000);
  }
  await orders.close();
  await expect(workbench.treeRow(/run 1\b/).first()).toHaveAccessibleName(/completed/i);
});
