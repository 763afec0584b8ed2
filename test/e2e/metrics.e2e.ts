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

function plotsOf(page: Page): Locator {
  return page.locator('runledger-line-plot');
}

interface ComparedPlot extends Element {
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
async function compareMovedAxes(elements: Element[]): Promise<{ compared: number; differing: string[] }> {
  const plots = elements as ComparedPlot[];
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
    const found = await plotsOf(page).evaluateAll(compareMovedAxes);
    expect(found.compared).toBeGreaterThan(3);
    expect(found.differing).toEqual([]);
  }
});

/** In the page: the charts that are made and not near, and those of them that show another range than the first chart. */
function readyCharts(elements: Element[]): { made: number; behind: string[] } {
  interface ReadyPlot extends Element {
    readonly name: string;
    readonly isSeen: boolean;
    readonly chart?: { readonly bounds: { readonly x: { readonly min: number; readonly max: number } } };
  }
  const plots = elements as ReadyPlot[];
  const wanted = plots[0]?.chart?.bounds.x;
  const ready = plots.filter(({ isSeen, chart }) => !isSeen && chart !== undefined);
  const behind = ready.filter(
    ({ chart }) => chart?.bounds.x.min !== wanted?.min || chart?.bounds.x.max !== wanted?.max,
  );
  return { made: ready.length, behind: behind.map(({ name }) => name) };
}

test('charts that may soon be seen are made while the page rests, and follow the range of the others', async ({
  page,
  devPages,
}) => {
  await devPages.open(page, '/?theme=dark&scenario=many&tab=metrics');
  await expect.poll(async () => (await plotsOf(page).evaluateAll(readyCharts)).made).toBeGreaterThan(3);
  await page.locator('runledger-chart-card').first().focus();
  await page.keyboard.press('+');
  await expect(page.getByRole('button', { name: /^step [\d,]+ to [\d,]+/ })).toBeVisible();
  await expect.poll(async () => (await plotsOf(page).evaluateAll(readyCharts)).behind).toEqual([]);
  const { made } = await plotsOf(page).evaluateAll(readyCharts);
  expect(made).toBeGreaterThan(3);
});

/** In the page: the cards that are below what is seen, each with its height and its words. */
function cardsBelow(elements: Element[]): { height: number; words: string }[] {
  return elements
    .filter((card) => card.getBoundingClientRect().top > 2 * innerHeight)
    .map((card) => ({ height: card.clientHeight, words: card.shadowRoot?.textContent?.trim() ?? '' }));
}

test('cards that are far away get their names when the page rests, and have the room of the others from the start', async ({
  page,
  devPages,
}) => {
  await devPages.open(page, '/?theme=dark&scenario=crowded&tab=metrics');
  const cards = page.locator('runledger-chart-card');
  await cards.first().waitFor();
  const height = await cards.first().evaluate((card) => card.clientHeight);
  const below = await cards.evaluateAll(cardsBelow);
  expect(below.length).toBeGreaterThan(10);
  expect(below.filter((card) => card.height !== height)).toEqual([]);
  await expect
    .poll(async () => (await cards.evaluateAll(cardsBelow)).filter(({ words }) => words === ''))
    .toHaveLength(0);
  expect((await cards.evaluateAll(cardsBelow)).filter((card) => card.height !== height)).toEqual([]);
  await expect(cards.last()).toHaveAttribute('aria-label', /./);
});

/** In the page: the plots whose curves have other colours than the theme has for curves. */
function plotsOfOtherTheme(elements: Element[]): { drawn: number; wrong: string[] } {
  interface ThemedPlot extends Element {
    readonly name: string;
    readonly curves: readonly { readonly colour: string }[];
    readonly theme: { readonly current: { readonly series: readonly string[] } };
  }
  const drawn = (elements as ThemedPlot[]).filter(({ curves }) => curves.length > 0);
  const wrong = drawn.filter(({ curves, theme }) =>
    curves.some(({ colour }) => !theme.current.series.includes(colour)),
  );
  return { drawn: drawn.length, wrong: wrong.map(({ name }) => name) };
}

test('curves of every page follow the theme when it changes', async ({ page, devPages }) => {
  for (const address of ['/?scenario=running&tab=metrics', '/experiment-page.html?', '/compare-page.html?']) {
    await devPages.open(page, `${address}&theme=dark`);
    await expect.poll(async () => (await plotsOf(page).evaluateAll(plotsOfOtherTheme)).drawn).toBeGreaterThan(1);
    await page.evaluate(() => {
      document.documentElement.dataset.theme = 'light';
      document.body.className = 'vscode-light';
    });
    await expect.poll(async () => (await plotsOf(page).evaluateAll(plotsOfOtherTheme)).wrong, address).toEqual([]);
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
