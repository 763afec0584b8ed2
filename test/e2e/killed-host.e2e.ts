import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, submitScript, writeFiles } from './support/submitting.ts';

const script = `
import os, time
from azureml.core import Run
run = Run.get_context()
run.log('loss', 0.5)
while not os.path.exists(os.environ['GO']):
    time.sleep(0.02)
run.log('loss', 0.25)
`;

/** The extension hosts of a server, which are among its descendants. */
function extensionHosts(server: number): readonly number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((row) => (row === null ? [] : [{ pid: Number(row[1]), parent: Number(row[2]), args: row[3] ?? '' }]));
  const family = new Set([server]);
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const { pid, parent } of rows) {
      if (family.has(parent)) {
        family.add(pid);
      }
    }
  }
  return rows.filter(({ pid, args }) => family.has(pid) && args.includes('extensionHost')).map(({ pid }) => pid);
}

test('a run goes on when the extension host is killed, and is found again as it has ended', async ({
  workbench,
  emptyFolder,
}) => {
  const go = path.join(emptyFolder, 'go');
  await writeFiles(emptyFolder, {
    'train.py': script,
    '.azureml/held.runconfig': `target: local\nenvironmentVariables:\n  GO: ${go}\n`,
  });
  await openNewWorkspace(workbench, emptyFolder);
  await submitScript(workbench, 'train.py', { experiment: 'held', runConfiguration: 'held' });
  await expect(workbench.treeRow(/^run 1, running/)).toBeVisible();
  const hosts = extensionHosts(workbench.server.processId);
  expect(hosts).toHaveLength(1);
  process.kill(hosts[0] ?? 0, 'SIGKILL');
  await expect.poll(() => extensionHosts(workbench.server.processId)).not.toEqual(hosts);
  await writeFile(go, '');
  // VS Code starts another one by itself, which reads what is there.
  await expect(workbench.treeRow(/^run 1, completed/)).toBeVisible();
  await expect(workbench.activityBarItem.locator('.badge')).toBeHidden();

  // The page of the killed one is nobody's any more, which it says; the run gets another.
  await expect(workbench.webview.getByText('This page may be out of date')).toBeVisible();
  await workbench.screenshot('killed-host');
  await workbench.clickRow(workbench.treeRow(/^run 1, completed/));
  await expect(workbench.webview.getByText('Completed').first()).toBeVisible();
});
