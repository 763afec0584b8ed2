import type { TimeValue } from './query.ts';

const secondsOfUnit = { s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 } as const;

const ago = /^-(\d+(?:\.\d+)?)(s|min|m|h|d|w)$/i;
const calendar = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i;
const durationPart = /(\d+(?:\.\d+)?)(s|min|m|h|d|w)/giy;

/** `-7d`, `now`, `today`, `yesterday`, an ISO date, or an ISO date and time, local where it names no zone. */
export function parseTime(text: string): TimeValue | undefined {
  switch (text.toLowerCase()) {
    case 'now':
      return { kind: 'ago', seconds: 0 };
    case 'today':
      return { kind: 'day', daysAgo: 0 };
    case 'yesterday':
      return { kind: 'day', daysAgo: 1 };
  }
  const [, count, unit] = ago.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) {
    return { kind: 'ago', seconds: Number(count) * secondsOf(unit) };
  }
  return parseCalendar(text);
}

function parseCalendar(text: string): TimeValue | undefined {
  const match = calendar.exec(text);
  if (match === null) {
    return undefined;
  }
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const fraction = match[7];
  if (year === undefined || month === undefined || day === undefined) {
    return undefined;
  }
  // A day or an hour that the calendar does not have would be carried over into the next.
  const check = new Date(Date.UTC(2000, 0, 1, hour, minute, second));
  check.setUTCFullYear(year, month - 1, day);
  const isReal =
    check.getUTCMonth() === month - 1 &&
    check.getUTCDate() === day &&
    check.getUTCHours() === hour &&
    check.getUTCMinutes() === minute &&
    check.getUTCSeconds() === second;
  if (!isReal) {
    return undefined;
  }
  if (match[4] === undefined) {
    return { kind: 'span', start: localTime(year, month, day), end: localTime(year, month, day + 1) };
  }
  const zone = match[8];
  const whole =
    zone === undefined
      ? localTime(year, month, day, hour, minute, second)
      : check.getTime() / 1000 - zoneSeconds(zone.toUpperCase());
  const start = whole + Number(fraction ?? 0);
  const length = match[6] === undefined ? 60 : fraction === undefined ? 1 : 0;
  return { kind: 'span', start, end: start + length };
}

function localTime(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  const date = new Date(2000, 0, 1, hour, minute, second);
  date.setFullYear(year, month - 1, day);
  date.setHours(hour, minute, second, 0);
  return date.getTime() / 1000;
}

function zoneSeconds(zone: string): number {
  if (zone === 'Z') {
    return 0;
  }
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(-2)) * 60);
}

/** Seconds of `90`, `1.5h` or `1h30m`. */
export function parseDuration(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) {
    return Number(text);
  }
  let seconds = 0;
  durationPart.lastIndex = 0;
  let end = 0;
  for (let part = durationPart.exec(text); part !== null; part = durationPart.exec(text)) {
    seconds += Number(part[1]) * secondsOf(part[2] ?? '');
    end = durationPart.lastIndex;
  }
  return end === text.length && end > 0 ? seconds : undefined;
}

function secondsOf(unit: string): number {
  const name = unit.toLowerCase();
  return secondsOfUnit[name as keyof typeof secondsOfUnit] ?? Number.NaN;
}

/** What a time means at `now`, in Unix seconds: from `start` up to but without `end`; an instant where the two are the same. */
export function timeSpan(time: TimeValue, now: number): { readonly start: number; readonly end: number } {
  switch (time.kind) {
    case 'span':
      return { start: time.start, end: time.end };
    case 'ago':
      return { start: now - time.seconds, end: now - time.seconds };
    case 'day': {
      const today = new Date(now * 1000);
      const [year, month, day] = [today.getFullYear(), today.getMonth() + 1, today.getDate() - time.daysAgo];
      return { start: localTime(year, month, day), end: localTime(year, month, day + 1) };
    }
  }
}
