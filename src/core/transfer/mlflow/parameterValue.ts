import type { Scalar } from '../../domain/metric.ts';

/**
 * MLflow's text of a parameter: a number or a boolean where Python writes one with just this text. So `0.1` can be compared as a number,
 * and `007` stays the text that it is.
 */
export function parameterValue(text: string): Scalar {
  if (text === 'True' || text === 'False') {
    return text === 'True';
  }
  const value = Number(text);
  if (/^-?(0|[1-9]\d*)$/.test(text)) {
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : text;
  }
  return /^-?\d/.test(text) && Number.isFinite(value) && pythonFloat(value) === text ? value : text;
}

/** How Python writes a float: the shortest digits that read back the same, as here, with other limits for exponents. */
function pythonFloat(value: number): string {
  const size = Math.abs(value);
  if (Object.is(value, -0)) {
    return '-0.0';
  }
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    const sign = exponent.startsWith('-') ? '-' : '+';
    return `${digits}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
