/** What a person does to the layout of the Metrics tab. Each gives the layout that is so then. */
import type { MetricsLayout } from '../../../src/protocol/metricsLayout.ts';
import type { AxisScale } from '../../../src/protocol/series.ts';
import { splitName } from '../../shared/best.ts';
import type { MetricGroup } from './metricGroups.ts';

/** The clock has no zero from which multiples could be counted. */
export function xScaleOf({ xAxis, xScale }: MetricsLayout): AxisScale {
  return xAxis === 'time' ? 'linear' : xScale;
}

export function togglePinned(layout: MetricsLayout, name: string): MetricsLayout {
  return { ...layout, pinned: toggled(layout.pinned, name) };
}

export function hide(layout: MetricsLayout, names: readonly string[]): MetricsLayout {
  return { ...layout, hidden: [...new Set([...layout.hidden, ...names])] };
}

export function show(layout: MetricsLayout, names: readonly string[]): MetricsLayout {
  return { ...layout, hidden: layout.hidden.filter((name) => !names.includes(name)) };
}

/** A group of a prefix goes by it, the others by names that no prefix can have. */
export function foldKey({ kind, name }: MetricGroup): string {
  return kind === 'prefix' ? name : `/${kind}`;
}

export function toggleFolded(layout: MetricsLayout, group: MetricGroup): MetricsLayout {
  return { ...layout, folded: toggled(layout.folded, foldKey(group)) };
}

/** Where a chart is put: before or after another one. */
export interface ChartPlace {
  readonly of: string;
  readonly side: 'before' | 'after';
}

/**
 * Moves a chart beside another one. Beside a pinned one it is pinned, too; beside one of its own group it is pinned no more.
 * Groups are made by names: it cannot go to another. @returns undefined where it cannot stand there
 */
export function moved(
  layout: MetricsLayout,
  groups: readonly MetricGroup[],
  name: string,
  place: ChartPlace,
): MetricsLayout | undefined {
  const target = groups.find(({ metrics }) => metrics.some((metric) => metric.name === place.of));
  if (target === undefined || name === place.of) {
    return undefined;
  }
  const isPinned = layout.pinned.includes(name);
  if (target.kind === 'pinned') {
    return { ...layout, pinned: inserted(layout.pinned, name, place) };
  }
  const isMember = target.metrics.some((metric) => metric.name === name);
  if (!isMember && !(isPinned && belongsTo(target, name))) {
    return undefined;
  }
  const members = target.metrics.map((metric) => metric.name);
  const names = inserted(members, name, place);
  return {
    ...layout,
    pinned: layout.pinned.filter((other) => other !== name),
    order: [...layout.order.filter((other) => !names.includes(other)), ...names],
  };
}

/** Moves a chart by one place within its group. */
export function stepped(
  layout: MetricsLayout,
  groups: readonly MetricGroup[],
  name: string,
  step: 1 | -1,
): MetricsLayout | undefined {
  const members = groups.find(({ metrics }) => metrics.some((metric) => metric.name === name))?.metrics ?? [];
  const neighbour = members[members.findIndex((metric) => metric.name === name) + step];
  return neighbour === undefined
    ? undefined
    : moved(layout, groups, name, { of: neighbour.name, side: step === 1 ? 'after' : 'before' });
}

function belongsTo(group: MetricGroup, name: string): boolean {
  return group.kind === 'prefix' && splitName(name).prefix.slice(0, -1) === group.name;
}

function inserted(names: readonly string[], name: string, { of, side }: ChartPlace): string[] {
  const others = names.filter((other) => other !== name);
  const place = others.indexOf(of) + (side === 'after' ? 1 : 0);
  return others.toSpliced(place, 0, name);
}

function toggled(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) ? names.filter((other) => other !== name) : [...names, name];
}
