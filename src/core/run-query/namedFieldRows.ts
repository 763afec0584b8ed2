/** Which runs have a metric, parameter, tag or property with a value: selections that an index of the tables answers. */
import type { SQLInputValue } from 'node:sqlite';
import type { Comparison, MatchOperator, MetricField, MetricPart, NamedField, RowField, Value } from './query.ts';
import { fragment, type SqlFragment } from './sqlFragment.ts';
import { textMatch } from './textMatch.ts';

/** Each selects keys of runs; together they are the answer. */
export type RowSelection = readonly (SqlFragment | MetricSelection)[];

/** Runs by the numbers of a metric, which are not in rows. */
export interface MetricSelection {
  readonly metric: string;
  readonly part: MetricPart;
  /** NaN where the run has no such number. */
  readonly isSelected: (number: number) => boolean;
}

/** Runs that have the field, be it without a value. */
export function rowsWithField(field: NamedField): RowSelection {
  if (field.kind === 'metric' && (field.part === 'min' || field.part === 'max')) {
    return rowsWithValue(field);
  }
  return field.kind === 'metric' ? [selectMetric(field, () => true)] : [select(field, fieldIndex(field), '')];
}

/** Runs whose field has a value to compare. */
export function rowsWithValue(field: NamedField): RowSelection {
  switch (field.kind) {
    case 'metric':
      return rowsWithMetric(field, field.part);
    case 'parameter':
      return [
        select(field, 'parameters_by_number', 'AND number IS NOT NULL'),
        select(field, 'parameters_by_text', 'AND text IS NOT NULL'),
      ];
    case 'tag':
    case 'property':
      return [select(field, fieldIndex(field), 'AND value IS NOT NULL')];
  }
}

function rowsWithMetric(field: MetricField, part: MetricPart): RowSelection {
  switch (part) {
    case 'last':
      return [selectMetric(field, (last) => !Number.isNaN(last)), selectText(field, () => fragment('true'))];
    case 'count':
      return rowsWithField(field);
    case 'min':
    case 'max':
      return [selectMetric(field, (number) => !Number.isNaN(number))];
  }
}

/** Runs of which the comparison is true; `!=` is not among them, since it is what {@link rowsWithValue} has beside `=`. */
export function rowsOfComparison(field: NamedField, operator: Exclude<Comparison, '!='>, value: Value): RowSelection {
  switch (value.kind) {
    case 'number':
      return Number.isNaN(value.number) ? rowsNotANumber(field) : rowsOfNumber(field, operator, value);
    case 'boolean':
      return rowsOfBoolean(field, value.isTrue);
    case 'text':
      return [selectText(field, ({ column }) => fragment(`${column} ${operator} ?`, value.text))];
    case 'time':
    case 'duration':
      return [];
  }
}

export function rowsOfMatch(field: NamedField, operator: MatchOperator, pattern: string): RowSelection {
  return [selectText(field, ({ column }) => textMatch(column, operator, pattern))];
}

function rowsOfNumber(
  field: NamedField,
  operator: Exclude<Comparison, '!='>,
  { number, text }: { readonly number: number; readonly text: string },
): RowSelection {
  const isText = ({ column }: { readonly column: string }): SqlFragment => fragment(`${column} = ?`, text);
  const isSame = operator === '=' ? [selectText(field, isText)] : [];
  switch (field.kind) {
    case 'metric':
      return [selectMetric(field, comparisonWith(operator, number))];
    case 'parameter': {
      // Many libraries hand parameters over as texts: "0.01" is the number that it spells.
      const spelled = `AND number IS NULL AND ${numberInText('text')} ${operator} ?`;
      return [
        select(field, 'parameters_by_number', `AND number ${operator} ?`, number),
        select(field, 'parameters_by_number', spelled, number),
        ...isSame,
      ];
    }
    case 'tag':
    case 'property': {
      const spelled = ({ column }: { readonly column: string }): SqlFragment =>
        fragment(`${numberInText(column)} ${operator} ?`, number);
      return [selectText(field, spelled), ...isSame];
    }
  }
}

/** JSON's spelling of a number, without error for any other text. */
export function numberInText(column: string): string {
  return `CASE WHEN json_valid(${column}) THEN CASE WHEN json_type(${column}) IN ('integer', 'real') THEN CAST(${column} AS REAL) END END`;
}

function rowsNotANumber(field: NamedField): RowSelection {
  // The extremes are those of finite numbers, and a count is one.
  return field.kind === 'metric' && field.part !== 'last'
    ? []
    : [selectText(field, ({ column }) => fragment(`lower(${column}) = 'nan'`))];
}

function rowsOfBoolean(field: NamedField, isTrue: boolean): RowSelection {
  if (field.kind === 'metric') {
    return [selectMetric(field, comparisonWith('=', Number(isTrue)))];
  }
  const texts = isTrue ? "('true', 'True', 'TRUE')" : "('false', 'False', 'FALSE')";
  return [
    select(field, 'parameters_by_number', 'AND number = ?', Number(isTrue)),
    select(field, 'parameters_by_text', `AND text IN ${texts}`),
  ];
}

function comparisonWith(operator: Exclude<Comparison, '!='>, number: number): MetricSelection['isSelected'] {
  switch (operator) {
    case '=':
      return (value) => value === number;
    case '<':
      return (value) => value < number;
    case '<=':
      return (value) => value <= number;
    case '>':
      return (value) => value > number;
    case '>=':
      return (value) => value >= number;
  }
}

function selectMetric({ name, part }: MetricField, isSelected: MetricSelection['isSelected']): MetricSelection {
  return { metric: name, part, isSelected };
}

/** Selects by the texts of a field. */
function selectText(field: NamedField, condition: (text: { readonly column: string }) => SqlFragment): SqlFragment {
  const column = field.kind === 'metric' || field.kind === 'parameter' ? 'text' : 'value';
  const { sql, values } = condition({ column });
  if (field.kind === 'metric') {
    const name = '(SELECT name FROM names WHERE text = ?)';
    return fragment(
      `SELECT run FROM (SELECT run, text FROM metric_texts WHERE name = ${name}) WHERE ${sql}`,
      field.name,
      ...values,
    );
  }
  return select(field, fieldIndex(field), `AND ${sql}`, ...values);
}

function select(field: RowField, index: string, conditions: string, ...values: SQLInputValue[]): SqlFragment {
  return fragment(
    `SELECT run FROM ${tableOf(field)} INDEXED BY ${index} WHERE name = ? ${conditions}`,
    field.name,
    ...values,
  );
}

/** The table that has the values of a field. */
export function tableOf(field: RowField): 'parameters' | 'tags' | 'properties' {
  switch (field.kind) {
    case 'parameter':
      return 'parameters';
    case 'tag':
      return 'tags';
    case 'property':
      return 'properties';
  }
}

/** The index that has all runs with a field. */
export function fieldIndex(field: RowField): string {
  switch (field.kind) {
    case 'parameter':
      return 'parameters_by_text';
    case 'tag':
      return 'tags_by_value';
    case 'property':
      return 'properties_by_value';
  }
}
