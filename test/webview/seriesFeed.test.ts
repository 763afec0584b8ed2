import { describe, expect, it } from 'vitest';
import type { SeriesAppendModel, SeriesModel, SeriesRange } from '../../src/protocol/series.ts';
import { continueAverage } from '../../webview-ui/charts/movingAverage.ts';
import { type FeedChange, SeriesFeed, type SeriesSource, type SeriesView } from '../../webview-ui/charts/seriesFeed.ts';

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
