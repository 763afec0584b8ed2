/** The points of a run step by step, with all metrics of a step in a row, however long the run is. */
import type { RecordedPoint } from '../store/metricFold.ts';
import { SpooledRun } from './spooledRun.ts';

const rowsAtOnce = 1000;

export interface StepRow {
  readonly x: number;
  /** What each metric has there, in the order of the metrics; empty where it has nothing. */
  readonly cells: readonly string[];
}

/** A run whose metrics have steps that never go back, so that their rows can be put together as they are read. */
export class StepRows {
  private readonly spooled: SpooledRun;

  private constructor(spooled: SpooledRun) {
    this.spooled = spooled;
  }

  /**
   * Reads the journals of a run.
   *
   * @param cellOf the text of a value
   * @param onTurn is called now and then, and may throw
   * @returns undefined where points have to be put in order first
   */
  static async read(
    runFolder: string,
    isWanted: (metric: string) => boolean,
    cellOf: (value: RecordedPoint['value']) => string,
    onTurn: () => void,
  ): Promise<StepRows | undefined> {
    const reached = new Map<string, number>();
    let isRising = true;
    const lineOf = (metric: string, { x, value }: RecordedPoint): string => {
      isRising &&= x >= (reached.get(metric) ?? Number.NEGATIVE_INFINITY);
      reached.set(metric, x);
      return `${JSON.stringify([x, cellOf(value)])}\n`;
    };
    const spooled = await SpooledRun.read(runFolder, isWanted, lineOf, onTurn);
    if (spooled !== undefined && !isRising) {
      await spooled.dispose();
      return undefined;
    }
    return spooled && new StepRows(spooled);
  }

  /** The rows, many at a time. Of points with the same step the last one counts. */
  async *rows(metrics: readonly string[]): AsyncGenerator<readonly StepRow[]> {
    const cursors = metrics.map((metric) => new PointCursor(this.spooled.text(metric)));
    let rows: StepRow[] = [];
    for (;;) {
      let x = Number.POSITIVE_INFINITY;
      let isOver = true;
      for (const cursor of cursors) {
        if (cursor.needsMore) {
          await cursor.load();
        }
        if (cursor.next !== undefined) {
          isOver = false;
          x = Math.min(x, cursor.next[0]);
        }
      }
      if (isOver) {
        break;
      }
      const cells: string[] = [];
      for (const cursor of cursors) {
        let cell = '';
        while (cursor.next?.[0] === x) {
          cell = cursor.next[1];
          cursor.take();
          if (cursor.needsMore) {
            await cursor.load();
          }
        }
        cells.push(cell);
      }
      rows.push({ x, cells });
      if (rows.length === rowsAtOnce) {
        yield rows;
        rows = [];
      }
    }
    yield rows;
  }

  dispose(): Promise<void> {
    return this.spooled.dispose();
  }
}

type SpooledPoint = readonly [x: number, cell: string];

/** Where the reading of a metric is. */
class PointCursor {
  next: SpooledPoint | undefined;
  private readonly pieces: AsyncGenerator<string>;
  private piece = '';
  private position = 0;
  private isAtEnd = false;

  constructor(pieces: AsyncGenerator<string>) {
    this.pieces = pieces;
  }

  get needsMore(): boolean {
    return this.next === undefined && !this.isAtEnd;
  }

  take(): void {
    const end = this.piece.indexOf('\n', this.position);
    this.next = end < 0 ? undefined : (JSON.parse(this.piece.slice(this.position, end)) as SpooledPoint);
    this.position = end < 0 ? this.piece.length : end + 1;
  }

  /** Goes on with what was spooled next: whole lines. */
  async load(): Promise<void> {
    while (this.needsMore) {
      const { done, value } = await this.pieces.next();
      if (done === true) {
        this.isAtEnd = true;
      } else {
        this.piece = value;
        this.position = 0;
        this.take();
      }
    }
  }
}
