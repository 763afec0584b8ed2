import { expect } from '@playwright/test';
import { test } from './support/devPages.ts';

test('all of a page can be reached in a low window, as beside an open terminal', async ({ page, devPages }) => {
  await page.setViewportSize({ width: 1000, height: 400 });
  await devPages.open(page, '/model-page.html?scenario=versions');
  await page.getByRole('heading', { name: 'Version 7' }).hover();
  await page.mouse.wheel(0, 5000);
  await expect(page.getByText('trained_on')).toBeInViewport();

  await devPages.open(page, '/experiment-page.html?theme=dark');
  const rows = page.getByRole('grid').getByRole('row');
  await expect(rows.nth(2)).toBeAttached();
  await page.getByRole('heading', { name: 'cifar10-resnet' }).hover();
  await page.mouse.wheel(0, 5000);
  await expect(rows.nth(5)).toBeInViewport();
});
