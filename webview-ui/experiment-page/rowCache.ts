import type { FieldModel, RowModel } from '../../src/protocol/experimentPage.ts';
import { FrameScheduler } from '../shared/frames.ts';

/** Rows that are kept; a reader who scrolls back over more waits a moment again. */
const MOST_ROWS = 4000;
const ROWS_AT_ONCE = 200;

/** The rows that were on the screen, asked for when they come into sight. */
export class RowCache {
  readonly #request: (runs: readonly number[], columns: readonly FieldModel[]) => Promise<readonly RowModel[]>;
  readonly #onRows: (missing: readonly number[]) => void;
  readonly #rows = new Map<number, RowModel>();
  readonly #keys = new Map<string, number>();
  readonly #wanted = new Set<number>();
  /** Asked for and not there yet. */
  readonly #asked = new Set<number>();
  readonly #stale = new Set<number>();
  readonly #frame = new FrameScheduler(() => this.#ask());
  #columns: readonly FieldModel[] = [];
  #generation = 0;

  constructor(
    request: (runs: readonly number[], columns: readonly FieldModel[]) => Promise<readonly RowModel[]>,
    onRows: (missing: readonly number[]) => void,
  ) {
    this.#request = request;
    this.#onRows = onRows;
  }

  get(run: number): RowModel | undefined {
    return this.#rows.get(run);
  }

  /** The key of a run whose row was seen. */
  keyOf(runId: string): number | undefined {
    return this.#keys.get(runId);
  }

  setColumns(columns: readonly FieldModel[]): void {
    this.#columns = columns;
    this.#generation += 1;
    this.#asked.clear();
    // The values that are there are of other columns.
    this.#rows.clear();
  }

  /** These are in sight, and asked for where they are not there. */
  want(runs: Iterable<number>): void {
    for (const run of runs) {
      if ((!this.#rows.has(run) || this.#stale.has(run)) && !this.#asked.has(run)) {
        this.#wanted.add(run);
      }
    }
    if (this.#wanted.size > 0) {
      this.#frame.schedule();
    }
  }

  /** These are needed beside those in sight. */
  keep(runs: Iterable<number>): void {
    for (const run of runs) {
      if (!this.#rows.has(run) && !this.#asked.has(run)) {
        this.#wanted.add(run);
        this.#frame.schedule();
      }
    }
  }

  /** These changed: their rows stay as they are until the new ones come. */
  expire(runIds: readonly string[]): void {
    for (const id of runIds) {
      const run = this.#keys.get(id);
      if (run !== undefined) {
        this.#stale.add(run);
        this.#asked.delete(run);
      }
    }
  }

  #ask(): void {
    // Those in sight now were wanted last: what was scrolled past may wait.
    const runs = [...this.#wanted].slice(-ROWS_AT_ONCE);
    this.#wanted.clear();
    const generation = this.#generation;
    for (const run of runs) {
      this.#asked.add(run);
      this.#stale.delete(run);
    }
    this.#request(runs, this.#columns).then(
      (rows) => {
        if (generation === this.#generation) {
          this.#take(runs, rows);
        }
      },
      () => {
        for (const run of runs) {
          this.#asked.delete(run);
        }
      },
    );
  }

  #take(runs: readonly number[], rows: readonly RowModel[]): void {
    const missing = new Set(runs);
    for (const row of rows) {
      missing.delete(row.run);
      // Those that were asked for last are the last in the map.
      this.#rows.delete(row.run);
      this.#rows.set(row.run, row);
      this.#keys.set(row.id, row.run);
    }
    for (const run of runs) {
      this.#asked.delete(run);
    }
    for (const run of this.#rows.keys()) {
      if (this.#rows.size <= MOST_ROWS) {
        break;
      }
      this.#rows.delete(run);
    }
    this.#onRows([...missing]);
  }
}
