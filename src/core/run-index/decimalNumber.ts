/** Numbers as JSON spells them, from their digits, rounded exactly as `JSON.parse` rounds them. */

const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** 2^27 + 1: parts a number into two halves whose products are exact (Veltkamp). */
const splitter = 134_217_729;
const upperHalves = powersOfTen.map(upperHalf);

function upperHalf(number: number): number {
  const scaled = splitter * number;
  return scaled - (scaled - number);
}

/** Digits that a first part may have: it is a whole number that is exact. */
export const firstDigits = 15;
/** Powers of ten up to this one are exact. */
const highestPower = 22;
/** Relative to a correction, far more than the error in it. */
const doubt = 2 ** -46;

/**
 * The number nearest to `first` followed by the digits of `rest`, with a point before the last `decimals` digits.
 *
 * @param restDigits how many digits `rest` has, with zeros before it; up to 15
 * @returns NaN where it takes more to tell which number is the nearest
 */
export function decimalNumber(first: number, rest: number, restDigits: number, decimals: number): number {
  if (decimals > highestPower) {
    return Number.NaN;
  }
  if (restDigits === 0) {
    // Both are exact, so that their quotient is rounded once and right (Clinger, PLDI 1990).
    return first / (powersOfTen[decimals] as number);
  }
  const exponent = decimals - restDigits;
  if (exponent < 0) {
    return Number.NaN;
  }
  const power = powersOfTen[exponent] as number;
  const quotient = first / power;
  // The product with all its digits, and so what the quotient leaves, which is exact too (Dekker).
  const product = quotient * power;
  const quotientHigh = upperHalf(quotient);
  const quotientLow = quotient - quotientHigh;
  const powerHigh = upperHalves[exponent] as number;
  const powerLow = power - powerHigh;
  const error =
    quotientHigh * powerHigh - product + quotientHigh * powerLow + quotientLow * powerHigh + quotientLow * powerLow;
  const correction = (first - product - error) / power + rest / (powersOfTen[decimals] as number);
  const margin = Math.abs(correction) * doubt;
  const nearest = quotient + (correction + margin);
  // Both ends of what it can be are rounded to one number, mostly (Ziv).
  return nearest === quotient + (correction - margin) ? nearest : Number.NaN;
}
