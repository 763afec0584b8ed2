/** A number as it crosses to a webview: messages are JSON, which has no non-finite numbers. */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export function toWire(value: number): WireNumber {
  if (Number.isFinite(value)) {
    return value;
  }
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

export function fromWire(value: WireNumber): number {
  return typeof value === 'number' ? value : Number(value);
}

/** A logged value as it crosses. A string that spells a non-finite number is told from one by its tag. */
export type WireScalar = string | boolean | number | null | { readonly $float: 'NaN' | 'Infinity' | '-Infinity' };
