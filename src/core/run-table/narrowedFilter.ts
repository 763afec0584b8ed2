import type { Scalar } from '../domain/metric.ts';
import { parseQuery } from '../run-query/parseQuery.ts';
import { printQuery } from '../run-query/printQuery.ts';
import type { Condition, Field, Value } from '../run-query/query.ts';

/** What a click on a cell adds to a filter: only runs with its value, or only runs without it. */
export interface FilterChange {
  readonly field: Field;
  /** Null: the run has none. */
  readonly value: Scalar | null;
  readonly isExcluded: boolean;
}

/**
 * The filter with one more condition, as text.
 *
 * @throws QueryError where the filter cannot be understood
 */
export function narrowedFilter(filter: string, { field, value, isExcluded }: FilterChange): string {
  const { condition, order } = parseQuery(filter);
  const exists: Condition = { kind: 'exists', field };
  const added: Condition =
    value === null
      ? isExcluded
        ? exists
        : { kind: 'not', condition: exists }
      : // Of a run without the field no comparison is true: "not" keeps such runs.
        isExcluded
        ? { kind: 'not', condition: equal(field, value) }
        : equal(field, value);
  const parts = condition === undefined ? [] : condition.kind === 'and' ? condition.conditions : [condition];
  const all = [...parts, added];
  const [only] = all;
  return printQuery({ condition: all.length === 1 ? only : { kind: 'and', conditions: all }, order });
}

function equal(field: Field, value: Scalar): Condition {
  if (field.kind === 'tag' && value === true) {
    return { kind: 'exists', field };
  }
  return { kind: 'compare', field, operator: '=', value: toValue(value) };
}

function toValue(value: Scalar): Value {
  if (typeof value === 'number') {
    return { kind: 'number', number: value, text: Number.isNaN(value) ? 'nan' : String(value) };
  }
  return typeof value === 'boolean' ? { kind: 'boolean', isTrue: value } : { kind: 'text', text: value };
}
