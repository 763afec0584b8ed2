import type { AxisScale } from '../../src/protocol/series.ts';
import type { Bounds } from './axes.ts';

/** The part of the x axis that all charts of a page show. */
export class XRange {
  readonly #listeners = new Set<() => void>();
  #current: Bounds | undefined;

  /** Undefined: everything. */
  get current(): Bounds | undefined {
    return this.#current;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(bounds: Bounds | undefined): void {
    const isUsable = bounds === undefined || (Number.isFinite(bounds.max - bounds.min) && bounds.max > bounds.min);
    if (isUsable && (bounds?.min !== this.#current?.min || bounds?.max !== this.#current?.max)) {
      this.#current = bounds;
      for (const listener of this.#listeners) {
        listener();
      }
    }
  }
}

/** Below this part of the whole, numbers have no digits left to tell pixels apart. */
const FINEST = 1e-9;

/** Wider or narrower about a point that stays where it is. A factor below 1 shows less. */
export function zoomed(bounds: Bounds, scale: AxisScale, factor: number, centre: number): Bounds {
  const { to, from } = axisMeasure(scale, bounds);
  const [low, high, middle] = [to(bounds.min), to(bounds.max), to(centre)];
  const next = { min: from(middle - (middle - low) * factor), max: from(middle + (high - middle) * factor) };
  const size = Math.max(Math.abs(next.min), Math.abs(next.max));
  return next.max - next.min > size * FINEST ? next : bounds;
}

/** Moved to the right by a part of its width. */
export function panned(bounds: Bounds, scale: AxisScale, share: number): Bounds {
  const { to, from } = axisMeasure(scale, bounds);
  const shift = (to(bounds.max) - to(bounds.min)) * share;
  return { min: from(to(bounds.min) + shift), max: from(to(bounds.max) + shift) };
}

/** With as much more on both sides as a part of its width. */
export function padded(bounds: Bounds, scale: AxisScale, share: number): Bounds {
  const { to, from } = axisMeasure(scale, bounds);
  const more = (to(bounds.max) - to(bounds.min)) * share;
  return { min: from(to(bounds.min) - more), max: from(to(bounds.max) + more) };
}

/** What lies within `limits`; a range outside of them is pushed in with its width kept. */
export function within(bounds: Bounds, limits: Bounds): Bounds {
  const width = Math.min(bounds.max - bounds.min, limits.max - limits.min);
  const min = Math.min(Math.max(bounds.min, limits.min), limits.max - width);
  return { min, max: min + width };
}

function axisMeasure(scale: AxisScale, { min }: Bounds): { to(x: number): number; from(place: number): number } {
  return scale === 'log' && min > 0 ? { to: Math.log, from: Math.exp } : { to: (x) => x, from: (place) => place };
}
