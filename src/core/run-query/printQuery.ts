import { type Condition, type Field, prefixes, type RunQuery, type Value } from './query.ts';
import { isKeyword } from './queryWords.ts';

/** A query as text, in the one way in which each is written; {@link parseQuery} reads it back as it was. */
export function printQuery({ condition, order }: RunQuery): string {
  const keys = order.map(({ field, isDescending }) => `${printField(field)}${isDescending ? ' desc' : ''}`);
  return [
    ...(condition === undefined ? [] : [printCondition(condition)]),
    ...(keys.length > 0 ? [`order by ${keys.join(', ')}`] : []),
  ].join(' ');
}

function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.map(printPart).join(` ${condition.kind} `);
    case 'not':
      return condition.condition.kind === 'exists'
        ? `${printField(condition.condition.field)} is null`
        : `not ${printPart(condition.condition)}`;
    case 'compare':
      return `${printField(condition.field)} ${condition.operator} ${printValue(condition.value)}`;
    case 'in': {
      const operator = condition.isNegated ? 'not in' : 'in';
      return `${printField(condition.field)} ${operator} (${condition.values.map(printValue).join(', ')})`;
    }
    case 'match': {
      const operator = condition.isNegated ? `not ${condition.operator}` : condition.operator;
      return `${printField(condition.field)} ${operator} ${quote(condition.pattern)}`;
    }
    case 'exists':
      return `${printField(condition.field)} is not null`;
    case 'search':
      return condition.words.map(quote).join(' ');
  }
}

function printPart(condition: Condition): string {
  return condition.kind === 'and' || condition.kind === 'or'
    ? `(${printCondition(condition)})`
    : printCondition(condition);
}

export function printField(field: Field): string {
  if (field.kind === 'attribute') {
    return field.name;
  }
  const text = `${prefixes[field.kind]}.${printName(field.name)}`;
  return field.kind === 'metric' && field.part !== 'last' ? `${field.part}(${text})` : text;
}

/** A name as it stands behind `metrics.`: in quotes only where it must be. */
export function printName(name: string): string {
  return /^[^\s()<>=!,"'`]+$/u.test(name) ? name : quote(name);
}

function printValue(value: Value): string {
  switch (value.kind) {
    case 'number':
      return value.text;
    case 'boolean':
      return String(value.isTrue);
    case 'text':
      return quote(value.text);
    case 'duration':
    case 'time':
      return printText(value.text);
  }
}

/** A value in quotes only where it must be. */
export function printText(text: string): string {
  return /^[^\s()<>=!,"'`]+$/u.test(text) && !isKeyword(text.toLowerCase()) ? text : quote(text);
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
