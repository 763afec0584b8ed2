/** From here on, the correction of the average's start is too small to be seen at any smoothing that can be chosen. */
export const SETTLED_COUNT = 1500;

/**
 * Goes on with the moving average that the host computes (`average = weight * average + (1 - weight) * value`), for points that
 * come after those it was asked for. Only for series of at least `SETTLED_COUNT` points.
 */
export function continueAverage(averages: readonly number[], values: readonly number[], weight: number): number[] {
  let average = averages.findLast(Number.isFinite);
  return values.map((value) => {
    if (!Number.isFinite(value)) {
      return value;
    }
    average = average === undefined ? value : weight * average + (1 - weight) * value;
    return average;
  });
}
