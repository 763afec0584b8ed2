import type { Bounds } from './axes.ts';
import { CurvePoints, type PointRules } from './chartPoints.ts';
import type { PixelGrid } from './pixelGrid.ts';
import type { SeriesBuffer } from './seriesBuffer.ts';
import { type FeedChange, SeriesFeed, type SeriesSource } from './seriesFeed.ts';
import type { SeriesView } from './seriesView.ts';

export type CurveChange =
  /** Points were added to the same curve. */
  | { readonly kind: 'points' }
  /** There may be a smoothed line now, or none any more. */
  | { readonly kind: 'lines' }
  | { readonly kind: 'failed'; readonly message: string };

interface Line {
  readonly feed: SeriesFeed;
  readonly points: CurvePoints;
}

/** The points of one metric, and those of its moving average where one is wanted. */
export class MetricCurve {
  readonly #source: SeriesSource;
  readonly #onChange: (change: CurveChange) => void;
  readonly #raw: Line;
  #smoothed: Line | undefined;
  #view: SeriesView;
  #isStarted = false;

  constructor(source: SeriesSource, view: SeriesView, onChange: (change: CurveChange) => void) {
    this.#source = source;
    this.#view = view;
    this.#onChange = onChange;
    this.#raw = this.#line({ ...view, smoothing: 0 });
  }

  /** The points as they were logged. */
  get buffer(): SeriesBuffer {
    return this.#raw.feed.buffer;
  }

  /** The line to draw. */
  get points(): CurvePoints {
    return this.#hasSmoothed() ? (this.#smoothed?.points ?? this.#raw.points) : this.#raw.points;
  }

  /** The line behind it; none where the line is not smoothed. */
  get raw(): CurvePoints | undefined {
    return this.#hasSmoothed() ? this.#raw.points : undefined;
  }

  start(): void {
    this.#isStarted = true;
    this.#raw.feed.start();
    this.#smoothed?.feed.start();
  }

  /** Asks for nothing more until it is started again, and then only where something has changed meanwhile. */
  pause(): void {
    this.#isStarted = false;
    this.#raw.feed.pause();
    this.#smoothed?.feed.pause();
  }

  stop(): void {
    this.#isStarted = false;
    this.#raw.feed.stop();
    this.#smoothed?.feed.stop();
  }

  setView(view: SeriesView): void {
    const before = this.#view;
    this.#view = view;
    const haveOtherRules =
      before.axis !== view.axis ||
      before.xScale !== view.xScale ||
      before.yScale !== view.yScale ||
      before.origin !== view.origin;
    if (haveOtherRules) {
      this.#raw.points.replace(this.#raw.feed.buffer, rulesOf(view));
      this.#smoothed?.points.replace(this.#smoothed.feed.buffer, rulesOf(view));
    }
    this.#raw.feed.setView({ ...view, smoothing: 0 });
    if (view.smoothing === 0) {
      this.#smoothed?.feed.stop();
      this.#smoothed = undefined;
    } else if (this.#smoothed === undefined) {
      this.#smoothed = this.#line(view);
      if (this.#isStarted) {
        this.#smoothed.feed.start();
      }
    } else {
      this.#smoothed.feed.setView(view);
    }
    if (haveOtherRules || (before.smoothing === 0) !== (view.smoothing === 0)) {
      this.#onChange({ kind: 'lines' });
    }
  }

  /** Told where pixels cut a range of the curve, undefined for all of it, each time it was drawn. */
  setGrid(grid: PixelGrid, range: Bounds | undefined): void {
    this.#raw.feed.setGrid(grid, range);
    this.#smoothed?.feed.setGrid(grid, range);
  }

  #hasSmoothed(): boolean {
    return this.#smoothed !== undefined && this.#smoothed.points.length > 0;
  }

  #line(view: SeriesView): Line {
    const points = new CurvePoints();
    const take = (change: FeedChange): void => {
      if (change.kind === 'failed') {
        this.#onChange(change);
      } else if (change.kind === 'appended') {
        points.append(rulesOf(this.#view));
        this.#onChange({ kind: 'points' });
      } else {
        const hadAny = points.length > 0;
        points.replace(feed.buffer, rulesOf(this.#view));
        this.#onChange({ kind: hadAny ? 'points' : 'lines' });
      }
    };
    const feed = new SeriesFeed(this.#source, view, take);
    return { feed, points };
  }
}

function rulesOf({ axis, xScale, yScale, origin }: SeriesView): PointRules {
  return { xAxis: axis, xScale, yScale, origin };
}
