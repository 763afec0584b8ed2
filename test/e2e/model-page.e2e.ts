import { expect } from '@playwright/test';
import { test } from './support/devPages.ts';

test('the page of a model is used by keyboard alone: versions are chosen, marked and compared', async ({
  page,
  devPages,
}) => {
  await devPages.open(page, '/model-page.html?scenario=versions');
  const versions = page.getByRole('grid', { name: 'Versions of the model' });
  const chosen = versions.locator('tr[aria-selected="true"]');
  await expect(chosen).toHaveAttribute('data-version', '7');
  await expect(page.getByRole('img', { name: /^val\/accuracy by version: version 1 0\.872/ })).toBeVisible();

  await page.getByRole('button', { name: 'Register version…' }).focus();
  await page.keyboard.press('Tab');
  await expect(chosen).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(chosen).toHaveAttribute('data-version', '6');
  await expect(chosen).toBeFocused();
  await expect(page.getByRole('heading', { name: 'Version 6' })).toBeVisible();
  await page.keyboard.press('Space');
  await page.keyboard.press('End');
  await page.keyboard.press('Space');
  await expect(page.getByRole('heading', { name: 'Versions 1 and 6' })).toBeVisible();
  await expect(page.getByRole('status')).toHaveText('Comparing the versions 1 and 6.');
  await expect(page.getByRole('row', { name: /^arch resnet18 changed: resnet34/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^val\/accuracy 0\.872 changed: better 0\.934/ })).toBeVisible();
  await page.getByRole('button', { name: 'Compare code' }).press('Enter');
  await page.getByRole('button', { name: 'Close' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Version 1', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Download…' }).press('Enter');
  // The host hears of an action a moment later.
  await expect
    .poll(() => page.evaluate(() => Reflect.get(window, 'runledgerActions')))
    .toMatchObject([{ action: 'compareCode' }, { action: 'download', version: 1 }]);
});
