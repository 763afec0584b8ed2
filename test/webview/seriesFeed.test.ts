import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ColumnSampler, columnFunction } from '../../src/core/run-index/pixelColumns.ts';
import type { SeriesAppendModel, SeriesModel, SeriesRange } from '../../src/protocol/series.ts';
import { pixelScale } from '../../webview-ui/charts/axes.ts';
import type { Plot } from '../../webview-ui/charts/curvePainter.ts';
import { continueAverage } from '../../webview-ui/charts/movingAverage.ts';
import { pixelGridOf } from '../../webview-ui/charts/pixelGrid.ts';
import { type FeedChange, SeriesFeed, type SeriesSource } from '../../webview-ui/charts/seriesFeed.ts';
import type { SeriesView } from '../../webview-ui/charts/seriesView.ts';

interface Asked {
  readonly range: SeriesRange;
  readonly signal: AbortSignal;
  answer(series: SeriesModel): Promise<void>;
}

/** The page's end of a series whose other end is the test. */
class HandSource implements SeriesSource {
  readonly asked: Asked[] = [];
  push: (points: SeriesAppendModel | undefined) => void = () => {};

  request(range: SeriesRange, signal: AbortSignal): Promise<SeriesModel> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      const answer = async (series: SeriesModel): Promise<void> => {
        resolve(series);
        await Promise.resolve();
      };
      this.asked.push({ range, signal, answer });
    });
  }

  onPoints(listener: (points: SeriesAppendModel | undefined) => void): () => void {
    this.push = listener;
    return () => {};
  }

  onReload(): () => void {
    return () => {};
  }
}

const view: SeriesView = {
  axis: 'step',
  xScale: 'linear',
  yScale: 'linear',
  origin: 0,
  smoothing: 0,
  width: 100,
  range: undefined,
};

function series(x: readonly number[], totalCount = x.length): SeriesModel {
  return { x, times: x.map((step) => 1000 + step), values: x, totalCount };
}

function points(...x: number[]): SeriesAppendModel {
  return { metric: 'm', x, times: x.map((step) => 1000 + step), values: x };
}

function newFeed(start: SeriesView = view): { source: HandSource; feed: SeriesFeed; changes: FeedChange['kind'][] } {
  const source = new HandSource();
  const changes: FeedChange['kind'][] = [];
  const feed = new SeriesFeed(source, start, ({ kind }) => changes.push(kind));
  feed.start();
  return { source, feed, changes };
}

describe('a series on the page', () => {
  it('is asked for once and goes on with what is pushed', async () => {
    const { source, feed, changes } = newFeed();
    source.push(points(2, 3));
    await source.asked[0]?.answer(series([0, 1, 2]));
    source.push(points(4));
    expect(feed.buffer.x).toEqual([0, 1, 2, 3, 4]);
    expect(changes).toEqual(['replaced', 'appended']);
    expect(source.asked).toHaveLength(1);
  });

  it('is not asked for again where the page has all of it', async () => {
    const { source, feed } = newFeed();
    await source.asked[0]?.answer(series([0, 1, 2]));
    feed.setView({ ...view, range: { min: 0.5, max: 1.5 }, yScale: 'log', width: 1000 });
    expect(feed.hasAll).toBe(true);
    expect(source.asked).toHaveLength(1);
  });

  it('is asked for with more on both sides when a range is shown, at the same fineness', async () => {
    const { source, feed } = newFeed();
    await source.asked[0]?.answer(series([0, 10, 20], 10_000));
    feed.setView({ ...view, range: { min: 10, max: 20 } });
    expect(source.asked[1]?.range).toMatchObject({ from: 5, to: 25, width: 200 });
  });

  it('lets an answer come that a moving range has overtaken, and then asks for where it is', async () => {
    const { source, feed } = newFeed();
    await source.asked[0]?.answer(series([0, 10, 20], 10_000));
    for (const min of [10, 11, 12, 40]) {
      feed.setView({ ...view, range: { min, max: min + 10 } });
    }
    expect(source.asked).toHaveLength(2);
    await source.asked[1]?.answer(series([5, 25], 5000));
    expect(source.asked).toHaveLength(3);
    expect(source.asked[2]?.range).toMatchObject({ from: 35, to: 55 });
  });

  it('stops the request for a smoothing that is not wanted any more', async () => {
    const { source, feed, changes } = newFeed();
    await source.asked[0]?.answer(series([0, 1, 2]));
    feed.setView({ ...view, smoothing: 0.5 });
    feed.setView({ ...view, smoothing: 0.9 });
    expect(source.asked.map(({ range, signal }) => [range.smoothing, signal.aborted])).toEqual([
      [0, false],
      [0.5, true],
      [0.9, false],
    ]);
    await source.asked[2]?.answer(series([0, 1, 2]));
    expect(changes).toEqual(['replaced', 'replaced']);
  });

  it('draws no line from a range in the past to a new point', async () => {
    const { source, feed, changes } = newFeed({ ...view, range: { min: 10, max: 20 } });
    await source.asked[0]?.answer(series([4, 10, 20, 26], 1000));
    source.push(points(90));
    expect(feed.buffer.x.at(-1)).toBe(26);
    expect(changes).toEqual(['replaced']);
  });

  it('is read again when a point came in its midst', async () => {
    const { source } = newFeed();
    await source.asked[0]?.answer(series([0, 5]));
    source.push(undefined);
    expect(source.asked).toHaveLength(2);
    await source.asked[1]?.answer(series([0, 3, 5]));
    source.push({ metric: 'm', x: [4], times: [2000], values: [4] });
    expect(source.asked).toHaveLength(3);
  });
});

describe('a thinned line that grows', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is chosen anew for the pixels that cut it now, once for all points of a second, and goes on meanwhile', async () => {
    vi.useFakeTimers();
    const { source, feed, changes } = newFeed();
    await source.asked[0]?.answer(series([0, 5, 9], 10));
    source.push(points(10));
    vi.advanceTimersByTime(600);
    source.push(points(11));
    expect(source.asked).toHaveLength(1);
    vi.advanceTimersByTime(400);
    expect(source.asked).toHaveLength(2);
    expect(source.asked[1]?.range).not.toHaveProperty('from');
    source.push(points(12));
    expect(feed.buffer.x).toEqual([0, 5, 9, 10, 11, 12]);
    await source.asked[1]?.answer(series([0, 6, 11], 12));
    expect(feed.buffer.x).toEqual([0, 6, 11, 12]);
    expect(feed.buffer.totalCount).toBe(13);
    expect(changes).toEqual(['replaced', 'appended', 'appended', 'appended', 'replaced']);
    vi.advanceTimersByTime(1000);
    expect(source.asked).toHaveLength(3);
    await source.asked[2]?.answer(series([0, 6, 12], 13));
    vi.advanceTimersByTime(60_000);
    expect(source.asked).toHaveLength(3);
  });

  it('takes no more than a twentieth of the host’s time', async () => {
    vi.useFakeTimers();
    const { source } = newFeed();
    vi.advanceTimersByTime(500);
    await source.asked[0]?.answer(series([0, 5, 9], 10));
    source.push(points(10));
    vi.advanceTimersByTime(9_999);
    expect(source.asked).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(source.asked).toHaveLength(2);
  });

  it('is left as it is where the page has all of it, where a range is shown, and after the page was hidden', async () => {
    vi.useFakeTimers();
    const whole = newFeed();
    await whole.source.asked[0]?.answer(series([0, 1, 2]));
    whole.source.push(points(3));
    const ranged = newFeed({ ...view, range: { min: 0, max: 100 } });
    await ranged.source.asked[0]?.answer(series([0, 5, 9], 10));
    ranged.source.push(points(10));
    const hidden = newFeed();
    await hidden.source.asked[0]?.answer(series([0, 5, 9], 10));
    hidden.source.push(points(10));
    hidden.feed.stop();
    vi.advanceTimersByTime(60_000);
    expect([whole, ranged, hidden].map(({ source }) => source.asked.length)).toEqual([1, 1, 1]);
  });
});

describe('the drawn line of a thinned series', () => {
  const ratio = 1.5;
  const area = { left: 33.4, right: 233.9, top: 6, bottom: 120 };
  const seed = 7;
  const random = fc.sample(fc.double({ min: 0, max: 1, noNaN: true }), { seed, numRuns: 20_000 });
  const steps = random.map((share, index) => 5 + index * 3 + Math.floor(share * 3));
  const values = random.map((_, index) => Math.sin(index / 900) + (random.at(-1 - index) ?? 0));

  /** Answers as the host does. */
  function thinned({ from, to, width, xScale }: SeriesRange): SeriesModel {
    const first = steps[0] ?? 0;
    const last = steps.at(-1) ?? 0;
    const bounds = { from: from ?? first, to: to ?? last };
    const columnOf = columnFunction({ ...bounds, width, isLogarithmic: xScale === 'log' });
    const sampler = new ColumnSampler();
    for (const [index, x] of steps.entries()) {
      sampler.add(columnOf(x), { x, time: x, value: values[index] ?? 0 });
    }
    return sampler.finish(steps.length);
  }

  function plotOf(scale: 'linear' | 'log'): Plot {
    const inSight = {
      min: steps[0] ?? 0,
      max: (steps.at(-1) ?? 0) * 1.01,
    };
    return {
      area,
      x: pixelScale(inSight, scale, area.left, area.right),
      y: pixelScale({ min: -1, max: 2 }, 'linear', area.bottom, area.top),
      inSight,
    };
  }

  /** How far up and down a line reaches in each column of device pixels. */
  function coverage(x: readonly number[], y: readonly number[], plot: Plot): readonly string[] {
    const spans = new Map<number, { low: number; high: number }>();
    const mark = (column: number, py: number): void => {
      const span = spans.get(column) ?? { low: py, high: py };
      spans.set(column, { low: Math.min(span.low, py), high: Math.max(span.high, py) });
    };
    const at = (place: number): readonly [number, number] => [
      plot.x.toPixel(x[place] ?? 0) * ratio,
      plot.y.toPixel(y[place] ?? 0) * ratio,
    ];
    for (let place = 1; place < x.length; place++) {
      const [fromX, fromY] = at(place - 1);
      const [toX, toY] = at(place);
      for (let column = Math.floor(fromX); column <= Math.floor(toX); column++) {
        const share = (edge: number): number =>
          toX === fromX ? 0 : Math.min(1, Math.max(0, (edge - fromX) / (toX - fromX)));
        mark(column, fromY + share(column) * (toY - fromY));
        mark(column, column + 1 > toX ? toY : fromY + share(column + 1) * (toY - fromY));
      }
    }
    return [...spans].map(([column, { low, high }]) => `${column}: ${low.toFixed(3)} to ${high.toFixed(3)}`);
  }

  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(['linear', 'log'] as const)('covers the same pixels as that of all points, on a %s axis', async (scale) => {
    vi.useFakeTimers();
    const { source, feed } = newFeed({ ...view, xScale: scale, width: 320 });
    const answer = async (index: number): Promise<void> => {
      const asked = source.asked[index];
      await asked?.answer(thinned(asked.range));
    };
    await answer(0);
    const plot = plotOf(scale);
    const everything = coverage(steps, values, plot);
    const shown = (): readonly string[] => coverage(feed.buffer.x, feed.buffer.values, plot);
    expect(shown()).not.toEqual(everything);
    feed.setGrid(pixelGridOf(plot, ratio), undefined);
    vi.advanceTimersByTime(1_000);
    await answer(1);
    expect(feed.buffer.length).toBeLessThan(2_500);
    expect(shown()).toEqual(everything);
    feed.setGrid(pixelGridOf(plot, ratio), undefined);
    vi.advanceTimersByTime(60_000);
    expect(source.asked).toHaveLength(2);
  });

  it('asks for nothing while it pauses, and then only for what has changed', async () => {
    vi.useFakeTimers();
    const { source, feed, changes } = newFeed();
    feed.pause();
    await source.asked[0]?.answer(series([0, 10, 20], 10_000));
    expect(changes).toEqual(['replaced']);
    feed.setGrid({ min: 0, max: 20, width: 100 }, undefined);
    feed.setView({ ...view, range: { min: 10, max: 20 } });
    feed.setView(view);
    vi.advanceTimersByTime(60_000);
    feed.start();
    expect(source.asked).toHaveLength(1);
    // As after any drawing: the points were chosen before it was known where pixels cut the line.
    vi.advanceTimersByTime(1_000);
    expect(source.asked).toHaveLength(2);
    await source.asked[1]?.answer(series([0, 10, 20], 10_000));

    feed.pause();
    source.push(points(30));
    expect(feed.buffer.x).toEqual([0, 10, 20]);
    expect(source.asked).toHaveLength(2);
    feed.start();
    expect(source.asked).toHaveLength(3);
    await source.asked[2]?.answer(series([0, 10, 30], 10_001));

    feed.pause();
    feed.setView({ ...view, range: { min: 10, max: 20 } });
    feed.start();
    expect(source.asked[3]?.range).toMatchObject({ from: 5, to: 25 });
  });

  it('is asked for as a whole where it reaches further than when it was drawn', async () => {
    vi.useFakeTimers();
    const { source, feed } = newFeed();
    await source.asked[0]?.answer(series([0, 5, 9], 10));
    feed.setGrid({ min: 0, max: 10, width: 100 }, undefined);
    vi.advanceTimersByTime(1_000);
    expect(source.asked[1]?.range).toMatchObject({ from: -5, to: 15, width: 200 });
    await source.asked[1]?.answer(series([0, 5, 40], 10));
    expect(source.asked).toHaveLength(3);
    expect(source.asked[2]?.range).not.toHaveProperty('to');
  });
});

describe('a moving average', () => {
  it('goes on as the host would have', () => {
    const values = [3, Number.NaN, 5, 1];
    const weight = 0.9;
    let average = 7;
    const expected = values.map((value) => {
      average = Number.isNaN(value) ? average : weight * average + (1 - weight) * value;
      return Number.isNaN(value) ? value : average;
    });
    expect(continueAverage([1, 7, Infinity], values, weight)).toEqual(expected);
  });
});
