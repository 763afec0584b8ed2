import type { SeriesAppendModel, SeriesModel, SeriesRange } from '../../src/protocol/series.ts';
import { fromWire, toWire } from '../../src/protocol/wire.ts';
import type { Bounds } from './axes.ts';
import { continueAverage, SETTLED_COUNT } from './movingAverage.ts';
import { isSameGrid, type PixelGrid, widenedGrid } from './pixelGrid.ts';
import { SeriesBuffer } from './seriesBuffer.ts';
import { type ChosenFor, isOtherLine, needOf, type SeriesView } from './seriesView.ts';
import { padded } from './xRange.ts';

/** Where the points of one series come from. */
export interface SeriesSource {
  request(range: SeriesRange, signal: AbortSignal): Promise<SeriesModel>;
  /** New points; undefined: the series changed other than at its end, and has to be read again. */
  onPoints(listener: (points: SeriesAppendModel | undefined) => void): () => void;
  /** Everything that was asked for is out of date. */
  onReload(listener: () => void): () => void;
}

export type FeedChange =
  /** Points were added. */
  | { readonly kind: 'appended' }
  /** Everything may be different. */
  | { readonly kind: 'replaced' }
  | { readonly kind: 'failed'; readonly message: string };

/** What the points in the buffer were chosen for. */
interface Shown extends ChosenFor {
  /** The columns of pixels that points were left out for; undefined: it was not known where they are. */
  readonly grid: PixelGrid | undefined;
  readonly length: number;
}

/** Where a range was drawn. */
interface DrawnRange {
  readonly range: Bounds | undefined;
  readonly grid: PixelGrid;
}

/** How much more than what is seen is asked for on both sides, so that panning meets points. */
const PADDING = 0.5;
/** A range that moves is asked for when it rests, unless it leaves what is there. */
const REST_MS = 120;
/** A line that grows is chosen anew so often, and takes no more than a twentieth of the host's time. */
const RENEWAL_MS = 1000;
const RENEWAL_SHARE = 20;

/** Keeps one series current: asks for what is seen of it, adds what is pushed, and asks anew when the view needs other points. */
export class SeriesFeed {
  readonly buffer = new SeriesBuffer();
  readonly #source: SeriesSource;
  readonly #onChange: (change: FeedChange) => void;
  readonly #stops: (() => void)[] = [];
  /** Pushed while a request is under way: its answer may not have them. */
  readonly #held: SeriesAppendModel[] = [];
  #view: SeriesView;
  #shown: Shown | undefined;
  #request: AbortController | undefined;
  /** The view that the request is for. */
  #asked: SeriesView | undefined;
  #drawn: DrawnRange | undefined;
  /** The axis begins behind the first points, which no pixel shows. */
  #hasHiddenStart = false;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #renewalMs = RENEWAL_MS;
  /** The request under way is for the same line, which goes on meanwhile. */
  #isRenewing = false;
  /** The series changed under the request: its answer is shown, and then asked for again. */
  #isStale = false;
  #isStarted = false;
  #isPaused = false;
  /** The series changed during the pause. */
  #isOutdated = false;

  constructor(source: SeriesSource, view: SeriesView, onChange: (change: FeedChange) => void) {
    this.#source = source;
    this.#view = view;
    this.#onChange = onChange;
  }

  /** Whether every point of the series is in the buffer. */
  get hasAll(): boolean {
    const { buffer } = this;
    return this.#shown !== undefined && this.#shown.view.range === undefined && buffer.length >= buffer.totalCount;
  }

  start(): void {
    if (this.#isPaused) {
      this.#goOn();
      return;
    }
    if (this.#isStarted) {
      return;
    }
    this.#isStarted = true;
    this.#stops.push(
      this.#source.onPoints((points) => this.#add(points)),
      this.#source.onReload(() => this.#reload()),
    );
    this.#load();
  }

  /** Asks for nothing more, but for an answer that is under way, until it is started again: then for what has changed meanwhile. */
  pause(): void {
    this.#isPaused = this.#isStarted;
    clearTimeout(this.#rest);
    this.#rest = undefined;
    clearTimeout(this.#renewal);
    this.#renewal = undefined;
  }

  #goOn(): void {
    this.#isPaused = false;
    if (this.#isOutdated || needOf(this.#shown, this.#view, this.hasAll) !== 'none') {
      this.#load();
    } else {
      this.#fitToGrid();
    }
  }

  stop(): void {
    this.#isPaused = false;
    this.#isOutdated = false;
    for (const stop of this.#stops.splice(0)) {
      stop();
    }
    this.#isStarted = false;
    this.#cancel();
  }

  setView(view: SeriesView): void {
    if (isOtherLine(this.#view, view)) {
      this.#drawn = undefined;
      this.#hasHiddenStart = false;
    }
    this.#view = view;
    if (!this.#isStarted || this.#isPaused) {
      return;
    }
    clearTimeout(this.#rest);
    this.#rest = undefined;
    if (this.#asked !== undefined) {
      // What moves while an answer is under way is looked at when it is there; else a reader who goes on moving sees nothing.
      if (isOtherLine(this.#asked, view)) {
        this.#load();
      }
      return;
    }
    switch (needOf(this.#shown, view, this.hasAll)) {
      case 'now':
        this.#load();
        return;
      case 'at-rest':
        this.#rest = setTimeout(() => this.#load(), REST_MS);
        return;
      case 'none':
        return;
    }
  }

  /** Told where pixels cut the line, each time it was drawn. Points that were left out for others are asked for again. */
  setGrid(grid: PixelGrid, range: Bounds | undefined): void {
    this.#drawn = { grid, range };
    if (!this.#isPaused) {
      this.#fitToGrid();
    }
  }

  #fitToGrid(): void {
    const isAtRest = this.#rest === undefined && this.#request === undefined;
    if (this.#isStarted && isAtRest && this.#shown !== undefined) {
      const known = this.#gridOf(this.#view);
      const { grid: shown } = this.#shown;
      if (known !== undefined && (shown === undefined || !isSameGrid(shown, known, this.#view.xScale))) {
        this.#renewLater();
      }
    }
  }

  #gridOf({ range }: SeriesView): PixelGrid | undefined {
    const drawn = this.#drawn;
    const isOther = drawn?.range?.min !== range?.min || drawn?.range?.max !== range?.max;
    return isOther || (range === undefined && this.#hasHiddenStart) ? undefined : drawn?.grid;
  }

  #add(points: SeriesAppendModel | undefined): void {
    if (this.#isPaused) {
      this.#isOutdated = true;
      return;
    }
    const isAsking = this.#request !== undefined;
    if (points === undefined) {
      this.#isStale = isAsking;
      if (!isAsking) {
        this.#load();
      }
      return;
    }
    if (isAsking) {
      this.#held.push(points);
      if (!this.#isRenewing) {
        return;
      }
    }
    const outcome = this.#append(points);
    if (outcome === 'appended') {
      this.#onChange({ kind: 'appended' });
    }
    if (isAsking) {
      return;
    }
    if (outcome === 'again' || this.buffer.length - (this.#shown?.length ?? 0) > this.#view.width) {
      this.#load();
    } else if (outcome === 'appended' && this.#shown?.bounds === undefined) {
      this.#renewLater();
    }
  }

  /** Where a line reaches further, pixels cut it elsewhere: what was left out of it is not what they leave out now. */
  #renewLater(): void {
    if (this.hasAll) {
      return;
    }
    this.#renewal ??= setTimeout(() => {
      this.#load();
      this.#isRenewing = true;
    }, this.#renewalMs);
  }

  #append(points: SeriesAppendModel): 'appended' | 'none' | 'again' {
    if (this.#endsBehindBounds()) {
      return 'none';
    }
    const { smoothing } = this.#view;
    if (smoothing > 0 && this.buffer.totalCount < SETTLED_COUNT) {
      return 'again';
    }
    const values = points.values.map(fromWire);
    const outcome = this.buffer.append(
      smoothing === 0
        ? points
        : { ...points, values: continueAverage(this.buffer.values, values, smoothing).map(toWire) },
    );
    return outcome === 'out-of-order' ? 'again' : outcome === 'appended' ? 'appended' : 'none';
  }

  /** A range that lies in the past has its one point behind it, and gets no more: a line to a newer one would be wrong. */
  #endsBehindBounds(): boolean {
    const { bounds, view } = this.#shown ?? {};
    return bounds !== undefined && view?.range !== undefined && (this.#place(-1) ?? -Infinity) > bounds.max;
  }

  /** Where on the axis a point of the buffer is; from the last one back where `index` is negative. */
  #place(index: number): number | undefined {
    const { axis, origin } = this.#view;
    const at = (axis === 'step' ? this.buffer.x : this.buffer.times).at(index);
    return at === undefined ? undefined : at - (axis === 'relative' ? origin : 0);
  }

  #cancel(): void {
    clearTimeout(this.#rest);
    this.#rest = undefined;
    clearTimeout(this.#renewal);
    this.#renewal = undefined;
    this.#isRenewing = false;
    this.#request?.abort();
    this.#request = undefined;
    this.#asked = undefined;
    this.#held.length = 0;
    this.#isStale = false;
  }

  #reload(): void {
    if (this.#isPaused) {
      this.#isOutdated = true;
    } else {
      this.#load();
    }
  }

  #load(): void {
    this.#cancel();
    this.#isOutdated = false;
    const request = new AbortController();
    this.#request = request;
    const view = { ...this.#view, width: Math.max(1, Math.ceil(this.#view.width)) };
    this.#asked = view;
    const { range, ...rest } = view;
    const grid = this.#gridOf(view);
    const bounds =
      grid !== undefined
        ? widenedGrid(grid, view.xScale, PADDING)
        : range === undefined
          ? undefined
          : { ...padded(range, view.xScale, PADDING), width: view.width * (1 + 2 * PADDING) };
    const params: SeriesRange =
      bounds === undefined ? rest : { ...rest, from: bounds.min, to: bounds.max, width: bounds.width };
    const asked = performance.now();
    this.#source.request(params, request.signal).then(
      (series) => {
        if (request === this.#request) {
          this.#renewalMs = Math.max(RENEWAL_MS, RENEWAL_SHARE * (performance.now() - asked));
          this.#request = undefined;
          this.#asked = undefined;
          this.#take(series, { view, bounds, grid });
        }
      },
      (error: unknown) => {
        if (request === this.#request) {
          this.#request = undefined;
          this.#asked = undefined;
          this.#onChange({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
        }
      },
    );
  }

  #isCut({ min, max }: Bounds): boolean {
    return (this.#place(0) ?? min) < min || (this.#place(-1) ?? max) > max;
  }

  #take(series: SeriesModel, asked: Omit<Shown, 'length'>): void {
    const { view, bounds } = asked;
    this.buffer.replace(series, view.axis);
    this.#shown = { ...asked, length: this.buffer.length };
    if (view.range === undefined && bounds !== undefined && this.#isCut(bounds)) {
      // It reaches further now than when it was drawn.
      this.#hasHiddenStart ||= (this.#place(0) ?? Infinity) < bounds.min;
      this.#drawn = undefined;
      this.#load();
      return;
    }
    const isOld = this.#isStale;
    const outcomes = this.#held.splice(0).map((points) => this.#append(points));
    this.#isRenewing = false;
    this.#onChange({ kind: 'replaced' });
    if (this.#isPaused) {
      this.#isOutdated ||= isOld || outcomes.includes('again');
    } else if (isOld || outcomes.includes('again')) {
      this.#load();
    } else {
      this.setView(this.#view);
      if (outcomes.includes('appended')) {
        this.#renewLater();
      }
    }
  }
}
