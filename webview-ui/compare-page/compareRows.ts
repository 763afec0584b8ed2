import type { ComparedMetricModel, ComparedMetricValues, ComparedValuesModel } from '../../src/protocol/comparePage.ts';
import { directionOf } from '../../src/protocol/metricDirection.ts';
import type { WireScalar } from '../../src/protocol/wire.ts';
import { scalarToNumber, scalarToText } from '../shared/formatNumbers.ts';

/** Whether the runs do not all have the same. */
export function differs(values: readonly WireScalar[]): boolean {
  const [first, ...others] = values.map((value) => JSON.stringify(value));
  return others.some((other) => other !== first);
}

/** A metric as a row: for each run the number that it is judged by. */
export interface MetricRow {
  readonly name: string;
  /** Which number that is. */
  readonly part: 'last' | 'min' | 'max';
  readonly values: readonly WireScalar[];
  /** Places of the runs that have the best of all, where a name tells which that is. */
  readonly best: ReadonlySet<number>;
}

export function metricRow({ name, isCurve, values }: ComparedMetricModel): MetricRow {
  const direction = directionOf(name);
  const part = !isCurve || direction === undefined ? 'last' : direction === 'higher' ? 'max' : 'min';
  const numbers = values.map((value) => (value === null ? null : numberOf(value, part)));
  const finite = numbers.flatMap((value) => (typeof value === 'number' ? [value] : []));
  const top = direction === 'higher' ? Math.max(...finite) : Math.min(...finite);
  const hasBest = direction !== undefined && new Set(finite).size > 1;
  const best = numbers.flatMap((value, index) => (hasBest && value === top ? [index] : []));
  return { name, part, values: numbers, best: new Set(best) };
}

function numberOf(value: ComparedMetricValues, part: MetricRow['part']): WireScalar {
  return part === 'last' ? value.last : (value[part] ?? value.last);
}

export interface Change {
  readonly difference: number;
  /** Undefined where the name does not tell which end is the good one. */
  readonly isBetter: boolean | undefined;
}

/** How far a run is from the baseline; undefined where one of them has no number, or they are the same. */
export function changeOf(name: string, value: WireScalar, baseline: WireScalar): Change | undefined {
  const [to, from] = [finiteOf(value), finiteOf(baseline)];
  if (to === undefined || from === undefined || to === from) {
    return undefined;
  }
  const direction = directionOf(name);
  const difference = to - from;
  return {
    difference,
    isBetter: direction === undefined ? undefined : direction === 'higher' ? difference > 0 : difference < 0,
  };
}

function finiteOf(value: WireScalar): number | undefined {
  const number = typeof value === 'number' ? scalarToNumber(value) : undefined;
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/** Rows whose name or one of whose values holds the text, of those that differ where only they are wanted. */
export function wantedRows<T extends ComparedValuesModel>(
  rows: readonly T[],
  search: string,
  onlyDifferences: boolean,
): readonly T[] {
  const wanted = search.trim().toLowerCase();
  return rows.filter(
    ({ name, values }) =>
      (!onlyDifferences || differs(values)) &&
      (name.toLowerCase().includes(wanted) ||
        values.some((value) => value !== null && scalarToText(value).toLowerCase().includes(wanted))),
  );
}

/** The image that is shown at a step: the last that was recorded up to it, else the first. */
export function imageAt<T extends { readonly step: number }>(images: readonly T[], step: number): T | undefined {
  return images.findLast((image) => image.step <= step) ?? images[0];
}
