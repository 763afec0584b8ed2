/** What the SDK puts into a notebook's output for a run. A notebook may come from anybody: nothing of it is taken as given. */
import { type RunStatusName, runStatusNames } from '../../src/protocol/runPage.ts';
import type { SeriesModel } from '../../src/protocol/series.ts';
import type { WireNumber, WireScalar } from '../../src/protocol/wire.ts';

export interface RunSummaryModel {
  readonly workspaceFolder: string;
  readonly experiment: string;
  readonly runId: string;
  readonly number: number | undefined;
  readonly displayName: string;
  readonly status: RunStatusName | undefined;
  /** Unix seconds. */
  readonly startTime: number | undefined;
  /** Seconds, of a run that has ended. */
  readonly duration: number | undefined;
  readonly error: string | undefined;
  readonly curves: readonly CurveModel[];
  /** What has no curve: single values, texts, tables. */
  readonly values: readonly ValueModel[];
  readonly children: readonly ChildModel[];
  /** Name of the metric that the children are ordered by. */
  readonly primaryMetric: string | undefined;
}

export interface CurveModel {
  readonly name: string;
  readonly series: SeriesModel;
}

export interface ValueModel {
  readonly name: string;
  readonly last: WireScalar;
  readonly count: number;
}

export interface ChildModel {
  readonly runId: string;
  readonly displayName: string;
  readonly status: string;
  readonly metric: WireScalar | undefined;
  readonly note: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Undefined where it is no run. */
export function runSummaryOf(json: unknown): RunSummaryModel | undefined {
  const fields = fieldsOf(json);
  const runId = textOf(fields.runId);
  if (runId === undefined) {
    return undefined;
  }
  const metrics = Object.entries(fieldsOf(fields.metrics)).filter(([name]) => !name.startsWith('system/'));
  const read = metrics.map(([name, metric]) => metricOf(name, fieldsOf(metric)));
  const status = textOf(fields.status);
  return {
    workspaceFolder: textOf(fields.workspaceFolder) ?? '',
    experiment: textOf(fields.experiment) ?? '',
    runId,
    number: finiteOf(fields.number),
    displayName: textOf(fields.displayName) ?? runId,
    status: runStatusNames.find((name) => name === status),
    startTime: finiteOf(fields.startTime),
    duration: finiteOf(fields.duration),
    error: textOf(fields.error),
    curves: read.flatMap(({ curve }) => curve ?? []),
    values: read.flatMap(({ value }) => value ?? []),
    children: listOf(fields.children).map((child) => childOf(fieldsOf(child))),
    primaryMetric: textOf(fieldsOf(fields.best).metric),
  };
}

function metricOf(
  name: string,
  { kind, points, values, columns, count }: Fields,
): { curve?: CurveModel; value?: ValueModel } {
  const rows = kind === 'list' ? listOf(values).map((value, index) => [index, value]) : listOf(points).map(listOf);
  const all = finiteOf(count) ?? rows.length;
  if (kind === 'metric' || kind === 'list') {
    const numbers = rows.map(([, value]) => wireNumber(value));
    if (rows.length > 1 && numbers.every((value) => value !== undefined)) {
      const x = rows.map(([step], index) => finiteOf(step) ?? index);
      const times = rows.map(([, , time]) => finiteOf(time) ?? Number.NaN);
      return { curve: { name, series: { x, times, values: numbers, totalCount: all } } };
    }
    const last = scalarOf(rows.at(-1)?.[1]);
    return last === undefined ? {} : { value: { name, last, count: all } };
  }
  if (kind === 'row' || kind === 'table') {
    const cells = Object.entries(fieldsOf(columns)).map(([column, items]) => [column, listOf(items)] as const);
    const length = Math.max(0, ...cells.map(([, items]) => items.length));
    const last = cells.map(([column, items]) => `${column}: ${String(scalarOf(items.at(-1)) ?? '')}`).join(', ');
    return length === 0 ? {} : { value: { name, last, count: length } };
  }
  return {};
}

function childOf({ runId, displayName, status, best_metric, hyperparameters, is_reused }: Fields): ChildModel {
  const settings = Object.entries(fieldsOf(hyperparameters)).map(([name, value]) => `${name} ${settingText(value)}`);
  return {
    runId: textOf(runId) ?? '',
    displayName: textOf(displayName) ?? textOf(runId) ?? '',
    status: textOf(status) ?? '',
    metric: scalarOf(best_metric),
    note: [...settings, ...(is_reused === true ? ['reused'] : [])].join(', '),
  };
}

/** A number that was drawn from a range has more digits than anybody reads. */
function settingText(value: unknown): string {
  return typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(3))) : String(value);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function finiteOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Numbers that are not finite come as `{"$float": "NaN"}`; booleans are drawn as 0 and 1. */
function wireNumber(value: unknown): WireNumber | undefined {
  const tag = fieldsOf(value).$float;
  if (tag === 'NaN' || tag === 'Infinity' || tag === '-Infinity') {
    return tag;
  }
  return typeof value === 'boolean' ? Number(value) : finiteOf(value);
}

function scalarOf(value: unknown): WireScalar | undefined {
  const number = wireNumber(value);
  if (typeof number === 'string') {
    return { $float: number };
  }
  return typeof value === 'boolean' || typeof value === 'string' ? value : number;
}
