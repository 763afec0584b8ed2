/** What the catalog answers, as it crosses to an experiment's page. */
import type { Scalar, SeriesSlice } from '../../core/domain/metric.ts';
import type { SortValue } from '../../core/run-query/sortValues.ts';
import type { RunRow } from '../../core/run-table/runRows.ts';
import type { RunGroup } from '../../core/run-table/runStatistics.ts';
import type { GroupModel, RowModel } from '../../protocol/experimentPage.ts';
import type { SeriesModel } from '../../protocol/series.ts';
import { toWire, type WireNumber, type WireScalar } from '../../protocol/wire.ts';

export function toRowModel({ name, values, ...row }: RunRow): RowModel {
  return {
    ...row,
    label: row.problem !== undefined ? row.id : name !== undefined && name !== '' ? name : `run ${row.number}`,
    values: values.map(toWireScalar),
  };
}

export function toGroupModel({ values, runs, statistics }: RunGroup): GroupModel {
  return { values: values.map(toWireScalar), runs, statistics: statistics.map((of) => of ?? null) };
}

/** A number to draw; texts are none. */
export function toValueModel(value: SortValue): WireNumber | null {
  return typeof value === 'number' ? toWire(value) : null;
}

export function toSeriesModel(slice: SeriesSlice): SeriesModel {
  return { x: slice.x, times: slice.times, values: slice.values.map(toWire), totalCount: slice.totalCount };
}

export function toScalar(value: WireScalar): Scalar | null {
  return typeof value === 'object' && value !== null ? Number(value.$float) : value;
}

export function toWireScalar(value: Scalar | null): WireScalar {
  if (typeof value !== 'number') {
    return value;
  }
  const wire = toWire(value);
  return typeof wire === 'string' ? { $float: wire } : wire;
}
