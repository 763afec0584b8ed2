import type { SeriesAppendModel, SeriesModel, SeriesParams } from '../../../src/protocol/runPage.ts';
import type { RunSession } from '../runSession.ts';
import { SeriesBuffer } from './seriesBuffer.ts';

export type FeedChange =
  /** Points were added from this place on. */
  | { readonly kind: 'appended'; readonly from: number }
  /** Everything may be different. */
  | { readonly kind: 'replaced' }
  | { readonly kind: 'failed'; readonly message: string };

/** What a chart shows of its series; the width in device pixels. */
export type SeriesView = Pick<SeriesParams, 'axis' | 'yScale' | 'origin' | 'width'>;

/** Keeps one series current: asks for it once, then adds what is pushed, and asks anew when it has grown too fine. */
export class SeriesFeed {
  readonly buffer = new SeriesBuffer();
  readonly #session: RunSession;
  readonly #metric: string;
  readonly #onChange: (change: FeedChange) => void;
  readonly #stops: (() => void)[] = [];
  /** Pushed while a request is under way: its answer may not have them. */
  readonly #held: SeriesAppendModel[] = [];
  #view: SeriesView;
  /** The one that the points in the buffer were chosen for, and how many they were. */
  #shown: { readonly view: SeriesView; readonly length: number } | undefined;
  #isLoading = false;
  /** The series changed under the request: its answer is shown, and then asked for again. */
  #isStale = false;
  /** Only the answer to the last request counts. */
  #request = 0;
  #isStarted = false;

  constructor(session: RunSession, metric: string, view: SeriesView, onChange: (change: FeedChange) => void) {
    this.#session = session;
    this.#metric = metric;
    this.#view = view;
    this.#onChange = onChange;
  }

  start(): void {
    if (this.#isStarted) {
      return;
    }
    this.#isStarted = true;
    this.#stops.push(
      this.#session.onPoints(this.#metric, (points) => this.#add(points)),
      this.#session.onReload(() => this.#load()),
    );
    this.#load();
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) {
      stop();
    }
    this.#isStarted = false;
    this.#isLoading = false;
    this.#request++;
  }

  /** Another axis or scale asks for other points, and a wider chart for finer ones. */
  setView(view: SeriesView): void {
    const shown = this.#shown?.view ?? this.#view;
    const isOther = view.axis !== shown.axis || view.yScale !== shown.yScale || view.origin !== shown.origin;
    const isFiner = view.width > shown.width * 1.1;
    this.#view = view;
    // Where all points are there, they serve every view but for their order.
    const hasAll = this.buffer.length >= this.buffer.totalCount && view.axis === shown.axis;
    if (this.#isStarted && (isOther || isFiner) && !hasAll) {
      this.#load();
    }
  }

  #add(points: SeriesAppendModel | undefined): void {
    if (this.#isLoading) {
      if (points === undefined) {
        this.#isStale = true;
      } else {
        this.#held.push(points);
      }
      return;
    }
    if (points === undefined) {
      this.#load();
      return;
    }
    const from = this.buffer.length;
    const outcome = this.buffer.append(points);
    if (outcome === 'appended') {
      this.#onChange({ kind: 'appended', from });
    }
    if (outcome === 'out-of-order' || this.buffer.length - (this.#shown?.length ?? 0) > this.#view.width) {
      this.#load();
    }
  }

  #load(): void {
    const request = ++this.#request;
    this.#isLoading = true;
    this.#isStale = false;
    this.#held.length = 0;
    const view = { ...this.#view, width: Math.max(1, Math.ceil(this.#view.width)) };
    this.#session.request('series', { metric: this.#metric, ...view }).then(
      (series) => {
        if (request === this.#request) {
          this.#isLoading = false;
          this.#take(series, view);
        }
      },
      (error: Error) => {
        if (request === this.#request) {
          this.#isLoading = false;
          this.#onChange({ kind: 'failed', message: error.message });
        }
      },
    );
  }

  #take(series: SeriesModel, view: SeriesView): void {
    this.buffer.replace(series, view.axis);
    this.#shown = { view, length: this.buffer.length };
    const outcomes = this.#held.splice(0).map((points) => this.buffer.append(points));
    this.#onChange({ kind: 'replaced' });
    if (outcomes.includes('out-of-order') || this.#isStale) {
      this.#load();
    }
  }
}
