import type { TableModel } from '../../../src/protocol/runPage.ts';
import type { WireScalar } from '../../../src/protocol/wire.ts';
import { scalarToNumber, scalarToText } from '../../shared/formatNumbers.ts';

export interface SortKey {
  readonly column: number;
  readonly isDescending: boolean;
}

/** The next state of a header that is clicked: up, down, as logged. */
export function nextSort(current: SortKey | undefined, column: number): SortKey | undefined {
  if (current?.column !== column) {
    return { column, isDescending: false };
  }
  return current.isDescending ? undefined : { column, isDescending: true };
}

/** Numbers before texts; NaN and missing values last, whichever way is up. */
function compare(a: WireScalar, b: WireScalar, sign: number): number {
  const missing = (value: WireScalar): boolean => value === null || Number.isNaN(scalarToNumber(value) ?? 0);
  if (missing(a) || missing(b)) {
    return Number(missing(a)) - Number(missing(b));
  }
  const first = scalarToNumber(a);
  const second = scalarToNumber(b);
  if (first !== undefined && second !== undefined) {
    return sign * (first - second);
  }
  if (first !== undefined || second !== undefined) {
    return first === undefined ? 1 : -1;
  }
  return sign * scalarToText(a).localeCompare(scalarToText(b), 'en', { numeric: true });
}

/** The rows in the order of a key; rows that are equal keep the order in which they were logged. */
export function sortRows(rows: TableModel['rows'], key: SortKey | undefined): TableModel['rows'] {
  if (key === undefined) {
    return rows;
  }
  const sign = key.isDescending ? -1 : 1;
  return rows.toSorted((a, b) => compare(a[key.column] ?? null, b[key.column] ?? null, sign));
}

/** A column of numbers stands right, any other left. */
export function isNumberColumn(rows: TableModel['rows'], column: number): boolean {
  const filled = rows.map((row) => row[column] ?? null).filter((value) => value !== null);
  return filled.length > 0 && filled.every((value) => typeof value === 'number' || typeof value === 'object');
}
