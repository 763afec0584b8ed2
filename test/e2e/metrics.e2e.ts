import { expect, type Locator, type Page } from '@playwright/test';
import { test } from './support/devPages.ts';

/** What the page has asked of the editor. */
interface Asked {
  readonly type: string;
  readonly action?: string;
  readonly form?: string;
  readonly content?: string;
  readonly metric?: string;
  readonly layout?: { readonly pinned: string[]; readonly hidden: string[]; readonly order: string[] };
}

function asked(page: Page): Promise<Asked[]> {
  return page.evaluate(() => (globalThis as unknown as { runledgerActions: Asked[] }).runledgerActions);
}

function chart(page: Page, name: string): Locator {
  return page.getByRole('group', { name, exact: false }).and(page.locator('runledger-chart-card')).first();
}

/** Whether the chart is drawn: its canvas has the size that Chart.js gave it. */
async function expectDrawn(card: Locator): Promise<void> {
  await expect(card.locator('canvas')).toHaveAttribute('style', /height/);
}

interface ComparedPlot extends HTMLElement {
  readonly name: string;
  readonly isSeen: boolean;
  readonly range: { set(bounds: { readonly min: number; readonly max: number }): void };
  readonly chart?: {
    readonly canvas: HTMLCanvasElement;
    readonly size: { readonly width: number; readonly height: number };
    readonly bounds: { readonly x: { readonly min: number; readonly max: number } };
    resize(size: { readonly width: number; readonly height: number }): void;
  };
}

/** In the page: moves the range of all charts by so little that their labels stay, and compares each with one that is laid out anew. */
async function compareMovedAxes(): Promise<{ compared: number; differing: string[] }> {
  const plots: ComparedPlot[] = [];
  const look = (root: ParentNode): void => {
    for (const element of root.querySelectorAll<HTMLElement>('*')) {
      if (element.localName === 'runledger-line-plot') {
        plots.push(element as ComparedPlot);
      }
      if (element.shadowRoot !== null) {
        look(element.shadowRoot);
      }
    }
  };
  look(document);
  const range = plots[0]?.range;
  const { min, max } = plots[0]?.chart?.bounds.x ?? { min: 0, max: 1 };
  const at = (share: number): number => min + share * (max - min);
  const moved = plots.filter((plot) => plot.range === range && plot.isSeen && plot.chart !== undefined);
  const move = async (from: number, to: number): Promise<void> => {
    const drawn = moved.map((plot) => new Promise((done) => plot.addEventListener('plot-drawn', done, { once: true })));
    range?.set({ min: at(from), max: at(to) });
    await Promise.all(drawn);
  };
  const layOut = ({ chart }: ComparedPlot): void => {
    const { width, height } = chart?.size ?? { width: 0, height: 0 };
    chart?.resize({ width, height: height + 1 });
    chart?.resize({ width, height });
  };
  await move(0.3, 0.7);
  for (const plot of moved) {
    layOut(plot);
  }
  await move(0.301, 0.701);
  const differing = moved.filter((plot) => {
    const before = plot.chart?.canvas.toDataURL();
    layOut(plot);
    return plot.chart?.canvas.toDataURL() !== before;
  });
  return { compared: moved.length, differing: differing.map(({ name }) => name) };
}

test('charts are arranged by hand and by keys, and the arrangement is kept', async ({ page, devPages }) => {
  await devPages.open(page, '/?theme=dark&scenario=running&tab=metrics');
  const names = page.locator('runledger-chart-card header > .clip');
  await expectDrawn(chart(page, 'val/ece'));
  await expect(names.first()).toHaveText('val/accuracy');

  await chart(page, 'val/ece')
    .locator('header')
    .dragTo(chart(page, 'val/accuracy'), { targetPosition: { x: 10, y: 60 } });
  await expect(names.first()).toHaveText('val/ece');
  await expectDrawn(chart(page, 'val/ece'));

  await chart(page, 'train/lr').focus();
  await page.keyboard.press('p');
  await expect(page.getByRole('button', { name: 'Pinned 1' })).toBeVisible();
  await expectDrawn(chart(page, 'train/lr'));
  await chart(page, 'val/loss').focus();
  await page.keyboard.press('Delete');
  await expect(chart(page, 'val/loss')).toHaveCount(0);
  await expect
    .poll(async () => (await asked(page)).findLast(({ type }) => type === 'layout')?.layout)
    .toMatchObject({ pinned: ['train/lr'], hidden: ['val/loss'] });

  await page.getByRole('button', { name: 'Choose charts' }).click();
  await page.getByRole('checkbox', { name: 'val/loss' }).check();
  await expectDrawn(chart(page, 'val/loss'));
});

test('a range is dragged in one chart, shown in all, and left by a double click', async ({ page, devPages }) => {
  await devPages.open(page, '/?theme=light&scenario=running&tab=metrics');
  const loss = chart(page, 'train/loss');
  await expectDrawn(loss);
  const box = await loss.locator('canvas').boundingBox();
  const at = (share: number): [number, number] => [(box?.x ?? 0) + (box?.width ?? 0) * share, (box?.y ?? 0) + 60];
  await page.mouse.move(...at(0.4));
  await page.mouse.down();
  await page.mouse.move(...at(0.6), { steps: 4 });
  await page.mouse.up();
  const range = page.getByRole('button', { name: /^step [\d,]+ to [\d,]+/ });
  await expect(range).toBeVisible();
  const selected = await range.textContent();
  await page.keyboard.down('Shift');
  await page.mouse.down();
  await page.mouse.move(...at(0.5), { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(range).not.toHaveText(selected ?? '');
  await page.mouse.dblclick(...at(0.5));
  await expect(range).toHaveCount(0);
});

test('axes whose bounds have moved look as if they were laid out anew', async ({ page, devPages }) => {
  await devPages.open(page, '/?theme=dark&scenario=running&tab=metrics');
  await expectDrawn(chart(page, 'train/loss'));
  for (const scale of ['Linear', 'Log']) {
    await page.getByRole('radio', { name: scale, exact: true }).click();
    const found = await page.evaluate(compareMovedAxes);
    expect(found.compared).toBeGreaterThan(3);
    expect(found.differing).toEqual([]);
  }
});

test('a chart leaves as a picture and as data', async ({ page, devPages }) => {
  await devPages.open(page, '/?theme=light&scenario=hostile&tab=metrics');
  const card = page.locator('runledger-chart-card').first();
  await expectDrawn(card);
  for (const item of ['Export as SVG…', 'Export as PNG…', 'Export data as CSV…']) {
    await card.focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: item }).click();
  }
  await expect.poll(async () => (await asked(page)).filter(({ type }) => type === 'action')).toHaveLength(3);
  const [svg, png, csv] = (await asked(page)).filter(({ type }) => type === 'action');
  const title = await page.evaluate(
    (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('title')?.textContent,
    svg?.content ?? '',
  );
  expect(title).toBe('<img src=x onerror=alert(1)>/loss');
  expect(svg?.content).toMatch(/<path d="M[\d.]+ [\d.]+L/);
  expect(
    Buffer.from(png?.content ?? '', 'base64')
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  expect(csv).toMatchObject({ action: 'exportMetric', metric: title });
});
