/** A run's metrics with all their points: a fold over the journals' records, whatever order they are read in. */
import type { MetricKind, MetricPoint, MetricSummary, Scalar, SeriesSlice, TableData } from '../domain/metric.ts';
import type { TimedRecord } from './journalRecords.ts';
import { OrderedPoints } from './orderedRecords.ts';
import { compareOrder, type RecordOrder } from './recordOrder.ts';
import { type Row, TableRows, tableData } from './tableRows.ts';

const noPoints = new OrderedPoints();

interface Extremes {
  readonly min: MetricPoint | undefined;
  readonly max: MetricPoint | undefined;
  /** No value was a string. */
  readonly isNumeric: boolean;
  readonly scannedCount: number;
  readonly disorderCount: number;
}

const nothingScanned: Extremes = {
  min: undefined,
  max: undefined,
  isNumeric: true,
  scannedCount: 0,
  disorderCount: 0,
};

/** All records of one name and one kind. A run may have a million names, most of them with a single record. */
class MetricRecords {
  readonly kind: MetricKind;
  /** Of a series or list; of another kind it stays empty. */
  readonly points: OrderedPoints;
  /** Of a row or table. */
  private readonly rows: TableRows | undefined;
  recordCount = 0;
  firstOrder: RecordOrder | undefined;
  /** Among the names of its first record, from 0. */
  firstPlace = 0;
  private scanned = nothingScanned;
  private lastDescription: { order: RecordOrder; text: string } | undefined = undefined;

  constructor(kind: MetricKind) {
    this.kind = kind;
    const isTable = kind === 'row' || kind === 'table';
    this.points = isTable ? noPoints : new OrderedPoints();
    this.rows = isTable ? new TableRows() : undefined;
  }

  get description(): string | undefined {
    return this.lastDescription?.text;
  }

  /** Looks only at the points that came since the last call, unless some came out of order. */
  extremes(): Extremes {
    const { points } = this;
    points.sort();
    let { min, max, isNumeric, scannedCount, disorderCount } = this.scanned;
    if (disorderCount !== this.points.disorderCount) {
      ({ min, max, isNumeric, scannedCount } = nothingScanned);
    }
    for (let index = scannedCount; index < points.length; index++) {
      const logged = points.valueAt(index);
      const value = asNumber(logged);
      if (value === undefined) {
        isNumeric = isNumeric && logged === null;
      } else if (Number.isFinite(value)) {
        const x = points.xAt(index);
        min = min === undefined || value < min.value ? { x, value } : min;
        max = max === undefined || value > max.value ? { x, value } : max;
      }
    }
    disorderCount = this.points.disorderCount;
    this.scanned = { min, max, isNumeric, scannedCount: points.length, disorderCount };
    return this.scanned;
  }

  /** How much was added, with what is not shown. */
  get length(): number {
    return this.rows?.length ?? this.points.length;
  }

  addTable(columns: Readonly<Record<string, readonly (Scalar | null)[]>>, order: RecordOrder): void {
    this.rows?.addTable(columns, order);
  }

  addRow(row: Row, order: RecordOrder): void {
    this.rows?.add(row, order);
  }

  table(): { readonly columns: readonly string[]; readonly rows: readonly Row[] } {
    return this.rows?.table() ?? { columns: [], rows: [] };
  }

  note(order: RecordOrder, description: string | undefined, place = 0): void {
    this.recordCount++;
    if (this.firstOrder === undefined || compareOrder(order, this.firstOrder) < 0) {
      this.firstOrder = order;
      this.firstPlace = place;
    }
    if (description && (this.lastDescription === undefined || compareOrder(order, this.lastDescription.order) >= 0)) {
      this.lastDescription = { order, text: description };
    }
  }
}

export interface RecordedPoint {
  readonly x: number;
  /** Unix seconds. */
  readonly time: number;
  readonly value: Scalar | null;
}

export class MetricFold {
  /** What was read first of each name. */
  private readonly metrics = new Map<string, MetricRecords>();
  /** Of the few names that were used for several kinds: the other kinds. */
  private readonly otherKinds = new Map<string, MetricRecords[]>();

  add(record: TimedRecord, order: RecordOrder): void {
    switch (record.k) {
      case 'metric':
        this.addPoint(record.n, record.v, record.s, order, record.d);
        break;
      case 'metrics': {
        let place = 0;
        for (const [name, value] of Object.entries(record.v)) {
          this.addPoint(name, value, record.s, order, undefined, place++);
        }
        break;
      }
      case 'list': {
        const records = this.records(record.n, 'list');
        records.note(order, record.d);
        for (const value of record.v) {
          records.points.push(value, undefined, order);
        }
        break;
      }
      case 'row': {
        const records = this.records(record.n, 'row');
        records.note(order, record.d);
        records.addRow(record.v, order);
        break;
      }
      case 'table': {
        const records = this.records(record.n, 'table');
        records.note(order, record.d);
        records.addTable(record.v, order);
        break;
      }
      default:
        break;
    }
  }

  private addPoint(
    name: string,
    value: Scalar,
    step: number | undefined,
    order: RecordOrder,
    description: string | undefined,
    place = 0,
  ): void {
    const records = this.records(name, 'metric');
    records.note(order, description, place);
    records.points.push(value, step, order);
  }

  private records(name: string, kind: MetricKind): MetricRecords {
    const known = this.metrics.get(name);
    if (known?.kind === kind) {
      return known;
    }
    const others = this.otherKinds.get(name) ?? [];
    const records = others.find((other) => other.kind === kind) ?? new MetricRecords(kind);
    if (known === undefined) {
      this.metrics.set(name, records);
    } else if (!others.includes(records)) {
      this.otherKinds.set(name, [...others, records]);
    }
    return records;
  }

  /** The kind of a name is that of its first record. */
  private effective(name: string): MetricRecords | undefined {
    const first = this.metrics.get(name);
    const others = this.otherKinds.get(name);
    return first === undefined || others === undefined ? first : [first, ...others].sort(compareFirst)[0];
  }

  /** Records whose name was first used for another kind. */
  get problemCount(): number {
    let count = 0;
    for (const [name, others] of this.otherKinds) {
      const effective = this.effective(name);
      for (const records of [this.metrics.get(name), ...others]) {
        count += records === undefined || records === effective ? 0 : records.recordCount;
      }
    }
    return count;
  }

  /** By first appearance. */
  summaries(): MetricSummary[] {
    const found = [...this.metrics.keys()].map((name) => ({ name, records: this.effective(name) }));
    return found
      .filter((entry): entry is { name: string; records: MetricRecords } => entry.records !== undefined)
      .sort((a, b) => compareFirst(a.records, b.records))
      .map(({ name, records }) => summaryOf(name, records));
  }

  /** Points of a series as they were recorded: x is the step, or the place. Undefined for a name that is no series or list. */
  points(name: string): RecordedPoint[] | undefined {
    return this.orderedPoints(name) === undefined ? undefined : [...this.eachPoint(name)];
  }

  /** The same one after the other; none for a name that is no series or list. */
  *eachPoint(name: string): Generator<RecordedPoint, void, void> {
    const points = this.orderedPoints(name);
    for (let index = 0; index < (points?.length ?? 0); index++) {
      if (points !== undefined) {
        yield { x: points.xAt(index), time: points.timeAt(index), value: points.valueAt(index) };
      }
    }
  }

  /** The numbers of a series or list in order of x, all of them; undefined for any other name. */
  series(name: string): SeriesSlice | undefined {
    const points = this.orderedPoints(name);
    return points === undefined ? undefined : inOrderOfX(numbersFrom(points, 0));
  }

  private orderedPoints(name: string): OrderedPoints | undefined {
    const records = this.effective(name);
    if (records === undefined || (records.kind !== 'metric' && records.kind !== 'list')) {
      return undefined;
    }
    records.points.sort();
    return records.points;
  }

  table(name: string): TableData | undefined {
    const records = this.effective(name);
    if (records === undefined || (records.kind !== 'row' && records.kind !== 'table')) {
      return undefined;
    }
    return tableData(records.table());
  }
}

interface NumberColumns {
  readonly x: number[];
  readonly times: number[];
  readonly values: number[];
}

/** What can be drawn of the points from a place on. */
function numbersFrom(points: OrderedPoints, from: number): NumberColumns {
  points.sort();
  const columns: NumberColumns = { x: [], times: [], values: [] };
  for (let index = from; index < points.length; index++) {
    const value = asNumber(points.valueAt(index));
    if (value !== undefined) {
      columns.x.push(points.xAt(index));
      columns.times.push(points.timeAt(index));
      columns.values.push(value);
    }
  }
  return columns;
}

function inOrderOfX({ x, times, values }: NumberColumns): SeriesSlice {
  const totalCount = x.length;
  if (x.every((item, index) => index === 0 || item >= (x[index - 1] ?? item))) {
    return { x, times, values, totalCount };
  }
  const indices = Array.from(x.keys()).sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0));
  const pick = (column: readonly number[]): number[] => indices.map((index) => column[index] ?? 0);
  return { x: pick(x), times: pick(times), values: pick(values), totalCount };
}

function compareFirst(a: MetricRecords, b: MetricRecords): number {
  const first = a.firstOrder;
  const second = b.firstOrder;
  if (first === undefined || second === undefined) {
    return first === second ? 0 : first === undefined ? 1 : -1;
  }
  return compareOrder(first, second) || a.firstPlace - b.firstPlace;
}

function asNumber(value: Scalar | null): number | undefined {
  switch (typeof value) {
    case 'number':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    default:
      return undefined;
  }
}

function summaryOf(name: string, records: MetricRecords): MetricSummary {
  const base = { name, kind: records.kind, description: records.description };
  if (records.kind === 'row' || records.kind === 'table') {
    const { columns, rows } = records.table();
    return {
      ...base,
      count: rows.length,
      last: undefined,
      lastX: undefined,
      min: undefined,
      max: undefined,
      isNumeric: false,
      columns,
    };
  }
  const { points } = records;
  const { min, max, isNumeric } = records.extremes();
  const last = points.length - 1;
  return {
    ...base,
    count: points.length,
    last: points.valueAt(last) ?? undefined,
    lastX: last < 0 ? undefined : points.xAt(last),
    min,
    max,
    isNumeric: isNumeric && points.length > 0,
    columns: undefined,
  };
}
