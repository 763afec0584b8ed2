/**
 * What lists, filters and cards need of each metric of a run, whatever its writers: packed, all metrics of a run in one row of the index
 * (`run_metrics`). By name, over all runs, they are in `metricColumns.ts`.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { MetricKind } from '../domain/metric.ts';
import { float64Column } from './pointColumns.ts';

const kinds: readonly MetricKind[] = ['metric', 'list', 'row', 'table'];
/** Beside the kind. */
const withNumbers = 0x80;

/** Which number of a metric: its last value, an extreme, or of how many points it is. */
export type MetricNumber = 'last' | 'min' | 'max' | 'count';

/** Of one metric. */
export interface MetricEntry {
  /** The key of its name. */
  readonly name: number;
  readonly kind: MetricKind;
  readonly count: number;
  /** NaN where the last value is no number; likewise the extremes, of the finite ones. */
  readonly last: number;
  readonly min: number;
  readonly max: number;
  /** The last value where it is a text, or not a number. */
  readonly lastText: string | null;
}

/** The metrics of one run, by rising keys of their names. */
export class RunMetrics {
  readonly names: Uint32Array;
  readonly counts: Uint32Array;
  private readonly kindsOf: Uint8Array;
  /** Last, lowest and highest value of each, one after the other. */
  readonly numbers: Float64Array;

  private constructor(names: Uint32Array, counts: Uint32Array, kindsOf: Uint8Array, numbers: Float64Array) {
    this.names = names;
    this.counts = counts;
    this.kindsOf = kindsOf;
    this.numbers = numbers;
  }

  static of(entries: readonly MetricEntry[]): RunMetrics {
    const isSorted = entries.every(({ name }, index) => index === 0 || name > (entries[index - 1]?.name ?? 0));
    const sorted = isSorted ? entries : [...entries].sort((a, b) => a.name - b.name);
    const names = new Uint32Array(sorted.length);
    const counts = new Uint32Array(sorted.length);
    const kindsOf = new Uint8Array(sorted.length);
    const numbers = new Float64Array(sorted.length * 3);
    for (let index = 0; index < sorted.length; index++) {
      const { name, kind, count, last, min, max } = sorted[index] as MetricEntry;
      names[index] = name;
      counts[index] = count;
      kindsOf[index] = kinds.indexOf(kind) | (Number.isNaN(min) ? 0 : withNumbers);
      numbers[index * 3] = last;
      numbers[index * 3 + 1] = min;
      numbers[index * 3 + 2] = max;
    }
    return new RunMetrics(names, counts, kindsOf, numbers);
  }

  /** From the columns of a row. The numbers may be left out where nobody asks for them. */
  static unpack(row: Readonly<Record<string, unknown>>): RunMetrics {
    const names = uint32Column(row.names as Uint8Array);
    const counts = row.counts as Uint8Array;
    return new RunMetrics(
      names,
      uint32Column(counts.subarray(0, names.length * 4)),
      counts.subarray(names.length * 4),
      row.numbers instanceof Uint8Array ? float64Column(row.numbers) : new Float64Array(),
    );
  }

  /** Where a metric is; -1 where the run does not have it. */
  indexOf(name: number): number {
    const { names } = this;
    let low = 0;
    let high = names.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = names[middle] as number;
      if (found === name) {
        return middle;
      }
      if (found < name) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** NaN where there is none. */
  value(index: number, part: MetricNumber): number {
    const { counts, numbers } = this;
    switch (part) {
      case 'count':
        return counts[index] as number;
      case 'last':
        return numbers[index * 3] as number;
      case 'min':
        return numbers[index * 3 + 1] as number;
      case 'max':
        return numbers[index * 3 + 2] as number;
    }
  }

  kind(index: number): MetricKind {
    return kinds[(this.kindsOf[index] ?? 0) & ~withNumbers] ?? 'metric';
  }

  /** Whether some value is a finite number. */
  hasNumbers(index: number): boolean {
    return ((this.kindsOf[index] ?? 0) & withNumbers) !== 0;
  }

  /** These with others in place of those of the same names. A run can have a million. */
  with(entries: readonly MetricEntry[]): RunMetrics {
    const others = RunMetrics.of(entries);
    const room = this.names.length + others.names.length;
    const joined = new RunMetrics(
      new Uint32Array(room),
      new Uint32Array(room),
      new Uint8Array(room),
      new Float64Array(room * 3),
    );
    let size = 0;
    const take = (from: RunMetrics, at: number): void => {
      joined.names[size] = from.names[at] as number;
      joined.counts[size] = from.counts[at] as number;
      joined.kindsOf[size] = from.kindsOf[at] as number;
      for (let part = 0; part < 3; part++) {
        joined.numbers[size * 3 + part] = from.numbers[at * 3 + part] as number;
      }
      size++;
    };
    let own = 0;
    for (let other = 0; other < others.names.length; other++) {
      const name = others.names[other] as number;
      while (own < this.names.length && (this.names[own] as number) < name) {
        take(this, own++);
      }
      own += this.names[own] === name ? 1 : 0;
      take(others, other);
    }
    while (own < this.names.length) {
      take(this, own++);
    }
    return new RunMetrics(
      joined.names.subarray(0, size),
      joined.counts.subarray(0, size),
      joined.kindsOf.subarray(0, size),
      joined.numbers.subarray(0, size * 3),
    );
  }

  /** The columns of a row. */
  pack(): readonly [names: Uint8Array, counts: Uint8Array, numbers: Uint8Array] {
    const counts = new Uint8Array(this.counts.length * 5);
    counts.set(bytesOf(this.counts));
    counts.set(this.kindsOf, this.counts.length * 4);
    return [bytesOf(this.names), counts, bytesOf(this.numbers)];
  }
}

/**
 * Whether the metrics of a run are among those by name (`metricColumns.ts`): not yet, as they are, or as they were.
 */
export const settled = { not: 0, whole: 1, outdated: 2 } as const;

/**
 * Writes metrics of a run; others that it has stay as they are.
 *
 * @param isNew whether it has none yet
 */
export function saveRunMetrics(
  database: Pick<DatabaseSync, 'prepare'>,
  run: number,
  entries: readonly MetricEntry[],
  isNew: boolean,
): void {
  const row = isNew
    ? undefined
    : database.prepare('SELECT names, counts, numbers FROM run_metrics WHERE run = ?').get(run);
  const metrics = row === undefined ? RunMetrics.of(entries) : RunMetrics.unpack(row).with(entries);
  database
    .prepare(
      `INSERT INTO run_metrics (run, names, counts, numbers, settled) VALUES (?, ?, ?, ?, ${settled.not})
       ON CONFLICT (run) DO UPDATE SET names = excluded.names, counts = excluded.counts, numbers = excluded.numbers,
         settled = CASE settled WHEN ${settled.not} THEN ${settled.not} ELSE ${settled.outdated} END`,
    )
    .run(run, ...metrics.pack());
  if (!isNew) {
    database
      .prepare('DELETE FROM metric_texts WHERE run = ? AND name IN (SELECT value FROM json_each(?))')
      .run(run, JSON.stringify(entries.map(({ name }) => name)));
  }
  for (const { name, last, lastText } of entries) {
    if (Number.isNaN(last) && lastText !== null) {
      database.prepare('INSERT INTO metric_texts (name, run, text) VALUES (?, ?, ?)').run(name, run, lastText);
    }
  }
}

/** Takes out the metrics of a run that is gone. */
export function deleteRunMetrics(database: Pick<DatabaseSync, 'prepare'>, run: number): void {
  database
    .prepare(`INSERT OR IGNORE INTO gone_runs SELECT run FROM run_metrics WHERE run = ? AND settled <> ${settled.not}`)
    .run(run);
  database.prepare('DELETE FROM run_metrics WHERE run = ?').run(run);
  database.prepare('DELETE FROM metric_texts WHERE run = ?').run(run);
}

/** The metrics of some runs that have any. */
export function* metricsOfRuns(
  database: DatabaseSync,
  runs: readonly number[],
): Generator<readonly [run: number, metrics: RunMetrics]> {
  const rows = database
    .prepare(
      `SELECT run, names, counts, numbers
       FROM json_each(?) AS wanted CROSS JOIN run_metrics ON run_metrics.run = wanted.value`,
    )
    .iterate(JSON.stringify(runs));
  for (const row of rows) {
    yield [Number(row.run), RunMetrics.unpack(row)];
  }
}

function uint32Column(blob: Uint8Array): Uint32Array {
  const bytes = blob.byteOffset % 4 === 0 ? blob : new Uint8Array(blob);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

function bytesOf(column: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
