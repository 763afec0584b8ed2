import { expect } from '@playwright/test';
import { test } from './support/devPages.ts';

test.use({ trace: 'off', screenshot: 'off' });

test('what a run page changes and looks for, by keyboard', async ({ page, devPages }) => {
  await devPages.open(page, '/?theme=dark&scenario=running&tab=overview');

  // The description, in Markdown; HTML in it stays text.
  await page.getByRole('button', { name: 'Edit the description' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Description, in Markdown' }).fill('**bold** <i>text</i>');
  await page.keyboard.press('Control+Enter');
  // The notes below it are Markdown too.
  const description = page.locator('.markdown').first();
  await expect(description.locator('strong')).toHaveText('bold');
  await expect(description).toContainText('<i>text</i>');
  await expect(page.getByRole('button', { name: 'Edit the description' })).toBeFocused();

  // A tag: added, changed, given up, removed.
  await page.getByRole('button', { name: 'Add tag' }).click();
  await page.keyboard.type('owner');
  await page.keyboard.press('Tab');
  await page.keyboard.type('mara');
  await page.keyboard.press('Enter');
  const tag = page.getByRole('button', { name: 'owner mara: change the tag' });
  await expect(tag).toHaveText('owner mara');
  await tag.click();
  await page.getByRole('textbox', { name: 'Value' }).fill('lost');
  await page.keyboard.press('Escape');
  await expect(tag).toHaveText('owner mara');
  await page.getByRole('button', { name: 'Remove the tag owner' }).click();
  await expect(tag).toHaveCount(0);

  // The log: a search that goes around.
  await page.getByRole('tab', { name: /Outputs/ }).click();
  await page.getByRole('textbox', { name: 'Search the log' }).fill('dataloader WORKER');
  const places = page.locator('runledger-find-bar [role=status]');
  await expect(places).toHaveText(/^\d of 3$/);
  await expect(page.locator('.current .match').first()).toHaveText(/DataLoader worker/);
  const first = await places.textContent();
  await page.keyboard.press('Enter');
  await expect(places).not.toHaveText(first ?? '');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(places).toHaveText(first ?? '');

  // A file, found by its name, shown beside the tree.
  await page.getByRole('textbox', { name: 'Filter files' }).fill('predictions');
  await page.getByRole('treeitem', { name: /predictions.csv/ }).click();
  await expect(page.getByRole('columnheader', { name: 'score' })).toBeVisible();
});

test('trials are chosen by a stretch of an axis', async ({ page, devPages }) => {
  await devPages.open(page, '/?theme=light&scenario=sweep&tab=children');
  const rows = page.getByRole('region', { name: 'Child runs' }).getByRole('row');
  await expect(page.getByText('29 of 31 ended')).toBeVisible();
  const axis = page.getByRole('group', { name: /^val\/accuracy, chosen: all/ });
  await axis.focus();
  for (let press = 0; press < 18; press++) {
    await page.keyboard.press('ArrowUp');
  }
  await expect(page.getByText(/\d of 31 trials in the selection/)).toBeVisible();
  const count = await rows.count();
  expect(count).toBeGreaterThan(1);
  expect(count).toBeLessThan(10);
  await page.keyboard.press('Delete');
  await expect(page.getByText('trials in the selection')).toHaveCount(0);
});
