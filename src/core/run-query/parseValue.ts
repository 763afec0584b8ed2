import { type RunStatus, runStatuses } from '../domain/runStatus.ts';
import { nearestName } from './nearestName.ts';
import { attributes, type Field, type Value } from './query.ts';
import { parseDuration, parseTime } from './queryTimes.ts';
import type { Token } from './queryTokens.ts';

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const named: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
]);

/** `0.1`, `-1e-3`, `inf`, `-Infinity`, `nan`; undefined for what is no number. */
export function parseNumber(text: string): number | undefined {
  if (decimal.test(text)) {
    return Number(text);
  }
  const sign = text.startsWith('-') ? -1 : 1;
  const value = named.get(text.replace(/^[+-]/, '').toLowerCase());
  return value === undefined ? undefined : sign * value;
}

/** What a field's values are, for a person: completes "Expected …". */
export function expectedValue(field: Field): string {
  if (field.kind === 'metric') {
    return field.part === 'last' ? 'a number or a text' : 'a number, such as 0.1';
  }
  if (field.kind !== 'attribute') {
    return 'a value';
  }
  switch (attributes[field.name].type) {
    case 'status':
      return `a state: ${runStatuses.join(', ')}`;
    case 'time':
      return 'a time, such as -7d, today, 2026-11-21 or 2026-11-21T10:00';
    case 'duration':
      return 'a duration, such as 90s, 30m or 1h30m';
    case 'number':
      return 'a number, such as 12';
    case 'text':
      return 'a text';
  }
}

/** The value that a token is for a field; a sentence that says what is wrong where it is none. */
export function valueFor(field: Field, token: Token): Value | string {
  const { text } = token;
  const number = token.kind === 'word' ? parseNumber(text) : undefined;
  const asNumber: Value | undefined = number === undefined ? undefined : { kind: 'number', number, text };
  const expected = `Expected ${expectedValue(field)}`;
  if (field.kind === 'metric') {
    if (field.part !== 'last') {
      return asNumber ?? `${expected}.`;
    }
    return asNumber ?? asBoolean(token) ?? { kind: 'text', text };
  }
  if (field.kind !== 'attribute') {
    return asNumber ?? (field.kind === 'parameter' ? asBoolean(token) : undefined) ?? { kind: 'text', text };
  }
  switch (attributes[field.name].type) {
    case 'status': {
      const status = statusOf(text);
      return status === undefined
        ? suggestion(`There is no state "${text}"`, text, runStatuses, expected)
        : { kind: 'text', text: status };
    }
    case 'time': {
      const time = parseTime(text);
      return time === undefined ? `${expected}.` : { kind: 'time', time, text };
    }
    case 'duration': {
      const seconds = parseDuration(text);
      return seconds === undefined ? `${expected}.` : { kind: 'duration', seconds, text };
    }
    case 'number':
      return asNumber ?? `${expected}.`;
    case 'text':
      return { kind: 'text', text };
  }
}

function asBoolean(token: Token): Value | undefined {
  const text = token.text.toLowerCase();
  return token.kind === 'word' && (text === 'true' || text === 'false')
    ? { kind: 'boolean', isTrue: text === 'true' }
    : undefined;
}

/** A state whatever its case. */
function statusOf(text: string): RunStatus | undefined {
  const wanted = text.toLowerCase();
  return runStatuses.find((status) => status.toLowerCase() === wanted);
}

/** A sentence about an unknown name, with the one that was probably meant, else with what was expected. */
export function suggestion(problem: string, text: string, names: readonly string[], otherwise: string): string {
  const near = nearestName(text, names);
  return near === undefined ? `${problem}. ${otherwise}.` : `${problem}. Did you mean "${near}"?`;
}
