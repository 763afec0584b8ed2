/** The trials of a sweep as places on axes: one for each hyperparameter, and one for the primary metric. */
import type { ChildRunModel, PrimaryMetricModel } from '../../../src/protocol/runPage.ts';
import type { WireScalar } from '../../../src/protocol/wire.ts';
import {
  formatMetric,
  formatSeriesValue,
  isWholeSeries,
  scalarToNumber,
  scalarToText,
} from '../../shared/formatNumbers.ts';

export interface AxisTick {
  /** 0 at the bottom, 1 at the top. */
  readonly at: number;
  /** The number that stands there; of a category its place among the others, from 0. */
  readonly value: number;
  readonly label: string;
}

export interface TrialAxis {
  readonly name: string;
  /** Without the dashes of an option. */
  readonly label: string;
  readonly kind: 'linear' | 'log' | 'category';
  readonly ticks: readonly AxisTick[];
  /** Where a value lies, 0 to 1; undefined for one that is missing or not finite. */
  readonly placeOf: (value: WireScalar) => number | undefined;
  /** What stands at a place, for a person; of categories the nearest. */
  readonly textAt: (place: number) => string;
}

/** The values of a trial, in the order of the axes. */
export interface TrialLine {
  readonly id: string;
  readonly label: string;
  readonly values: readonly WireScalar[];
  readonly places: readonly (number | undefined)[];
}

/** A stretch of an axis, 0 to 1. */
export interface PlaceRange {
  readonly from: number;
  readonly to: number;
}

/** Values that differ more than this, and are all above 0, are drawn on a logarithmic axis. */
const widestLinear = 50;
const tickCount = 4;

export function trialAxes(
  children: readonly ChildRunModel[],
  primary: PrimaryMetricModel | undefined,
): readonly TrialAxis[] {
  const names = [...new Set(children.flatMap(({ parameters }) => parameters.map(([name]) => name)))];
  const axes = names.map((name) =>
    axisOf(
      name,
      children.map(({ parameters }) => valueIn(parameters, name)),
    ),
  );
  if (primary === undefined) {
    return axes;
  }
  const measured = children.map(({ metrics }) => valueIn(metrics ?? [], primary.name));
  return [...axes, axisOf(primary.name, measured)];
}

export function trialLines(
  children: readonly ChildRunModel[],
  axes: readonly TrialAxis[],
  primary: PrimaryMetricModel | undefined,
): readonly TrialLine[] {
  return children.map(({ id, label, parameters, metrics = [] }) => {
    const values = axes.map(({ name }, index) =>
      valueIn(primary !== undefined && index === axes.length - 1 ? metrics : parameters, name),
    );
    return { id, label, values, places: axes.map((axis, index) => axis.placeOf(values[index] ?? null)) };
  });
}

/** Whether a trial lies in all the stretches that were chosen, by the index of their axes. */
export function isInRanges({ places }: TrialLine, ranges: ReadonlyMap<number, PlaceRange>): boolean {
  return [...ranges].every(([axis, { from, to }]) => {
    const place = places[axis];
    return place !== undefined && place >= from && place <= to;
  });
}

function valueIn(values: readonly (readonly [name: string, value: WireScalar])[], name: string): WireScalar {
  return values.find(([key]) => key === name)?.[1] ?? null;
}

/** The axis that holds all of some values. */
export function axisOf(name: string, values: readonly WireScalar[]): TrialAxis {
  const label = name.replace(/^--?/, '');
  const filled = values.filter((value) => value !== null);
  const numbers = filled.map(finiteNumber).filter((value) => value !== undefined);
  const isNumeric = filled.every((value) => typeof value === 'number' || typeof value === 'object');
  if (!isNumeric || numbers.length === 0) {
    return categoryAxis(name, label, filled);
  }
  return numberAxis(name, label, numbers);
}

function finiteNumber(value: WireScalar): number | undefined {
  const number = typeof value === 'number' || typeof value === 'object' ? scalarToNumber(value) : undefined;
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

function numberAxis(name: string, label: string, numbers: readonly number[]): TrialAxis {
  const distinct = [...new Set(numbers)].toSorted((a, b) => a - b);
  const [low, high] = [distinct[0] ?? 0, distinct.at(-1) ?? 0];
  const isWhole = isWholeSeries(distinct);
  const isLog = low > 0 && high / low > widestLinear;
  const scale = isLog ? Math.log10 : (value: number): number => value;
  const [from, to] = [scale(low), scale(high)];
  const numberAt = (place: number): number => (isLog ? 10 ** (from + place * (to - from)) : from + place * (to - from));
  const placeAt = (number: number): number => (to === from ? 0.5 : (scale(number) - from) / (to - from));
  const placeOf = (value: WireScalar): number | undefined => {
    const number = finiteNumber(value);
    return number === undefined || (isLog && number <= 0) ? undefined : placeAt(number);
  };
  // Few values, as of a choice, are named themselves.
  const ticks =
    distinct.length <= tickCount
      ? distinct
      : Array.from({ length: tickCount }, (_, index) => numberAt(index / (tickCount - 1)));
  return {
    name,
    label,
    kind: isLog ? 'log' : 'linear',
    ticks: ticks.map((value) => ({
      at: placeAt(value),
      value,
      label: formatSeriesValue(value, isWhole && Number.isInteger(value)),
    })),
    placeOf,
    textAt: (place) => formatMetric(numberAt(place)),
  };
}

function categoryAxis(name: string, label: string, values: readonly WireScalar[]): TrialAxis {
  const texts = [...new Set(values.map(scalarToText))].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const at = (index: number): number => (texts.length <= 1 ? 0.5 : index / (texts.length - 1));
  return {
    name,
    label,
    kind: 'category',
    ticks: texts.map((text, index) => ({ at: at(index), value: index, label: text })),
    placeOf: (value) => {
      const index = value === null ? -1 : texts.indexOf(scalarToText(value));
      return index === -1 ? undefined : at(index);
    },
    textAt: (place) => texts[Math.round(place * (texts.length - 1))] ?? '',
  };
}
