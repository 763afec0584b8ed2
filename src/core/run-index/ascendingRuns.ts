/** Merges points that are in order in parts, however many they are: a chunk of each part is in memory at a time. */
import type { OrderedNumbers } from './seriesChunks.ts';

/** Some points in a row. */
export interface PointBlock extends OrderedNumbers {
  /** As `PointColumns` has them. */
  readonly kinds?: Uint8Array | undefined;
}

/** Points in some order, a block at a time. */
export type PointBlocks = Iterator<PointBlock, void>;

/** What points are put in the order of. */
export type SortKey = 'x' | 'times';

/** A part of a sequence of points whose keys rise. */
export interface AscendingRun {
  /** The blocks from the one on in which it begins. */
  readonly open: () => PointBlocks;
  /** Of the points in these blocks: where it begins, and how many there are. */
  readonly start: number;
  readonly count: number;
}

/** The next point of a run. */
class RunHead {
  key = Number.NaN;
  block: PointBlock | undefined;
  index = 0;
  private readonly blocks: PointBlocks;
  private readonly by: SortKey;
  private left: number;

  constructor(run: AscendingRun, by: SortKey) {
    this.blocks = run.open();
    this.by = by;
    this.left = run.count + 1;
    this.index = run.start - 1;
    this.nextBlock();
    this.advance();
  }

  /** @returns whether there is another point */
  advance(): boolean {
    this.index++;
    this.left--;
    if (this.left === 0) {
      this.block = undefined;
      return false;
    }
    while (this.block !== undefined && this.index >= this.block.x.length) {
      this.index -= this.block.x.length;
      this.nextBlock();
    }
    if (this.block === undefined) {
      return false;
    }
    this.key = this.block[this.by][this.index] as number;
    return true;
  }

  private nextBlock(): void {
    const next = this.blocks.next();
    this.block = next.done === true ? undefined : next.value;
  }
}

/**
 * Calls back for each point of all runs in the order of the key, equal ones in the order of the runs (a heap of the runs' next points).
 *
 * @param onPoint gets the block and the place in it
 */
export function* mergeRuns(
  runs: readonly AscendingRun[],
  by: SortKey,
  onPoint: (block: PointBlock, index: number) => void,
  pointsPerTurn: number,
): Generator<void> {
  const heads = runs.map((run) => new RunHead(run, by));
  const heap: number[] = [];
  const isBefore = (a: number, b: number): boolean => {
    const [left, right] = [(heads[a] as RunHead).key, (heads[b] as RunHead).key];
    return left < right || (left === right && a < b);
  };
  const sink = (from: number): void => {
    const run = heap[from] as number;
    let place = from;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= heap.length) {
        break;
      }
      if (child + 1 < heap.length && isBefore(heap[child + 1] as number, heap[child] as number)) {
        child++;
      }
      if (!isBefore(heap[child] as number, run)) {
        break;
      }
      heap[place] = heap[child] as number;
      place = child;
    }
    heap[place] = run;
  };
  for (const [run, head] of heads.entries()) {
    if (head.block !== undefined) {
      heap.push(run);
    }
  }
  for (let place = heap.length >> 1; place >= 0; place--) {
    if (place < heap.length) {
      sink(place);
    }
  }
  let count = 0;
  while (heap.length > 0) {
    const head = heads[heap[0] as number] as RunHead;
    onPoint(head.block as PointBlock, head.index);
    if (!head.advance()) {
      const last = heap.pop() as number;
      if (heap.length === 0) {
        break;
      }
      heap[0] = last;
    }
    sink(0);
    count++;
    if (count % pointsPerTurn === 0) {
      yield;
    }
  }
}

/**
 * The parts of a sequence whose keys rise, as they are found from its start to its end.
 *
 * @param openAt the blocks from one on
 */
export function* ascendingRuns(
  openAt: (block: number) => PointBlocks,
  by: SortKey,
): Generator<AscendingRun | undefined> {
  const blocks = openAt(0);
  let firstBlock = 0;
  let start = 0;
  let count = 0;
  let previous = Number.NEGATIVE_INFINITY;
  for (let block = 0; ; block++) {
    const next = blocks.next();
    if (next.done === true) {
      break;
    }
    const keys = next.value[by];
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] as number;
      if (key < previous) {
        const opened = firstBlock;
        yield { open: () => openAt(opened), start, count };
        [firstBlock, start, count] = [block, index, 0];
      }
      previous = key;
      count++;
    }
    // Others may get their turn.
    yield undefined;
  }
  if (count > 0) {
    const opened = firstBlock;
    yield { open: () => openAt(opened), start, count };
  }
}
