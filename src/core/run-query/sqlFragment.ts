import type { SQLInputValue } from 'node:sqlite';

/** A part of a statement with the values of its question marks. Text of a query is always a value, never part of the statement. */
export interface SqlFragment {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

export function fragment(sql: string, ...values: SQLInputValue[]): SqlFragment {
  return { sql, values };
}

/** Fragments with a text between them. */
export function joined(fragments: readonly SqlFragment[], separator: string): SqlFragment {
  return {
    sql: fragments.map(({ sql }) => sql).join(separator),
    values: fragments.flatMap(({ values }) => values),
  };
}
