/** The trials of a sweep by colour: of a parameter or a metric that the reader chose. */
import type { ChildRunModel } from '../../../src/protocol/runPage.ts';
import type { WireScalar } from '../../../src/protocol/wire.ts';
import { axisOf, type TrialAxis } from './trialAxes.ts';

/** What trials can be coloured by: a name may be both. */
export interface ColourSource {
  readonly kind: 'parameter' | 'metric';
  readonly name: string;
}

export interface TrialColours {
  readonly axis: TrialAxis;
  /** By the id of the trial; a trial without the value has none. */
  readonly colours: ReadonlyMap<string, string>;
}

/** The two ends of the scale of numbers, and what tells categories apart. */
export interface ColourRange {
  readonly low: string;
  readonly high: string;
  readonly series: readonly string[];
}

export function colourSources(trials: readonly ChildRunModel[]): readonly ColourSource[] {
  const names = (kind: ColourSource['kind'], of: (trial: ChildRunModel) => ChildRunModel['parameters']) =>
    [...new Set(trials.flatMap((trial) => of(trial).map(([name]) => name)))].map((name) => ({ kind, name }));
  return [...names('parameter', ({ parameters }) => parameters), ...names('metric', ({ metrics = [] }) => metrics)];
}

export function trialColours(trials: readonly ChildRunModel[], source: ColourSource, range: ColourRange): TrialColours {
  const values = trials.map((trial) => measured(trial, source));
  const axis = axisOf(source.name, values);
  const colours = new Map<string, string>();
  for (const [index, { id }] of trials.entries()) {
    const place = axis.placeOf(values[index] ?? null);
    if (place !== undefined) {
      colours.set(id, colourAt(axis, place, range));
    }
  }
  return { axis, colours };
}

/** @param place on the axis, 0 to 1 */
export function colourAt(axis: TrialAxis, place: number, { low, high, series }: ColourRange): string {
  if (axis.kind === 'category') {
    const index = Math.round(place * (axis.ticks.length - 1));
    return series[index % series.length] ?? high;
  }
  return `color-mix(in oklab, ${high} ${Math.round(place * 100)}%, ${low})`;
}

function measured({ parameters, metrics = [] }: ChildRunModel, { kind, name }: ColourSource): WireScalar {
  return (kind === 'parameter' ? parameters : metrics).find(([known]) => known === name)?.[1] ?? null;
}
