/** A filter of runs as it is understood: what docs/run-filters.md describes. */

export interface RunQuery {
  /** Undefined: all runs. */
  readonly condition: Condition | undefined;
  /** Before what all lists end with: the newest first. */
  readonly order: readonly SortKey[];
}

export interface SortKey {
  readonly field: Field;
  readonly isDescending: boolean;
}

/** Which number of a metric is meant. */
export type MetricPart = 'last' | 'min' | 'max' | 'count';

export type Field = NamedField | AttributeField;

export interface AttributeField {
  readonly kind: 'attribute';
  readonly name: AttributeName;
}

export type NamedField = MetricField | RowField;

export interface MetricField {
  readonly kind: 'metric';
  readonly part: MetricPart;
  readonly name: string;
}

/** A field whose values are in rows of a table. */
export interface RowField {
  readonly kind: NamedKind;
  readonly name: string;
}

/** What a run has by name, beside metrics. */
export type NamedKind = 'parameter' | 'tag' | 'property';

export type AttributeName = keyof typeof attributes;

export type AttributeType = 'text' | 'status' | 'time' | 'duration' | 'number';

/** What every run has. */
export const attributes = {
  status: { type: 'status', description: 'the state: Running, Completed, Failed, …' },
  created: { type: 'time', description: 'when it was made' },
  started: { type: 'time', description: 'when its script started' },
  ended: { type: 'time', description: 'when it ended' },
  duration: { type: 'duration', description: 'from its start to its end, or to now' },
  experiment: { type: 'text', description: 'the name of its experiment' },
  number: { type: 'number', description: 'its number in the experiment' },
  id: { type: 'text', description: 'its id' },
  name: { type: 'text', description: 'the name that it was given' },
  type: { type: 'text', description: 'azureml.scriptrun, hyperdrive, …' },
  target: { type: 'text', description: 'the compute target' },
  script: { type: 'text', description: 'the script that was submitted' },
  user: { type: 'text', description: 'who made it' },
  host: { type: 'text', description: 'the machine that it was made on' },
  parent: { type: 'text', description: 'the id of the run that it is a child of' },
  description: { type: 'text', description: 'what it is about' },
  notes: { type: 'text', description: 'what was noted about it' },
} as const satisfies Record<string, { readonly type: AttributeType; readonly description: string }>;

export const comparisons = ['=', '!=', '<', '<=', '>', '>='] as const;
export type Comparison = (typeof comparisons)[number];

/** `contains` and `ilike` take letters of either case as the same. */
export type MatchOperator = 'like' | 'ilike' | 'contains';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  /** Each word is somewhere in what names or describes the run. */
  | { readonly kind: 'search'; readonly words: readonly string[] }
  | FieldCondition;

/** What is asked of one field. Of a run without the field, all are false. */
export type FieldCondition =
  | { readonly kind: 'compare'; readonly field: Field; readonly operator: Comparison; readonly value: Value }
  | { readonly kind: 'in'; readonly field: Field; readonly values: readonly Value[]; readonly isNegated: boolean }
  | {
      readonly kind: 'match';
      readonly field: Field;
      readonly operator: MatchOperator;
      readonly pattern: string;
      readonly isNegated: boolean;
    }
  /** Whether the run has the field at all. */
  | { readonly kind: 'exists'; readonly field: Field };

export type Value =
  /** `text` is how it was written: what a text is compared with. */
  | { readonly kind: 'number'; readonly number: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly isTrue: boolean }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'duration'; readonly seconds: number; readonly text: string }
  | { readonly kind: 'time'; readonly time: TimeValue; readonly text: string };

export type TimeValue =
  /** So many seconds before now. */
  | { readonly kind: 'ago'; readonly seconds: number }
  /** So many local days before today. */
  | { readonly kind: 'day'; readonly daysAgo: number }
  /** A day, minute or second of the calendar, or an instant: from `start`, for `seconds` (a local day has 23 to 25 hours). */
  | { readonly kind: 'span'; readonly start: number; readonly end: number };

/** How a query names each kind of field. */
export const prefixes = { metric: 'metrics', parameter: 'params', tag: 'tags', property: 'properties' } as const;

export function isAttributeName(text: string): text is AttributeName {
  return Object.hasOwn(attributes, text);
}
