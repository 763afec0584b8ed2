/** Spearman's rank correlation, −1 to 1; undefined for fewer than three pairs, or where one side never changes. */
export function rankCorrelation(pairs: readonly (readonly [x: number, y: number])[]): number | undefined {
  if (pairs.length < 3) {
    return undefined;
  }
  const xs = ranks(pairs.map(([x]) => x));
  const ys = ranks(pairs.map(([, y]) => y));
  const mean = (pairs.length + 1) / 2;
  let [covariance, xVariance, yVariance] = [0, 0, 0];
  xs.forEach((x, index) => {
    const [dx, dy] = [x - mean, (ys[index] ?? mean) - mean];
    covariance += dx * dy;
    xVariance += dx * dx;
    yVariance += dy * dy;
  });
  return xVariance === 0 || yVariance === 0 ? undefined : covariance / Math.sqrt(xVariance * yVariance);
}

/** From 1; equal values share the mean of their ranks. */
function ranks(values: readonly number[]): readonly number[] {
  const order = values.map((_, index) => index).toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const found: number[] = new Array(values.length).fill(0);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1] ?? 0] === values[order[start] ?? 0]) {
      end += 1;
    }
    for (let place = start; place <= end; place++) {
      found[order[place] ?? 0] = (start + end) / 2 + 1;
    }
    start = end + 1;
  }
  return found;
}
