import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

test('the walkthrough leads from the empty view through the first run', async ({ workbench, exampleCopy }) => {
  const { page } = workbench;
  await workbench.openFolder(exampleCopy);
  await workbench.showSideBar();
  await page.locator('.part.sidebar').getByRole('button', { name: 'Create workspace' }).click();
  await page.locator('.part.sidebar').getByRole('link', { name: 'Open the walkthrough' }).click();
  const walkthrough = page.locator('.gettingStartedContainer');
  await expect(walkthrough.getByText('Track your first run').first()).toBeVisible();
  const step = (title: string) => walkthrough.locator('.getting-started-step', { hasText: title });
  await expect(step('Create a workspace').locator('.codicon-getting-started-step-checked')).toBeVisible();
  await step('Log from your script').click();
  await workbench.screenshot('walkthrough-log-dark');
  await step('Watch it, and find it again').click();
  await expect(walkthrough.locator('.getting-started-media img').first()).toBeVisible();
  await workbench.screenshot('walkthrough-watch-dark');
  await workbench.setTheme('light');
  await workbench.screenshot('walkthrough-watch-light');
});
