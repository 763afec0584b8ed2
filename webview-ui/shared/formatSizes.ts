import { formatCount } from './formatNumbers.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Decimal units and three digits: `804 B`, `12.1 kB`, `1.84 MB`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let index = 0;
  while (Number(value.toPrecision(3)) >= 1000 && index < UNITS.length - 1) {
    value /= 1000;
    index++;
  }
  const text = index === 0 ? String(value) : value.toPrecision(3);
  return `${text} ${UNITS[index]}`;
}

/** `1 file`, `14 files`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}
