/** Filters as docs/run-filters.md tells them, over plain objects: what the index's answers are held to. */

import type { Comparison, Condition, Field, RunQuery, SortKey, Value } from '../../src/core/run-query/query.ts';
import { timeSpan } from '../../src/core/run-query/queryTimes.ts';

export interface PlainMetric {
  /** Undefined: rows of a table. */
  readonly last: number | string | boolean | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly count: number;
}

export interface PlainRun {
  readonly run: number;
  readonly id: string;
  readonly experiment: string;
  readonly number: number;
  readonly status: string;
  readonly created: number;
  readonly started: number | null;
  readonly ended: number | null;
  readonly name: string | null;
  readonly type: string | null;
  readonly target: string | null;
  readonly script: string | null;
  readonly user: string | null;
  readonly host: string | null;
  readonly parent: string | null;
  readonly description: string | null;
  readonly notes: string | null;
  readonly metrics: ReadonlyMap<string, PlainMetric>;
  readonly parameters: ReadonlyMap<string, number | string | boolean | null>;
  readonly tags: ReadonlyMap<string, string | null>;
  readonly properties: ReadonlyMap<string, string>;
}

/** A run with little about it but what is given. */
export function naiveRun(given: Partial<PlainRun>): PlainRun {
  return {
    run: 1,
    id: 'run-0',
    experiment: 'Iris',
    number: 1,
    status: 'Completed',
    created: 1_763_700_000,
    started: null,
    ended: null,
    name: null,
    type: null,
    target: null,
    script: null,
    user: null,
    host: null,
    parent: null,
    description: null,
    notes: null,
    metrics: new Map(),
    parameters: new Map(),
    tags: new Map(),
    properties: new Map(),
    ...given,
  };
}

type Scalar = number | string | boolean;

export function naiveMatches(run: PlainRun, condition: Condition | undefined, now: number): boolean {
  switch (condition?.kind) {
    case undefined:
      return true;
    case 'and':
      return condition.conditions.every((part) => naiveMatches(run, part, now));
    case 'or':
      return condition.conditions.some((part) => naiveMatches(run, part, now));
    case 'not':
      return !naiveMatches(run, condition.condition, now);
    case 'search':
      return condition.words.every((word) => {
        const texts = [
          run.name,
          run.id,
          run.experiment,
          run.script,
          run.description,
          run.notes,
          ...[...run.tags].flat(),
        ];
        return texts.some((text) => text?.toLowerCase().includes(word.toLowerCase()));
      });
    case 'exists':
      return hasField(run, condition.field, now);
    case 'match': {
      const text = textOf(fieldValue(run, condition.field, now), condition.field);
      const value = fieldValue(run, condition.field, now);
      if (value === undefined) {
        return false;
      }
      const { operator, pattern, isNegated } = condition;
      const matches =
        text !== undefined &&
        (operator === 'contains'
          ? text.toLowerCase().includes(pattern.toLowerCase())
          : patternExpression(pattern, operator === 'ilike').test(operator === 'ilike' ? text.toLowerCase() : text));
      return matches !== isNegated;
    }
    case 'in': {
      const found = fieldValue(run, condition.field, now);
      const isAmong = condition.values.some((value) => holds(run, condition.field, '=', value, now));
      return found !== undefined && isAmong !== condition.isNegated;
    }
    case 'compare': {
      const { field, operator, value } = condition;
      return operator === '!='
        ? fieldValue(run, field, now) !== undefined && !holds(run, field, '=', value, now)
        : holds(run, field, operator, value, now);
    }
  }
}

function hasField(run: PlainRun, field: Field, now: number): boolean {
  switch (field.kind) {
    case 'attribute':
      return fieldValue(run, field, now) !== undefined;
    case 'metric':
      return field.part === 'min' || field.part === 'max'
        ? fieldValue(run, field, now) !== undefined
        : run.metrics.has(field.name);
    case 'parameter':
      return run.parameters.has(field.name);
    case 'tag':
      return run.tags.has(field.name);
    case 'property':
      return run.properties.has(field.name);
  }
}

/** Undefined where there is nothing to compare. */
function fieldValue(run: PlainRun, field: Field, now: number): Scalar | undefined {
  switch (field.kind) {
    case 'metric':
      return run.metrics.get(field.name)?.[field.part];
    case 'parameter':
      return run.parameters.get(field.name) ?? undefined;
    case 'tag':
      return run.tags.get(field.name) ?? undefined;
    case 'property':
      return run.properties.get(field.name);
    case 'attribute':
      return field.name === 'duration'
        ? run.started === null
          ? undefined
          : Math.max(0, (run.ended ?? now) - run.started)
        : (run[field.name] ?? undefined);
  }
}

function numberIn(text: string): number | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'number' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a value where texts are compared; a metric's number is none. */
function textOf(value: Scalar | undefined, field: Field): string | undefined {
  if (field.kind === 'metric') {
    return typeof value === 'string' ? value : Number.isNaN(value) ? 'NaN' : undefined;
  }
  return value === undefined ? undefined : String(value);
}

function holds(run: PlainRun, field: Field, operator: Comparison, value: Value, now: number): boolean {
  const found = fieldValue(run, field, now);
  if (found === undefined) {
    return false;
  }
  const text = textOf(found, field);
  switch (value.kind) {
    case 'time': {
      const { start, end } = timeSpan(value.time, now);
      const time = Number(found);
      if (operator === '=') {
        return start === end ? time === start : time >= start && time < end;
      }
      const isAfterEnd = start === end ? time > end : time >= end;
      return { '<': time < start, '<=': !isAfterEnd, '>': isAfterEnd, '>=': time >= start, '!=': false }[operator];
    }
    case 'duration':
      return compare(Number(found), operator, value.seconds);
    case 'boolean': {
      const isSame = typeof found === 'string' ? field.kind === 'parameter' && found : Number(found);
      const wanted: unknown[] = [Number(value.isTrue), String(value.isTrue)];
      return wanted.includes(isSame);
    }
    case 'text':
      if (field.kind === 'attribute' && field.name === 'experiment' && operator === '=') {
        return String(found).toLowerCase() === value.text.toLowerCase();
      }
      return text !== undefined && compare(text, operator, value.text);
    case 'number': {
      const number = typeof found !== 'string' ? Number(found) : field.kind === 'metric' ? undefined : numberIn(found);
      if (Number.isNaN(value.number)) {
        return Number.isNaN(number) || text?.toLowerCase() === 'nan';
      }
      const isText = field.kind !== 'metric' && field.kind !== 'attribute' && operator === '=' && text === value.text;
      return isText || (number !== undefined && compare(number, operator, value.number));
    }
  }
}

function compare<T extends number | string>(a: T, operator: Comparison, b: T): boolean {
  return { '=': a === b, '!=': a !== b, '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[operator];
}

function patternExpression(pattern: string, isFolded: boolean): RegExp {
  const text = isFolded ? pattern.toLowerCase() : pattern;
  const source = [...text.matchAll(/\\[%_\\]|[\s\S]/gu)].map(([part]) => {
    const literal = part.length === 2 && part.startsWith('\\') ? part.charAt(1) : part;
    return part === '%' ? '[^]*' : part === '_' ? '[^]' : literal.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 'u');
}

const collator = new Intl.Collator('en', { numeric: true });

function sortValue(run: PlainRun, { field }: SortKey, now: number): number | string | undefined {
  const value = fieldValue(run, field, now);
  if (field.kind === 'metric') {
    return typeof value === 'string' || Number.isNaN(value)
      ? undefined
      : value === undefined
        ? undefined
        : Number(value);
  }
  if (field.kind === 'attribute') {
    return typeof value === 'boolean' ? Number(value) : value;
  }
  const spelled = typeof value === 'string' ? numberIn(value) : undefined;
  return spelled ?? (Number.isNaN(value) ? 'NaN' : typeof value === 'boolean' ? Number(value) : value);
}

/** The runs that match, in order. */
export function naiveList(runs: readonly PlainRun[], { condition, order }: RunQuery, now: number): PlainRun[] {
  const matches = runs.filter((run) => naiveMatches(run, condition, now));
  return matches.sort((a, b) => {
    for (const key of order) {
      const [first, second] = [sortValue(a, key, now), sortValue(b, key, now)];
      if (first === undefined || second === undefined) {
        if (first !== second) {
          return first === undefined ? 1 : -1;
        }
        continue;
      }
      const difference =
        typeof first === 'string' && typeof second === 'string'
          ? collator.compare(first, second)
          : typeof first === 'string' || typeof second === 'string'
            ? Number(typeof first === 'string') - Number(typeof second === 'string')
            : Number(first > second) - Number(first < second);
      if (difference !== 0) {
        return key.isDescending ? -difference : difference;
      }
    }
    return b.created - a.created || b.run - a.run;
  });
}
