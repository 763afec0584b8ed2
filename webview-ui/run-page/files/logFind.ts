import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { LogMatchesModel } from '../../../src/protocol/runPage.ts';
import type { RunSession } from '../runSession.ts';
import type { FindQuery } from './textMatches.ts';

/** Time for another letter to come. */
const TYPING_MS = 150;

/** The log that is searched. */
export interface SearchedLog {
  readonly session: RunSession;
  readonly path: string;
  /** Grows while the log does. */
  readonly end: number;
  /** The line at the top of what is seen, from 0. */
  readonly firstSeenLine: number;
}

/** Finds a text in the whole file of a log, and goes from line to line of those that hold it. */
export class LogFind implements ReactiveController {
  query: FindQuery | undefined;
  result: LogMatchesModel | undefined;
  /** The line of the match that was gone to last. */
  current: number | undefined;
  problem: string | undefined;

  readonly #host: ReactiveControllerHost;
  readonly #log: () => SearchedLog;
  readonly #goTo: (line: number) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #search: AbortController | undefined;
  #searchedEnd = 0;

  constructor(host: ReactiveControllerHost, log: () => SearchedLog, goTo: (line: number) => void) {
    this.#host = host;
    this.#log = log;
    this.#goTo = goTo;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#search?.abort();
  }

  /** Looks for something else, and goes to the first match from what is seen on. */
  start(query: FindQuery): void {
    clearTimeout(this.#timer);
    this.#search?.abort();
    this.query = query.text === '' ? undefined : query;
    this.current = undefined;
    this.problem = undefined;
    if (this.query === undefined) {
      this.result = undefined;
    } else {
      this.#timer = setTimeout(() => this.#run(query, () => this.#goToNearest()), TYPING_MS);
    }
    this.#host.requestUpdate();
  }

  /** To the next match, or to the one before; from the last one to the first. */
  step(direction: 1 | -1): void {
    const { query } = this;
    if (query === undefined) {
      return;
    }
    if (this.result === undefined || this.#log().end !== this.#searchedEnd) {
      this.#run(query, () => this.#move(direction));
    } else {
      this.#move(direction);
    }
  }

  /** Another log is shown. */
  reset(): void {
    if (this.query !== undefined) {
      this.result = undefined;
      this.current = undefined;
      this.#run(this.query, () => undefined);
    }
  }

  /** The place of the current match among all, from 1. */
  get place(): number | undefined {
    const index = this.current === undefined ? -1 : (this.result?.lines.indexOf(this.current) ?? -1);
    return index === -1 ? undefined : index + 1;
  }

  #run({ text, isCaseSensitive }: FindQuery, then: () => void): void {
    clearTimeout(this.#timer);
    this.#search?.abort();
    const search = new AbortController();
    this.#search = search;
    const { session, path, end } = this.#log();
    session.request('searchLog', { path, text, isCaseSensitive }, search.signal).then(
      (result) => {
        this.#searchedEnd = end;
        this.result = result;
        then();
        this.#host.requestUpdate();
      },
      (error: Error) => {
        if (!search.signal.aborted) {
          this.problem = error.message;
          this.#host.requestUpdate();
        }
      },
    );
  }

  #goToNearest(): void {
    const lines = this.result?.lines ?? [];
    this.#choose(lines.find((line) => line >= this.#log().firstSeenLine) ?? lines[0]);
  }

  #move(direction: 1 | -1): void {
    const lines = this.result?.lines ?? [];
    const { current } = this;
    if (current === undefined) {
      this.#goToNearest();
    } else if (direction === 1) {
      this.#choose(lines.find((line) => line > current) ?? lines[0]);
    } else {
      this.#choose(lines.findLast((line) => line < current) ?? lines.at(-1));
    }
  }

  #choose(line: number | undefined): void {
    this.current = line;
    if (line !== undefined) {
      this.#goTo(line);
    }
    this.#host.requestUpdate();
  }
}
