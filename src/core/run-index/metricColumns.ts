/**
 * The metrics of all runs by name: the numbers of a name in blocks that are read one after the other, so that a filter looks at 75,000
 * numbers in a few milliseconds. What runs got lately stays with them (`run_metrics`) until it is worth while to sort it by name.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type MetricNumber, RunMetrics, settled } from './metricSummary.ts';

/** Blocks that a name can have. */
const blocksOfName = 2 ** 20;
/** Runs of a block: one that is full fits into a page of the database. */
const blockLength = 500;
/** Run and count, of 4 bytes each, and three numbers of 8. */
const entryBytes = 32;

/** What runs have of one metric. Their order says nothing. */
export interface MetricColumn {
  readonly runs: Uint32Array;
  /** NaN where the run has none. */
  readonly numbers: Float64Array;
}

/** Numbers of columns that are kept for the next question, 12 bytes each. */
const keptNumbers = 500_000;

/** What was read last. A person who narrows a filter down, or turns pages, asks for the same columns again and again. */
interface KeptColumns {
  /** Of the index when they were read: what any process has written since makes another one. */
  readonly version: string;
  /** By metric and number, the one that was asked for last at the end. */
  readonly columns: Map<string, MetricColumn>;
}

const kept = new WeakMap<DatabaseSync, KeptColumns>();

/** A number of a metric of all runs that have it. Nobody may change what is returned. */
export function metricColumn(database: DatabaseSync, metric: string, which: MetricNumber): MetricColumn {
  const { columns } = keptColumns(database);
  const key = `${which} ${metric}`;
  const column = columns.get(key) ?? readColumn(database, metric, which);
  columns.delete(key);
  columns.set(key, column);
  let total = [...columns.values()].reduce((sum, { numbers }) => sum + numbers.length, 0);
  for (const [oldest, { numbers }] of columns) {
    if (total <= keptNumbers) {
      break;
    }
    columns.delete(oldest);
    total -= numbers.length;
  }
  return column;
}

function readColumn(database: DatabaseSync, metric: string, which: MetricNumber): MetricColumn {
  const name = database.prepare('SELECT name FROM names WHERE text = ?').get(metric)?.name;
  return typeof name === 'number'
    ? columnOf(database, name, which)
    : { runs: new Uint32Array(), numbers: new Float64Array() };
}

function keptColumns(database: DatabaseSync): KeptColumns {
  // The first number counts what other connections wrote, the second what this one did.
  const { data_version: others } = database.prepare('PRAGMA data_version').get() ?? {};
  const { own } = database.prepare('SELECT total_changes() AS own').get() ?? {};
  const version = `${others} ${own}`;
  const known = kept.get(database);
  if (known?.version === version) {
    return known;
  }
  const none: KeptColumns = { version, columns: new Map() };
  kept.set(database, none);
  return none;
}

const offsets = { last: 0, min: 1, max: 2 } as const;

function columnOf(database: DatabaseSync, name: number, which: MetricNumber): MetricColumn {
  const blocks = database
    .prepare('SELECT entries FROM metric_blocks WHERE place BETWEEN ? AND ? ORDER BY place DESC')
    .all(name * blocksOfName, (name + 1) * blocksOfName - 1)
    .map(({ entries }) => unpackBlock(entries as Uint8Array));
  const pending = database
    .prepare('SELECT run, names, counts, numbers FROM run_metrics INDEXED BY run_metrics_pending WHERE settled <> 1')
    .all();
  const highest = Number(database.prepare('SELECT max(run) AS run FROM run_metrics').get()?.run ?? 0);
  const isSeen = new Uint8Array(highest + 1);
  for (const { run } of database.prepare('SELECT run FROM gone_runs').all()) {
    isSeen[Number(run)] = 1;
  }
  const room = blocks.reduce((sum, block) => sum + block.runs.length, pending.length);
  const runs = new Uint32Array(room);
  const numbers = new Float64Array(room);
  let size = 0;
  for (const row of pending) {
    const run = Number(row.run);
    const metrics = RunMetrics.unpack(row);
    const index = metrics.indexOf(name);
    isSeen[run] = 1;
    if (index >= 0) {
      runs[size] = run;
      numbers[size] = metrics.value(index, which);
      size++;
    }
  }
  // The newest block first: a run that was settled again is in two of them.
  for (const block of blocks) {
    const values = which === 'count' ? block.counts : block.numbers;
    const stride = which === 'count' ? 1 : 3;
    const offset = which === 'count' ? 0 : offsets[which];
    for (let index = block.runs.length - 1; index >= 0; index--) {
      const run = block.runs[index] as number;
      if (isSeen[run] === 0) {
        isSeen[run] = 1;
        runs[size] = run;
        numbers[size] = values[index * stride + offset] as number;
        size++;
      }
    }
  }
  return { runs: runs.subarray(0, size), numbers: numbers.subarray(0, size) };
}

/** How much may wait to be sorted by name, so that looking through it takes no time to speak of. */
export interface SettlingLimits {
  readonly runs: number;
  /** Metrics of these runs together. */
  readonly metrics: number;
}

/** While the whole store is read: a block is written few times then. */
export const limitsWhileReading: SettlingLimits = { runs: 2000, metrics: 400_000 };
export const limitsAtRest: SettlingLimits = { runs: 200, metrics: 100_000 };

/** Runs that go on wait longer: they would have to be sorted again. */
const mostOpenRuns = 1000;
const mostAtOnce = 600_000;

/**
 * Sorts the metrics of runs by name where many wait for it. To be called within a transaction.
 *
 * @returns whether there is more to sort
 */
export function settleMetrics(database: DatabaseSync, limits: SettlingLimits): boolean {
  const from = 'FROM run_metrics INDEXED BY run_metrics_pending JOIN runs USING (run) WHERE settled <> 1';
  const pending = (condition: string): { readonly runs: number; readonly metrics: number } => {
    const row = database
      .prepare(`SELECT count(*) AS runs, coalesce(sum(length(names)), 0) / 4 AS metrics ${from} AND ${condition}`)
      .get();
    return { runs: Number(row?.runs), metrics: Number(row?.metrics) };
  };
  const ended = pending('NOT is_open');
  const all = pending('true');
  const withOpen = all.runs - ended.runs > mostOpenRuns;
  if (!withOpen && ended.runs < limits.runs && ended.metrics < limits.metrics) {
    return false;
  }
  const rows = database.prepare(`SELECT run, names, counts, numbers ${from} AND (? OR NOT is_open)`);
  const runs: number[] = [];
  const taken: RunMetrics[] = [];
  let metrics = 0;
  for (const row of rows.iterate(withOpen ? 1 : 0)) {
    const of = RunMetrics.unpack(row);
    runs.push(Number(row.run));
    taken.push(of);
    metrics += of.names.length;
    if (metrics >= mostAtOnce) {
      break;
    }
  }
  settle(database, runs, taken);
  return metrics >= mostAtOnce;
}

function settle(database: DatabaseSync, runs: readonly number[], metrics: readonly RunMetrics[]): void {
  const sizes = new Map<number, number>();
  for (const { names } of metrics) {
    for (const name of names) {
      sizes.set(name, (sizes.get(name) ?? 0) + 1);
    }
  }
  const added = new Map([...sizes].map(([name, size]) => [name, new BlockEntries(size)]));
  for (const [index, { names, counts, numbers }] of metrics.entries()) {
    for (let at = 0; at < names.length; at++) {
      added.get(names[at] as number)?.add(runs[index] as number, counts[at] as number, numbers, at * 3);
    }
  }
  const last = database.prepare(
    'SELECT place, entries FROM metric_blocks WHERE place BETWEEN ? AND ? ORDER BY place DESC LIMIT 1',
  );
  const write = database.prepare('INSERT OR REPLACE INTO metric_blocks (place, entries) VALUES (?, ?)');
  for (const [name, entries] of [...added].sort(([a], [b]) => a - b)) {
    const known = last.get(name * blocksOfName, (name + 1) * blocksOfName - 1);
    const length = known === undefined ? 0 : (known.entries as Uint8Array).byteLength / entryBytes;
    let place = known === undefined ? name * blocksOfName : Number(known.place);
    let from = 0;
    if (length >= blockLength) {
      place++;
    } else if (known !== undefined) {
      from = Math.min(blockLength - length, entries.length);
      write.run(place, packBlock([unpackBlock(known.entries as Uint8Array), entries.part(0, from)]));
      place++;
    }
    for (; from < entries.length; from += blockLength) {
      write.run(place, packBlock([entries.part(from, Math.min(from + blockLength, entries.length))]));
      place++;
    }
  }
  const done = database.prepare(`UPDATE run_metrics SET settled = ${settled.whole} WHERE run = ?`);
  for (const run of runs) {
    done.run(run);
  }
}

interface Block {
  readonly runs: Uint32Array;
  readonly counts: Uint32Array;
  /** Last, lowest and highest value of each, one after the other. */
  readonly numbers: Float64Array;
}

/** Entries of one name that are gathered. */
class BlockEntries implements Block {
  readonly runs: Uint32Array;
  readonly counts: Uint32Array;
  readonly numbers: Float64Array;
  private size = 0;

  constructor(length: number) {
    this.runs = new Uint32Array(length);
    this.counts = new Uint32Array(length);
    this.numbers = new Float64Array(length * 3);
  }

  get length(): number {
    return this.runs.length;
  }

  add(run: number, count: number, numbers: Float64Array, from: number): void {
    const at = this.size++;
    this.runs[at] = run;
    this.counts[at] = count;
    this.numbers[at * 3] = numbers[from] as number;
    this.numbers[at * 3 + 1] = numbers[from + 1] as number;
    this.numbers[at * 3 + 2] = numbers[from + 2] as number;
  }

  part(from: number, to: number): Block {
    return {
      runs: this.runs.subarray(from, to),
      counts: this.counts.subarray(from, to),
      numbers: this.numbers.subarray(from * 3, to * 3),
    };
  }
}

/** The numbers of all first, where 8-byte numbers may lie, then runs, then counts. */
function packBlock(parts: readonly Block[]): Uint8Array {
  const length = parts.reduce((sum, { runs }) => sum + runs.length, 0);
  const bytes = new Uint8Array(length * entryBytes);
  const numbers = new Float64Array(bytes.buffer, 0, length * 3);
  const runs = new Uint32Array(bytes.buffer, length * 24, length);
  const counts = new Uint32Array(bytes.buffer, length * 28, length);
  let offset = 0;
  for (const part of parts) {
    numbers.set(part.numbers, offset * 3);
    runs.set(part.runs, offset);
    counts.set(part.counts, offset);
    offset += part.runs.length;
  }
  return bytes;
}

function unpackBlock(entries: Uint8Array): Block {
  const { buffer, byteOffset, byteLength } = entries.byteOffset % 8 === 0 ? entries : new Uint8Array(entries);
  const length = byteLength / entryBytes;
  return {
    numbers: new Float64Array(buffer, byteOffset, length * 3),
    runs: new Uint32Array(buffer, byteOffset + length * 24, length),
    counts: new Uint32Array(buffer, byteOffset + length * 28, length),
  };
}
