/** How values of metrics are written: the same on pages and beside the code. */

let inFull: Intl.NumberFormat | undefined;

/**
 * With that many decimals, and groups of thousands. It is what `Intl.NumberFormat` writes for `en-GB`, of which a page would need one
 * for each number of decimals: to make those takes longer than all else that a page does before its charts are there.
 */
export function withDecimals(value: number, decimals: number): string {
  // Of what no decimals belong to, `toFixed` writes digits that the number does not stand for, or an exponent.
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    inFull ??= new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
    return inFull.format(value);
  }
  const text = value.toFixed(decimals);
  const point = text.indexOf('.');
  const [whole, fraction] = point === -1 ? [text, ''] : [text.slice(0, point), text.slice(point)];
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + fraction;
}

export function withTrueMinus(text: string): string {
  return text.replaceAll('-', '−');
}

/** What numbers that are none, or have no end, are called. */
export function nonFinite(value: number): string | undefined {
  if (Number.isNaN(value)) {
    return 'NaN';
  }
  return value === Infinity ? 'inf' : value === -Infinity ? '−inf' : undefined;
}

/** Significant digits with trailing zeros; an exponent below 0.001 and from 100,000 on; `0` for zero. */
export function significant(value: number, digits: number): string {
  const special = nonFinite(value);
  if (special !== undefined) {
    return special;
  }
  if (value === 0) {
    return '0';
  }
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size < 0.001 || Math.abs(value) >= 99_999.5) {
    return withTrueMinus(value.toExponential(digits - 1).replace('e+', 'e'));
  }
  const exponent = Math.floor(Math.log10(size));
  const decimals = Math.max(0, digits - 1 - exponent);
  return withTrueMinus(withDecimals(size >= 1000 ? value : rounded, decimals));
}
