/** A run as both readers of the format tell of it, in one form. */
import type { Scalar } from '../../src/core/domain/metric.ts';
import { storedScalar } from '../../src/core/store/journalRecords.ts';
import { RunReader } from '../../src/core/store/runReader.ts';

type Pairs = readonly (readonly [name: string, value: unknown])[];

export interface ComparedMetric {
  readonly name: string;
  readonly kind: string;
  readonly description: string | null;
  /** Of a series: x, value, time. */
  readonly points: readonly (readonly unknown[])[];
  readonly values: readonly unknown[];
  readonly columns: Pairs;
}

export interface ComparedRun {
  readonly status: string;
  readonly startTime: unknown;
  /** Of a run that recorded its end. */
  readonly endTime: unknown;
  readonly exitCode: unknown;
  /** Of a run that recorded its end. */
  readonly error: unknown;
  readonly displayName: string | null;
  readonly description: string | null;
  readonly notes: string | null;
  readonly tags: Pairs;
  readonly properties: Pairs;
  readonly parameters: Pairs;
  readonly metrics: readonly ComparedMetric[];
  readonly images: readonly (readonly [name: string, images: unknown])[];
  readonly documents: readonly (readonly [name: string, schema: string, path: string])[];
  readonly snapshot: unknown;
  readonly warnings: readonly string[];
  readonly problems: number;
}

export async function openRun(folder: string): Promise<RunReader> {
  return RunReader.open({ folder, experimentKey: 'iris', withMetrics: true });
}

/** @param hasRecordedEnd whether what tells of the end was recorded, and not derived from processes */
export async function comparedRun(reader: RunReader, hasRecordedEnd: boolean): Promise<ComparedRun> {
  const details = await reader.details();
  const { summary, snapshot } = details;
  const images = new Map<string, unknown[]>();
  for (const { name, path, step, description, time } of details.images) {
    const known = images.get(name) ?? [];
    known.push({ path, step: step ?? null, description: description ?? null, time: storedScalar(time) });
    images.set(name, known);
  }
  return {
    status: summary.status,
    startTime: storedScalar(summary.startTime ?? null),
    endTime: hasRecordedEnd ? storedScalar(summary.endTime ?? null) : null,
    exitCode: summary.exitCode ?? null,
    error: hasRecordedEnd ? (summary.failure ?? null) : null,
    displayName: summary.displayName ?? null,
    description: details.description ?? null,
    notes: details.notes ?? null,
    tags: Object.entries(details.tags),
    properties: Object.entries(details.properties),
    parameters: Object.entries(details.parameters).map(([name, value]) => [name, storedScalar(value)]),
    metrics: details.metrics.map(({ name, kind, description }) => ({
      name,
      kind,
      description: description ?? null,
      ...pointsOf(reader, name, kind),
    })),
    images: [...images],
    documents: details.documents.map(({ name, schema, path }) => [name, schema, path]),
    snapshot: snapshot ?? null,
    warnings: details.warnings,
    problems: details.problemCount,
  };
}

function pointsOf(
  reader: RunReader,
  name: string,
  kind: string,
): Pick<ComparedMetric, 'points' | 'values' | 'columns'> {
  const nothing = { points: [], values: [], columns: [] };
  const points = reader.metrics.points(name) ?? [];
  const stored = (value: Scalar | null): unknown => storedScalar(value);
  if (kind === 'metric') {
    return { ...nothing, points: points.map(({ x, value, time }) => [x, stored(value), stored(time)]) };
  }
  if (kind === 'list') {
    return { ...nothing, values: points.map(({ value }) => stored(value)) };
  }
  const table = reader.metrics.table(name);
  const columns = table?.columns ?? [];
  return {
    ...nothing,
    columns: columns.map((column, place) => [column, (table?.rows ?? []).map((row) => stored(row[place] ?? null))]),
  };
}

/**
 * The same with what the format leaves open made alike: JavaScript puts the keys of an object that are whole numbers
 * first, and JSON has one zero.
 */
export function inCommonOrder(run: ComparedRun): unknown {
  const columnsInOrder = run.metrics.map((metric) => ({ ...metric, columns: numbersFirst(metric.columns, first) }));
  return JSON.parse(
    JSON.stringify({
      ...run,
      tags: numbersFirst(run.tags, first),
      properties: numbersFirst(run.properties, first),
      parameters: numbersFirst(run.parameters, first),
      metrics: numbersFirst(columnsInOrder, ({ name }) => name),
      images: [...run.images].sort(([a], [b]) => (a < b ? -1 : 1)),
      documents: [...run.documents].sort(([a], [b]) => (a < b ? -1 : 1)),
    }),
  );
}

function first(pair: readonly [string, unknown]): string {
  return pair[0];
}

function numbersFirst<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  const isNumber = (item: T): boolean => /^(?:0|[1-9]\d*)$/.test(nameOf(item));
  const numbers = items.filter((item) => isNumber(item)).sort((a, b) => Number(nameOf(a)) - Number(nameOf(b)));
  return [...numbers, ...items.filter((item) => !isNumber(item))];
}
