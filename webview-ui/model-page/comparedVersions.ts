import { directionOf } from '../../src/protocol/metricDirection.ts';
import type { ModelVersionModel } from '../../src/protocol/modelPage.ts';
import type { WireScalar } from '../../src/protocol/wire.ts';
import { formatMetric, scalarToText } from '../shared/formatNumbers.ts';
import { formatSize } from '../shared/formatSizes.ts';
import { formatDate } from '../shared/formatTimes.ts';
import { metricOf } from './chosenMetrics.ts';

/** One thing of two versions. Undefined: that one has none. */
export interface ComparedRow {
  readonly name: string;
  readonly left: string | undefined;
  readonly right: string | undefined;
  readonly isChanged: boolean;
  /** Of a metric whose name says which end is good: which version is better. */
  readonly better: 'left' | 'right' | undefined;
}

export interface ComparedGroup {
  readonly title: string;
  readonly rows: readonly ComparedRow[];
}

/** Two versions side by side, what they are and what their runs logged. Within a group, what differs comes first. */
export function comparedVersions(left: ModelVersionModel, right: ModelVersionModel): readonly ComparedGroup[] {
  const groups: ComparedGroup[] = [
    {
      title: 'Version',
      rows: [
        row('Registered', formatDate(left.createdTime), formatDate(right.createdTime)),
        row('Run', left.run?.label ?? left.runId, right.run?.label ?? right.runId),
        row('Commit', left.run?.commit?.slice(0, 7), right.run?.commit?.slice(0, 7)),
        row('Framework', left.framework, right.framework),
        row('Size', formatSize(left.bytes), formatSize(right.bytes)),
        row('Files', String(left.files.length), String(right.files.length)),
      ].filter((entry) => entry.left !== undefined || entry.right !== undefined),
    },
    { title: 'Metrics', rows: metricRows(left, right) },
    { title: 'Parameters', rows: pairRows(texts(left.run?.parameters), texts(right.run?.parameters)) },
    { title: 'Tags', rows: pairRows(new Map(left.tags), new Map(right.tags)) },
    { title: 'Properties', rows: pairRows(new Map(left.properties), new Map(right.properties)) },
  ];
  return groups.filter(({ rows }) => rows.length > 0);
}

function row(name: string, left: string | undefined, right: string | undefined): ComparedRow {
  return { name, left, right, isChanged: left !== right, better: undefined };
}

function metricRows(left: ModelVersionModel, right: ModelVersionModel): readonly ComparedRow[] {
  const names = new Set([...(left.run?.metrics ?? []), ...(right.run?.metrics ?? [])].map(({ name }) => name));
  const rows = [...names].map((name): ComparedRow => {
    const [a, b] = [metricOf(left, name), metricOf(right, name)];
    const entry = row(name, metricText(left, name), metricText(right, name));
    const direction = directionOf(name);
    const isOrdered = a !== undefined && b !== undefined && a !== b && Number.isFinite(a) && Number.isFinite(b);
    if (!isOrdered || direction === undefined) {
      // Not by the values alone: what is not a number differs from itself.
      return { ...entry, isChanged: !Object.is(a, b) || entry.isChanged };
    }
    return { ...entry, isChanged: true, better: (direction === 'higher') === a > b ? 'left' : 'right' };
  });
  return changedFirst(rows);
}

function metricText(version: ModelVersionModel, name: string): string | undefined {
  const metric = version.run?.metrics.find((candidate) => candidate.name === name);
  const value = metricOf(version, name);
  return metric === undefined ? undefined : value === undefined ? scalarToText(metric.last) : formatMetric(value);
}

function texts(
  parameters: readonly (readonly [name: string, value: WireScalar])[] = [],
): ReadonlyMap<string, string | null> {
  return new Map(parameters.map(([name, value]) => [name, scalarToText(value)]));
}

function pairRows(
  left: ReadonlyMap<string, string | null>,
  right: ReadonlyMap<string, string | null>,
): readonly ComparedRow[] {
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const textOf = (map: ReadonlyMap<string, string | null>, name: string): string | undefined =>
    map.has(name) ? (map.get(name) ?? '') : undefined;
  return changedFirst(names.map((name) => row(name, textOf(left, name), textOf(right, name))));
}

function changedFirst(rows: readonly ComparedRow[]): readonly ComparedRow[] {
  return [...rows].sort((a, b) => Number(b.isChanged) - Number(a.isChanged) || (a.name < b.name ? -1 : 1));
}
