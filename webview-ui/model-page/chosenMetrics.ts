import { directionOf } from '../../src/protocol/metricDirection.ts';
import type { ModelPageModel, ModelVersionModel } from '../../src/protocol/modelPage.ts';
import { scalarToNumber } from '../shared/formatNumbers.ts';

/** The value of a metric of the run that a version came from; undefined where there is none, or no number. */
export function metricOf(version: ModelVersionModel, name: string): number | undefined {
  const metric = version.run?.metrics.find((candidate) => candidate.name === name);
  return metric === undefined || typeof metric.last === 'boolean' ? undefined : scalarToNumber(metric.last);
}

/** The versions that can be read. */
export function readable(model: ModelPageModel): readonly ModelVersionModel[] {
  return model.versions.filter((version) => version.kind === 'version');
}

/**
 * The metrics that tell versions apart best: those that most of them have, then those whose name says which end is good, what was
 * measured on held-out data before what was measured in training, and what is to be high before what is to be low.
 */
export function chosenMetrics(versions: readonly ModelVersionModel[], most: number): readonly string[] {
  const counts = new Map<string, number>();
  for (const version of versions) {
    for (const { name } of version.run?.metrics ?? []) {
      if (metricOf(version, name) !== undefined) {
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
  }
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || merit(b) - merit(a) || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([name]) => name);
}

function merit(name: string): number {
  const direction = directionOf(name);
  const isHeldOut = /(^|[^a-z])(val|valid|validation|test|eval|dev)([^a-z]|$)/i.test(name);
  return (direction === undefined ? 0 : 4) + (isHeldOut ? 2 : 0) + (direction === 'higher' ? 1 : 0);
}

/** The version with the best value; undefined where the name of the metric does not say what is best, or there is only one. */
export function bestVersion(versions: readonly ModelVersionModel[], name: string): number | undefined {
  const direction = directionOf(name);
  const values = versions.flatMap((version) => {
    const value = metricOf(version, name);
    return value === undefined || !Number.isFinite(value) ? [] : [{ version: version.version, value }];
  });
  if (direction === undefined || values.length < 2) {
    return undefined;
  }
  const sign = direction === 'higher' ? 1 : -1;
  return values.reduce((best, next) => (sign * next.value > sign * best.value ? next : best)).version;
}
