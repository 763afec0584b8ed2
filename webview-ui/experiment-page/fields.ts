/** What a column, a sort key or a group is about, in words. */
import type { AttributeModel, ColumnsModel, FieldModel, MetricColumnModel } from '../../src/protocol/experimentPage.ts';
import { directionOf } from '../../src/protocol/metricDirection.ts';

/** Columns that stand for themselves; beyond, the reader chooses. */
const MOST_METRICS = 12;
const MOST_PARAMETERS = 8;
const MOST_TAGS = 3;

const attributeLabels: Readonly<Record<AttributeModel, string>> = {
  name: 'Name',
  number: '#',
  status: 'Status',
  created: 'Created',
  started: 'Started',
  ended: 'Ended',
  duration: 'Duration',
  type: 'Type',
  target: 'Target',
  script: 'Script',
  user: 'User',
  host: 'Host',
  parent: 'Parent',
  id: 'Run id',
  description: 'Description',
  notes: 'Notes',
};

export const attributeNames = Object.keys(attributeLabels) as readonly AttributeModel[];

/** The same for fields that are the same. */
export function fieldKey(field: FieldModel): string {
  return field.kind === 'metric' ? `metric ${field.part} ${field.name}` : `${field.kind} ${field.name}`;
}

/** The name as a column's header shows it. */
export function fieldLabel(field: FieldModel): string {
  return field.kind === 'attribute' ? attributeLabels[field.name] : field.name;
}

/** Which number of a metric it is, where that is not the last; else empty. */
export function partLabel(field: FieldModel): string {
  return field.kind === 'metric' && field.part !== 'last' ? field.part : '';
}

/** The label where nothing else tells what kind of thing it is: `max of val/loss`, `tag team`. */
export function fullLabel(field: FieldModel): string {
  switch (field.kind) {
    case 'attribute':
      return attributeLabels[field.name];
    case 'metric':
      return field.part === 'last' ? field.name : `${field.part} of ${field.name}`;
    case 'parameter':
    case 'tag':
    case 'property':
      return `${field.kind} ${field.name}`;
  }
}

export function isTimeField(field: FieldModel): boolean {
  return field.kind === 'attribute' && ['created', 'started', 'ended'].includes(field.name);
}

/** Whether its values are mostly numbers, which stand at the right. */
export function isNumeric(field: FieldModel): boolean {
  return field.kind === 'metric' || (field.kind === 'attribute' && ['number', 'duration'].includes(field.name));
}

/** The good end of a metric where its name tells which, else its last value. */
export function bestField(metric: MetricColumnModel): FieldModel {
  const direction = metric.mostPoints > 1 && metric.hasNumbers ? directionOf(metric.name) : undefined;
  const part = direction === 'higher' ? 'max' : direction === 'lower' ? 'min' : 'last';
  return { kind: 'metric', part, name: metric.name };
}

const groupable: readonly AttributeModel[] = ['status', 'user', 'host', 'script', 'target', 'type', 'parent'];

/** Whether runs that have the same of it make a group worth looking at. */
export function canGroupBy(field: FieldModel): boolean {
  return field.kind === 'attribute' ? groupable.includes(field.name) : field.kind !== 'metric';
}

/** What descends at the first click: numbers of which more is better, and times. */
export function descendsFirst(field: FieldModel): boolean {
  return field.kind === 'metric' ? directionOf(field.name) !== 'lower' : isTimeField(field) || isNumeric(field);
}

/** What is worth a column unless the reader says otherwise: what most runs have. */
export function defaultColumns(columns: ColumnsModel): readonly FieldModel[] {
  const byCount = <T extends { readonly runCount: number }>(all: readonly T[], most: number): readonly T[] => {
    const chosen = new Set(all.toSorted((a, b) => b.runCount - a.runCount).slice(0, most));
    return all.filter((column) => chosen.has(column));
  };
  return [
    ...(['number', 'created', 'duration'] as const).map((name): FieldModel => ({ kind: 'attribute', name })),
    ...byCount(columns.parameters, MOST_PARAMETERS).map(({ name }): FieldModel => ({ kind: 'parameter', name })),
    ...byCount(columns.tags, MOST_TAGS).map(({ name }): FieldModel => ({ kind: 'tag', name })),
    ...byCount(resultMetrics(columns), MOST_METRICS).toSorted(byRank).map(bestField),
  ];
}

/** Metrics whose runs have one value to show. */
export function resultMetrics({ metrics }: ColumnsModel): readonly MetricColumnModel[] {
  return metrics.filter(({ kind, isSystem }) => (kind === 'metric' || kind === 'list') && !isSystem);
}

/** Metrics that make curves. */
export function curveMetrics(columns: ColumnsModel): readonly MetricColumnModel[] {
  return resultMetrics(columns)
    .filter(({ mostPoints, hasNumbers }) => mostPoints > 1 && hasNumbers)
    .toSorted(byRank);
}

/** Those first whose name says which end is the good one, and of these what was measured on held-out data. */
function byRank(a: MetricColumnModel, b: MetricColumnModel): number {
  return rankOf(a) - rankOf(b) || b.runCount - a.runCount;
}

function rankOf({ name }: MetricColumnModel): number {
  const direction = directionOf(name);
  const isHeldOut = /(^|[^a-z])(val|valid|validation|eval|test)([^a-z]|$)/i.test(name);
  return (direction === undefined ? 4 : 0) + (isHeldOut ? 0 : 2) + (direction === 'higher' ? 0 : 1);
}

/** Everything that can be a column. */
export function allFields(columns: ColumnsModel): readonly FieldModel[] {
  const named = (kind: 'parameter' | 'tag' | 'property', list: ColumnsModel['tags']): FieldModel[] =>
    list.map(({ name }) => ({ kind, name }));
  const scalars = columns.metrics.filter(({ kind }) => kind === 'metric' || kind === 'list');
  return [
    ...attributeNames.filter((name) => name !== 'name').map((name): FieldModel => ({ kind: 'attribute', name })),
    ...named('parameter', columns.parameters),
    ...named('tag', columns.tags),
    ...named('property', columns.properties),
    ...scalars.flatMap(({ name, mostPoints, hasNumbers }): FieldModel[] =>
      mostPoints > 1 && hasNumbers
        ? (['last', 'min', 'max'] as const).map((part) => ({ kind: 'metric', part, name }))
        : [{ kind: 'metric', part: 'last', name }],
    ),
  ];
}
