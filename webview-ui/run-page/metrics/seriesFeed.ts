import type { SeriesAppendModel, SeriesModel } from '../../../src/protocol/runPage.ts';
import type { RunSession } from '../runSession.ts';
import { SeriesBuffer } from './seriesBuffer.ts';

export type FeedChange =
  /** Points were added from this place on. */
  | { readonly kind: 'appended'; readonly from: number }
  /** Everything may be different. */
  | { readonly kind: 'replaced' }
  | { readonly kind: 'failed'; readonly message: string };

/** Keeps one series current: asks for it once, then adds what is pushed, and asks anew when it has grown too fine. */
export class SeriesFeed {
  readonly buffer = new SeriesBuffer();
  readonly #session: RunSession;
  readonly #metric: string;
  readonly #onChange: (change: FeedChange) => void;
  readonly #stops: (() => void)[] = [];
  /** Pushed while a request is under way: its answer may not have them. */
  readonly #held: SeriesAppendModel[] = [];
  #width: number;
  #isLoading = false;
  /** The series changed under the request: its answer is shown, and then asked for again. */
  #isStale = false;
  /** Only the answer to the last request counts. */
  #request = 0;
  #isStarted = false;

  /** @param width In pixels: about two points are asked for each. */
  constructor(session: RunSession, metric: string, width: number, onChange: (change: FeedChange) => void) {
    this.#session = session;
    this.#metric = metric;
    this.#width = width;
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

  /** A wider chart asks for finer points. */
  setWidth(width: number): void {
    const isFiner = width > this.#width * 1.5;
    this.#width = width;
    if (isFiner && this.#isStarted && this.buffer.length < this.buffer.totalCount) {
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
    if (outcome === 'out-of-order' || this.buffer.length > 4 * this.#width) {
      this.#load();
    }
  }

  #load(): void {
    const request = ++this.#request;
    this.#isLoading = true;
    this.#isStale = false;
    this.#held.length = 0;
    const maxPoints = Math.max(64, Math.round(2 * this.#width));
    this.#session.request('series', { metric: this.#metric, maxPoints }).then(
      (series) => {
        if (request === this.#request) {
          this.#isLoading = false;
          this.#take(series);
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

  #take(series: SeriesModel): void {
    this.buffer.replace(series);
    const outcomes = this.#held.splice(0).map((points) => this.buffer.append(points));
    this.#onChange({ kind: 'replaced' });
    if (outcomes.includes('out-of-order') || this.#isStale) {
      this.#load();
    }
  }
}
