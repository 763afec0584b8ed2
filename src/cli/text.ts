/** Values as a terminal shows them. */
import type { Scalar } from '../core/domain/metric.ts';

const control = /\p{Cc}/gu;

/** Text from a run on one line, without what would steer the terminal. */
export function oneLine(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replaceAll('\t', ' ')
    .replace(control, '\uFFFD');
}

/** A duration: `0.4 s`, `8 s`, `24 min 08 s`, `1 h 12 min`. */
export function durationText(seconds: number): string {
  if (seconds < 9.95) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const pad = (value: number): string => String(value).padStart(2, '0');
  if (hours > 0) {
    return `${hours} h ${pad(minutes)} min`;
  }
  return minutes > 0 ? `${minutes} min ${pad(whole % 60)} s` : `${whole} s`;
}

/** A moment on the user's clock: `2026-11-20 21:33:32`. */
export function momentText(time: number): string {
  const date = new Date(time * 1000);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** A size: `812 B`, `1.4 kB`, `23 MB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A value with up to 6 significant digits; the JSON output has all of them. */
export function scalarText(value: Scalar | null | undefined): string {
  if (value === null || value === undefined) {
    return '';
  }
  return typeof value === 'number' ? numberText(value) : oneLine(String(value));
}

function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) {
    return String(value);
  }
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}

/** A table with a line of headings; the columns are as wide as what they hold, and the last one is not padded. */
export function tableText(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => [...(line[column] ?? '')].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
