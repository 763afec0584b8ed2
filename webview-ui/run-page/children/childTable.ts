/** The child runs of a run as a table. */
import type { ChildRunModel, PrimaryMetricModel, TableModel } from '../../../src/protocol/runPage.ts';
import type { WireScalar } from '../../../src/protocol/wire.ts';
import { scalarToNumber } from '../../shared/formatNumbers.ts';
import { statusLook } from '../../shared/statusLook.ts';
import { elapsedSeconds } from '../secondTicker.ts';

export interface ChildTable extends TableModel {
  /** Places of the columns that are drawn in a way of their own. */
  readonly places: { readonly name: number; readonly status: number; readonly duration: number };
}

/**
 * One row a child: name, status, parameters, metrics, duration; behind the last column the child's id. The primary metric
 * comes before the others.
 */
export function childTable(
  children: readonly ChildRunModel[],
  primary: PrimaryMetricModel | undefined,
  now: number,
): ChildTable {
  const parameters = namesOf(children.map((child) => child.parameters));
  const metrics = namesOf(children.map((child) => child.metrics ?? []));
  const ordered =
    primary !== undefined && metrics.includes(primary.name)
      ? [primary.name, ...metrics.filter((name) => name !== primary.name)]
      : metrics;
  const columns = ['Run', 'Status', ...parameters, ...ordered, 'Duration'];
  const rows = children.map((child) => [
    child.label,
    statusLook(child.state.status).label,
    ...valuesOf(parameters, child.parameters),
    ...valuesOf(ordered, child.metrics ?? []),
    elapsedSeconds(child.state, now) ?? null,
    child.id,
  ]);
  return { columns, rows, places: { name: 0, status: 1, duration: columns.length - 1 } };
}

type Values = readonly (readonly [name: string, value: WireScalar])[];

function namesOf(lists: readonly Values[]): string[] {
  return [...new Set(lists.flatMap((values) => values.map(([name]) => name)))];
}

function valuesOf(names: readonly string[], values: Values): WireScalar[] {
  const byName = new Map(values);
  return names.map((name) => byName.get(name) ?? null);
}

/** The id of the child with the best value of the primary metric; undefined where none has one. */
export function bestChild(
  children: readonly ChildRunModel[],
  primary: PrimaryMetricModel | undefined,
): string | undefined {
  if (primary === undefined) {
    return undefined;
  }
  const sign = primary.goal === 'maximize' ? 1 : -1;
  let best: { readonly id: string; readonly value: number } | undefined;
  for (const { id, metrics } of children) {
    const value = scalarToNumber(new Map(metrics).get(primary.name) ?? null);
    if (value !== undefined && Number.isFinite(value) && (best === undefined || sign * (value - best.value) > 0)) {
      best = { id, value };
    }
  }
  return best?.id;
}
