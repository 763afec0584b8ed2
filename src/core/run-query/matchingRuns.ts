/**
 * Which runs a condition selects. Each part of a condition is a selection that one index of one table answers, as a set of
 * bits; `and`, `or` and `not` work on the sets. So the cost is the sum of the parts, whatever a planner would have guessed:
 * 75,000 keys are read in 10 ms.
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { metricColumn } from '../run-index/metricColumns.ts';
import { addLowerFunction } from '../run-index/searchTexts.ts';
import { attributeCondition } from './attributeCondition.ts';
import {
  type MetricSelection,
  type RowSelection,
  rowsOfComparison,
  rowsOfMatch,
  rowsWithField,
  rowsWithValue,
} from './namedFieldRows.ts';
import type { Condition, Field, NamedField, Value } from './query.ts';
import { RunSet } from './runSet.ts';
import { fragment, type SqlFragment } from './sqlFragment.ts';

/** The runs among which a condition selects. */
export interface RunScope {
  readonly experimentKey?: string | undefined;
  /** Leaves out the children of runs that are there. */
  readonly topLevelOnly?: boolean | undefined;
}

/** SQLite takes expressions at most 1,000 deep. */
const wordsAtOnce = 500;

/** @param now Unix seconds */
export function matchingRuns(
  database: DatabaseSync,
  condition: Condition | undefined,
  scope: RunScope,
  now: number,
): RunSet {
  addLowerFunction(database);
  return new Matching(database, scope, now).matching(condition);
}

class Matching {
  private readonly database: DatabaseSync;
  private readonly scope: RunScope;
  private readonly now: number;
  private everyRun: RunSet | undefined;

  constructor(database: DatabaseSync, scope: RunScope, now: number) {
    this.database = database;
    this.scope = scope;
    this.now = now;
  }

  matching(condition: Condition | undefined): RunSet {
    if (condition === undefined) {
      return this.everything;
    }
    const found = this.found(condition);
    const isWhole = this.scope.experimentKey === undefined && this.scope.topLevelOnly !== true;
    return isWhole || found.size === 0 ? found : found.and(this.everything);
  }

  private get everything(): RunSet {
    this.everyRun ??= this.inScope();
    return this.everyRun;
  }

  private inScope(): RunSet {
    const { experimentKey, topLevelOnly } = this.scope;
    const runs =
      experimentKey === undefined
        ? fragment('SELECT run FROM runs')
        : fragment('SELECT run FROM runs INDEXED BY runs_by_number WHERE experiment = ?', experimentKey);
    const children = fragment(
      `SELECT run FROM runs AS child INDEXED BY runs_by_parent
       WHERE parent IS NOT NULL AND EXISTS (SELECT 1 FROM runs WHERE runs.id = child.parent)`,
    );
    const all = this.select([runs]);
    return topLevelOnly === true ? all.minus(this.select([children])) : all;
  }

  /** The runs of which a condition is true. Of such as are not in the scope there may be more. */
  private found(condition: Condition): RunSet {
    const expression = attributeCondition(condition, this.now);
    if (expression !== undefined) {
      return this.select([fragment(`SELECT run FROM runs WHERE ${expression.sql}`, ...expression.values)]);
    }
    switch (condition.kind) {
      case 'and':
        return this.all(condition.conditions);
      case 'or':
        return grouped(condition.conditions, 'or', this.now)
          .map((part) => this.found(part))
          .reduce((a, b) => a.or(b));
      case 'not':
        return this.everything.minus(this.found(condition.condition));
      case 'search':
        return this.withWords(condition.words);
      case 'exists':
        return this.select(rowsWithField(named(condition.field)));
      case 'match': {
        const field = named(condition.field);
        const matches = this.select(rowsOfMatch(field, condition.operator, condition.pattern));
        return condition.isNegated ? this.select(rowsWithValue(field)).minus(matches) : matches;
      }
      case 'in':
        return this.equals(named(condition.field), condition.values, condition.isNegated);
      case 'compare': {
        const { operator, value } = condition;
        const field = named(condition.field);
        return operator === '!='
          ? this.equals(field, [value], true)
          : this.select(rowsOfComparison(field, operator, value));
      }
    }
  }

  /** What is selected is only looked for until nothing is left; what is left out is taken from the rest. */
  private all(conditions: readonly Condition[]): RunSet {
    const parts = grouped(conditions, 'and', this.now);
    let rest: RunSet | undefined;
    for (const part of parts) {
      if (part.kind !== 'not' && rest?.size !== 0) {
        const found = this.found(part);
        rest = rest === undefined ? found : rest.and(found);
      }
    }
    let result = rest ?? this.everything;
    for (const part of parts) {
      if (part.kind === 'not' && result.size > 0) {
        result = result.minus(this.found(part.condition));
      }
    }
    return result;
  }

  private equals(field: NamedField, values: readonly Value[], isNegated: boolean): RunSet {
    const equal = this.select(values.flatMap((value) => rowsOfComparison(field, '=', value)));
    return isNegated ? this.select(rowsWithValue(field)).minus(equal) : equal;
  }

  /** Each word may be in another of a run's texts. */
  private withWords(words: readonly string[]): RunSet {
    const some = words.slice(0, wordsAtOnce);
    const contain = some.map(() => 'instr(text, ?) > 0').join(' AND ');
    const found = this.select([
      fragment(`SELECT run FROM run_texts WHERE ${contain}`, ...some.map((word) => word.toLowerCase())),
    ]);
    return words.length <= wordsAtOnce ? found : found.and(this.withWords(words.slice(wordsAtOnce)));
  }

  private select(selections: RowSelection): RunSet {
    return selections
      .map((selection) =>
        RunSet.of('sql' in selection ? readRuns(this.database, selection) : this.selectMetric(selection)),
      )
      .reduce(union, RunSet.of([]));
  }

  private selectMetric({ metric, part, isSelected }: MetricSelection): number[] {
    const { runs, numbers } = metricColumn(this.database, metric, part);
    const selected: number[] = [];
    for (let index = 0; index < numbers.length; index += 1) {
      if (isSelected(numbers[index] as number)) {
        selected.push(runs[index] as number);
      }
    }
    return selected;
  }
}

/** The keys that a selection gives, in its order: as one JSON text, which is five times as fast as rows. */
export function readRuns(database: DatabaseSync, { sql, values }: SqlFragment): number[] {
  const row = database.prepare(`SELECT json_group_array(run) AS runs FROM (${sql})`).get(...bindable(values));
  return JSON.parse(String(row?.runs)) as number[];
}

function bindable(values: readonly SQLInputValue[]): SQLInputValue[] {
  return [...values];
}

function union(a: RunSet, b: RunSet): RunSet {
  return a.or(b);
}

/** Parts about attributes are put together, so that the table of runs is read once for all of them. */
function grouped(conditions: readonly Condition[], kind: 'and' | 'or', now: number): Condition[] {
  const isAboutAttributes = (part: Condition): boolean => attributeCondition(part, now) !== undefined;
  const attributes = conditions.filter(isAboutAttributes);
  const others = conditions.filter((part) => !isAboutAttributes(part));
  return attributes.length > 1 ? [...others, { kind, conditions: attributes }] : [...others, ...attributes];
}

function named(field: Field): NamedField {
  if (field.kind === 'attribute') {
    throw new Error(`A condition on ${field.name} alone is an expression.`);
  }
  return field;
}
