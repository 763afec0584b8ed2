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
  readonly created: number;
}

/** Notes, from now on, which messages the page gets and which charts it builds. */
async function observe(frame: FrameLocator): Promise<() => Promise<PageActivity>> {
  const body = frame.locator('body');
  await body.evaluate(() => {
    const activity = { messages: [] as unknown[], created: 0 };
    Object.assign(globalThis, { runledgerTestActivity: activity });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.name === 'runledger:message') {
          activity.messages.push((entry as PerformanceMark).detail);
        } else if (entry.name === 'runledger:chart-created') {
          activity.created++;
        }
      }
    }).observe({ entryTypes: ['mark'] });
  });
  return () =>
    body.evaluate(
      () => (globalThis as unknown as { runledgerTestActivity: PageActivity }).runledgerTestActivity,
    ) as Promise<PageActivity>;
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
  const activity = await observe(page);

  // Opening the pipe for writing waits until the script reads from it.
  const orders = await open(path.join(emptyFolder, 'orders'), 'w');
  for (const value of ['0.875', '0.75', '0.625']) {
    const before = (await activity()).messages.length;
    await orders.write(`${value}\n`);
    await expect(loss).toContainText(value);
    const { messages, created } = await activity();
    expect(created, 'no chart is rebuilt').toBe(0);
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
