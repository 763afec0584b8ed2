/** What lists and filters need of metrics that are short in all journals of a run, in one pass over their points. */
import type { MetricEntry } from './metricSummary.ts';
import { lastText } from './seriesStore.ts';
import type { ShortPoints } from './shortSeries.ts';

interface Totals {
  readonly name: number;
  readonly kind: 'metric';
  count: number;
  last: number;
  lastTime: number;
  min: number;
  max: number;
  lastText: string | null;
}

/**
 * @param journals of all writers
 * @param isWanted tells which names are
 */
export function entriesOfShort(
  journals: ReadonlyMap<string, ShortPoints>,
  isWanted: (name: number) => boolean,
): Iterable<MetricEntry> {
  const byName = new Map<number, Totals>();
  const add = (name: number, time: number, value: number): void => {
    const isNumber = value - value === 0;
    const known = byName.get(name);
    if (known === undefined) {
      if (!isWanted(name)) {
        return;
      }
      const finite = isNumber ? value : Number.NaN;
      byName.set(name, {
        ...{ name, kind: 'metric', count: 1, last: value, lastTime: time, min: finite, max: finite },
        lastText: isNumber ? null : lastText(value),
      });
      return;
    }
    known.count++;
    if (time >= known.lastTime) {
      known.last = value;
      known.lastTime = time;
      known.lastText = isNumber ? null : lastText(value);
    }
    if (isNumber) {
      // Without any before, a comparison with NaN is false.
      known.min = value >= known.min ? known.min : value;
      known.max = value <= known.max ? known.max : value;
    }
  };
  // Of points of one time, the last is that of the last writer.
  for (const writer of [...journals.keys()].sort()) {
    journals.get(writer)?.forEach(add);
  }
  return byName.values();
}
