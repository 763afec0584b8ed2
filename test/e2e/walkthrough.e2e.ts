import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

test('the walkthrough leads to the first workspace and script, and notices what was done', async ({
  workbench,
  exampleCopy,
}) => {
  const { page } = workbench;
  await workbench.openFolder(exampleCopy);
  await workbench.showSideBar();
  await workbench.runCommand('Welcome: Open Walkthrough...');
  await workbench.pick('Track your first run');
  const walkthrough = page.locator('.gettingStartedContainer');
  const step = (title: string) => walkthrough.locator('.getting-started-step', { hasText: title });
  const isDone = (title: string) => step(title).getByRole('checkbox', { name: new RegExp(`${title}: Completed`) });
  await walkthrough.getByRole('button', { name: 'Create workspace', exact: true }).click();
  await expect(isDone('Create a workspace')).toBeVisible();
  await step('Log from your script').click();
  await expect(workbench.webview.getByText('Scripts written for')).toBeVisible();
  await workbench.screenshot('walkthrough-log-dark');

  await workbench.openFile('train.py');
  await page.locator('.part.sidebar').getByText('Open the walkthrough').click();
  await expect(isDone('Log from your script')).toBeAttached();
  await step('Watch it, and find it again').click();
  await expect(walkthrough.getByRole('img', { name: /The page of a run/ })).toBeVisible();
  await workbench.screenshot('walkthrough-watch-dark');
  await workbench.setTheme('light');
  await workbench.screenshot('walkthrough-watch-light');
});
