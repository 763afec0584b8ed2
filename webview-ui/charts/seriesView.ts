import type { SeriesRange } from '../../src/protocol/series.ts';
import type { Bounds } from './axes.ts';

/** What a chart shows of its series. */
export interface SeriesView extends Omit<SeriesRange, 'from' | 'to'> {
  /** Undefined: all of it. `width` is a guess until it was drawn. */
  readonly range: Bounds | undefined;
}

/** What points were chosen for. */
export interface ChosenFor {
  readonly view: SeriesView;
  /** What was asked for; undefined: everything. */
  readonly bounds: Bounds | undefined;
}

/** Points that much too coarse are not waited with. */
const TOO_COARSE = 3;

/** When other points have to be asked for. @param hasAll the points that are there are all of the series */
export function needOf(
  chosenFor: ChosenFor | undefined,
  view: SeriesView,
  hasAll: boolean,
): 'now' | 'at-rest' | 'none' {
  if (chosenFor === undefined) {
    return 'now';
  }
  const { view: shown, bounds } = chosenFor;
  if (isOtherLine(shown, view)) {
    const isOnlyScale = shown.axis === view.axis && shown.smoothing === view.smoothing;
    return isOnlyScale && hasAll ? 'none' : 'now';
  }
  if (hasAll) {
    return 'none';
  }
  const isOutside =
    view.range === undefined ? shown.range !== undefined : bounds !== undefined && !contains(bounds, view.range);
  if (isOutside) {
    return 'now';
  }
  const isMoved = shown.range?.min !== view.range?.min || shown.range?.max !== view.range?.max;
  if (isMoved) {
    return coarseness(shown, view) > TOO_COARSE ? 'now' : 'at-rest';
  }
  return view.width > shown.width * 1.1 ? 'at-rest' : 'none';
}

/** Whether it is not only another part of the same line. */
export function isOtherLine(a: SeriesView, b: SeriesView): boolean {
  return (
    a.axis !== b.axis ||
    a.smoothing !== b.smoothing ||
    a.xScale !== b.xScale ||
    a.yScale !== b.yScale ||
    (a.axis === 'relative' && a.origin !== b.origin)
  );
}

function contains(outer: Bounds, inner: Bounds): boolean {
  const slack = (outer.max - outer.min) * 1e-9;
  return inner.min >= outer.min - slack && inner.max <= outer.max + slack;
}

/** How many times as many pixels a stretch takes now as when its points were chosen. Infinity where nobody can tell. */
function coarseness(shown: SeriesView, view: SeriesView): number {
  if (view.range === undefined) {
    return shown.range === undefined ? 1 : 0;
  }
  if (shown.range === undefined) {
    return Infinity;
  }
  return (shown.range.max - shown.range.min) / (view.range.max - view.range.min);
}
