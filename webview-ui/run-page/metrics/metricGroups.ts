import type { MetricModel } from '../../../src/protocol/runPage.ts';
import { splitName } from './best.ts';

export interface MetricGroup {
  /** Without the slash; empty for metrics that have no prefix. */
  readonly name: string;
  readonly metrics: readonly MetricModel[];
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
  const drawn = metrics.filter((metric) => metric.kind === 'metric' || metric.kind === 'list');
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = drawn.filter((metric) => words.every((word) => metric.name.toLowerCase().includes(word)));
  const groups = new Map<string, MetricModel[]>();
  for (const metric of found.filter(isSeries)) {
    const name = splitName(metric.name).prefix.slice(0, -1);
    const members = groups.get(name) ?? [];
    groups.set(name, members);
    members.push(metric);
  }
  return {
    tiles: found.filter((metric) => !isSeries(metric)),
    groups: [...groups].map(([name, members]) => ({ name, metrics: members })),
    shown: found.length,
    total: drawn.length,
  };
}
