import { spawn } from 'node:child_process';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { openNewWorkspace, pythonPath, writeFiles } from './support/submitting.ts';

// Logs what it is told to, so that the test decides what stands beside the code.
const script = `import sys
import runledger

with runledger.start_run("digits") as run:
    for step, line in enumerate(sys.stdin):
        loss = float(line)
        run.log({"val loss": loss}, step=step)
`;

test('values stand beside the code while it runs, with a curve, and lead to the run', async ({
  workbench,
  emptyFolder,
}) => {
  const { page } = workbench;
  await writeFiles(emptyFolder, { 'live.py': script });
  await openNewWorkspace(workbench, emptyFolder);
  await workbench.openFile('live.py');
  const line = page.locator('.view-line', { hasText: 'run.log(' });
  const lens = page.locator('.codelens-decoration a');
  await expect(lens.first()).toContainText('Submit');

  const environment = { cwd: emptyFolder, env: { ...process.env, ...pythonPath } };
  const running = spawn('python3', ['live.py'], { ...environment, stdio: ['pipe', 'inherit', 'inherit'] });
  try {
    running.stdin.write('0.5\n');
    await expect(line).toContainText('0.500');
    running.stdin.write('0.125\n0.25\n');
    await expect(line).toContainText('0.250 · best 0.125');
    await expect(lens.filter({ hasText: '#1 · val loss 0.250' })).toBeVisible();
    await line.getByText('"val loss"').hover();
    const hover = page.locator('.monaco-hover:visible');
    await expect(hover.getByRole('img')).toBeVisible();
    await expect(hover.getByRole('table')).toContainText('0.125');
    await workbench.screenshot('python-1-hover-dark');
  } finally {
    running.stdin.end();
  }
  await page.keyboard.press('Escape');
  await workbench.setTheme('light');
  await workbench.screenshot('python-2-light');
  await lens.filter({ hasText: '#1' }).click();
  await expect(workbench.editorTab(/digits|run 1/)).toBeVisible();
});
