import type { MetricsLayout } from '../../../src/protocol/metricsLayout.ts';
import type { MetricModel } from '../../../src/protocol/runPage.ts';
import { splitName } from '../../shared/best.ts';

export type GroupKind =
  /** What a person keeps on top. */
  | 'pinned'
  /** Metrics with the same prefix. */
  | 'prefix'
  /** What the run used of the machine: the last group, which counts as no result. */
  | 'system';

export interface MetricGroup {
  readonly kind: GroupKind;
  /** The prefix without the slash; empty for metrics that have none. */
  readonly name: string;
  readonly metrics: readonly MetricModel[];
}

/** What stands on the tab. */
export interface MetricsOnTab {
  readonly tiles: readonly MetricModel[];
  readonly groups: readonly MetricGroup[];
  /** Of those that count as results. */
  readonly shown: number;
  readonly total: number;
  /** All that can be shown or hidden, in the order in which they were logged. */
  readonly charts: readonly MetricModel[];
}

function isSeries(metric: MetricModel): boolean {
  return (metric.kind === 'metric' || metric.kind === 'list') && metric.isNumeric && metric.count > 1;
}

/** A row or table whose two columns are the x and the y of a curve. */
export function isCurveTable(metric: MetricModel): boolean {
  return (metric.kind === 'row' || metric.kind === 'table') && metric.columns?.length === 2 && metric.count > 1;
}

function isChart(metric: MetricModel): boolean {
  return isSeries(metric) || isCurveTable(metric);
}

/** Whether a name has every word of a search. */
export function matches(name: string, search: string): boolean {
  const lower = name.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

/** Sorts the metrics of a page into tiles and groups of charts, as they were logged and as a person has arranged them. */
export function layOut(metrics: readonly MetricModel[], layout: MetricsLayout, search: string): MetricsOnTab {
  const hidden = new Set(layout.hidden);
  const pinned = new Map(layout.pinned.map((name, place) => [name, place]));
  const own = metrics.filter(
    (metric) => !metric.isSystem && (metric.kind === 'metric' || metric.kind === 'list' || isCurveTable(metric)),
  );
  const isShown = ({ name }: MetricModel): boolean => matches(name, search) && !hidden.has(name);
  const found = own.filter(isShown);
  // Its first values come within seconds: they are no tiles that turn into charts.
  const system = metrics.filter((metric) => metric.isSystem && isSeries(metric) && isShown(metric));
  const charts = [...found.filter(isChart), ...system];
  const onTop = charts
    .filter(({ name }) => pinned.has(name))
    .sort((a, b) => (pinned.get(a.name) ?? 0) - (pinned.get(b.name) ?? 0));
  return {
    tiles: found.filter((metric) => !isChart(metric)),
    groups: [
      ...group('pinned', '', onTop),
      ...byPrefix(found.filter((metric) => isChart(metric) && !pinned.has(metric.name))).flatMap(([name, members]) =>
        group('prefix', name, arranged(members, layout.order)),
      ),
      ...group(
        'system',
        'system',
        arranged(
          system.filter(({ name }) => !pinned.has(name)),
          layout.order,
        ),
      ),
    ],
    shown: found.length,
    total: own.length,
    charts: metrics.filter((metric) => isChart(metric)),
  };
}

/** A group of none is no group. */
function group(kind: GroupKind, name: string, metrics: readonly MetricModel[]): MetricGroup[] {
  return metrics.length === 0 ? [] : [{ kind, name, metrics }];
}

function byPrefix(metrics: readonly MetricModel[]): (readonly [name: string, members: readonly MetricModel[]])[] {
  const groups = new Map<string, MetricModel[]>();
  for (const metric of metrics) {
    const name = splitName(metric.name).prefix.slice(0, -1);
    const members = groups.get(name) ?? [];
    groups.set(name, members);
    members.push(metric);
  }
  return [...groups];
}

function arranged(metrics: readonly MetricModel[], order: readonly string[]): readonly MetricModel[] {
  if (order.length === 0) {
    return metrics;
  }
  const places = new Map(order.map((name, place) => [name, place]));
  const placeOf = ({ name }: MetricModel): number => places.get(name) ?? Infinity;
  // Two that were never moved stay as they are: the difference of two infinities is no number, and sorting takes it for 0.
  return [...metrics].sort((a, b) => placeOf(a) - placeOf(b) || 0);
}
