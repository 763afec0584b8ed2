import type { MetricModel } from '../../../src/protocol/runPage.ts';
import { splitName } from './best.ts';

export interface MetricGroup {
  /** Without the slash; empty for metrics that have no prefix. */
  readonly name: string;
  readonly metrics: readonly MetricModel[];
  /** What the run used of the machine: the last group, which counts as no result. */
  readonly isSystem: boolean;
}

export interface MetricLayout {
  readonly tiles: readonly MetricModel[];
  readonly groups: readonly MetricGroup[];
  readonly shown: number;
  readonly total: number;
}

function isSeries(metric: MetricModel): boolean {
  return metric.isNumeric && metric.count > 1;
}

/** Sorts the metrics of a page into tiles and groups of charts, in the order in which they were first logged. */
export function layOut(metrics: readonly MetricModel[], search: string): MetricLayout {
  const own = metrics.filter(({ isSystem }) => !isSystem);
  const drawn = own.filter((metric) => metric.kind === 'metric' || metric.kind === 'list');
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const isFound = ({ name }: MetricModel): boolean => words.every((word) => name.toLowerCase().includes(word));
  const found = drawn.filter(isFound);
  const groups = new Map<string, MetricModel[]>();
  for (const metric of found.filter(isSeries)) {
    const name = splitName(metric.name).prefix.slice(0, -1);
    const members = groups.get(name) ?? [];
    groups.set(name, members);
    members.push(metric);
  }
  // Its first values come within seconds: they are no tiles that turn into charts.
  const system = metrics.filter((metric) => metric.isSystem && isSeries(metric) && isFound(metric));
  return {
    tiles: found.filter((metric) => !isSeries(metric)),
    groups: [
      ...[...groups].map(([name, members]) => ({ name, metrics: members, isSystem: false })),
      ...(system.length === 0 ? [] : [{ name: 'system', metrics: system, isSystem: true }]),
    ],
    shown: found.length,
    total: drawn.length,
  };
}
