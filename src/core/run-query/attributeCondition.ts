/** Conditions on what every run has, as one SQL expression over the table `runs`. */
import {
  type AttributeName,
  attributes,
  type Comparison,
  type Condition,
  type FieldCondition,
  type Value,
} from './query.ts';
import { timeSpan } from './queryTimes.ts';
import { fragment, joined, type SqlFragment } from './sqlFragment.ts';
import { textMatch } from './textMatch.ts';

/**
 * The expression of a condition that is about attributes alone: 1 or 0, never NULL. Undefined for any other.
 *
 * @param now Unix seconds
 */
export function attributeCondition(condition: Condition, now: number): SqlFragment | undefined {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.conditions.map((part) => attributeCondition(part, now));
      return parts.every((part) => part !== undefined) ? either(parts, condition.kind) : undefined;
    }
    case 'not': {
      const part = attributeCondition(condition.condition, now);
      return part && wrapped('NOT (', part, ')');
    }
    case 'search':
      return undefined;
    case 'exists':
    case 'match':
    case 'in':
    case 'compare':
      return condition.field.kind === 'attribute' ? ofAttribute(condition.field.name, condition, now) : undefined;
  }
}

function ofAttribute(name: AttributeName, condition: FieldCondition, now: number): SqlFragment {
  const column = attributeColumn(name, now);
  switch (condition.kind) {
    case 'exists':
      return wrapped('(', column, ') IS NOT NULL');
    case 'match': {
      // The expression of a text is its column, without values.
      const match = textMatch(column.sql, condition.operator, condition.pattern);
      return trueOrFalse(condition.isNegated ? wrapped('NOT (', match, ')') : match);
    }
    case 'in': {
      const equals = condition.values.map((value) => comparison(name, '=', value, now));
      const any = either(equals, 'or');
      return trueOrFalse(condition.isNegated ? wrapped('NOT (', any, ')') : any);
    }
    case 'compare':
      return trueOrFalse(comparison(name, condition.operator, condition.value, now));
  }
}

/** What an attribute is in the table `runs`; NULL where the run does not have it. */
export function attributeColumn(name: AttributeName, now: number): SqlFragment {
  switch (name) {
    case 'experiment':
      return fragment('experiment_name');
    case 'duration':
      return fragment('max(0, coalesce(ended, ?) - started)', now);
    default:
      return fragment(name);
  }
}

/** NULL where the run does not have the attribute. */
function comparison(name: AttributeName, operator: Comparison, value: Value, now: number): SqlFragment {
  const column = attributeColumn(name, now);
  switch (value.kind) {
    case 'text':
      // Experiments have one name whatever its case.
      return name === 'experiment' && (operator === '=' || operator === '!=')
        ? fragment(`experiment ${operator} ?`, keyOf(value.text))
        : fragment(`${column.sql} ${operator} ?`, value.text);
    case 'number':
      return Number.isNaN(value.number)
        ? fragment(operator === '!=' ? '1' : '0')
        : fragment(`${column.sql} ${operator} ?`, value.number);
    case 'duration':
      return fragment(`${column.sql} ${operator} ?`, ...column.values, value.seconds);
    case 'time':
      return timeComparison(name, operator, timeSpan(value.time, now));
    case 'boolean':
      throw new Error(`${attributes[name].type} is never compared with a boolean.`);
  }
}

/** An experiment's key, as `experimentKey` makes it; of a text that can be no experiment's name, one that none has. */
function keyOf(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC');
}

/** A day is compared as a whole: after it is from its end on. */
function timeComparison(
  column: string,
  operator: Comparison,
  { start, end }: { readonly start: number; readonly end: number },
): SqlFragment {
  if (start === end) {
    return fragment(`${column} ${operator} ?`, start);
  }
  switch (operator) {
    case '=':
      return fragment(`(${column} >= ? AND ${column} < ?)`, start, end);
    case '!=':
      return fragment(`(${column} < ? OR ${column} >= ?)`, start, end);
    case '<':
      return fragment(`${column} < ?`, start);
    case '<=':
      return fragment(`${column} < ?`, end);
    case '>':
      return fragment(`${column} >= ?`, end);
    case '>=':
      return fragment(`${column} >= ?`, start);
  }
}

/** As a tree with short branches: SQLite takes expressions at most 1,000 deep, and a chain is as deep as it is long. */
function either(parts: readonly SqlFragment[], operator: 'and' | 'or'): SqlFragment {
  if (parts.length <= 2) {
    return wrapped('(', joined(parts, ` ${operator.toUpperCase()} `), ')');
  }
  const middle = parts.length >>> 1;
  return either([either(parts.slice(0, middle), operator), either(parts.slice(middle), operator)], operator);
}

function trueOrFalse(expression: SqlFragment): SqlFragment {
  return wrapped('coalesce(', expression, ', 0)');
}

function wrapped(before: string, { sql, values }: SqlFragment, after: string): SqlFragment {
  return { sql: `${before}${sql}${after}`, values };
}
