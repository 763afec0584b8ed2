/** Queries of every form, about few names and values, so that they meet in one store. */
import fc from 'fast-check';
import { runStatuses } from '../../src/core/domain/runStatus.ts';
import {
  type AttributeName,
  attributes,
  type Condition,
  comparisons,
  type Field,
  type FieldCondition,
  type RunQuery,
  type TimeValue,
  type Value,
} from '../../src/core/run-query/query.ts';
import { parseTime } from '../../src/core/run-query/queryTimes.ts';

export const someNames = ['loss', 'val/loss', 'a b', 'and', 'é"\\`\'', '__proto__', 'x.y'] as const;
export const someNumbers = [-1, 0, 0.1, 0.5, 1, 2, 1e21, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const;
export const someTexts = [
  '',
  'a',
  'A',
  'abc',
  'a%c',
  'a_c',
  '[a]*?',
  'Éa',
  'éa',
  '0.5',
  '1',
  'true',
  'nan',
  'x\\y',
] as const;
export const someTimes = [
  ...['now', '-1h', '-1d', '-0.5d', 'today', 'yesterday'],
  ...['2026-11-20', '2026-11-21', '2026-11-20T12:00', '2026-11-20T12:00:00Z', '2026-11-20T12:00:00.5Z'],
] as const;

const anyName = fc.constantFrom(...someNames);

const named: fc.Arbitrary<Field> = fc.oneof(
  fc.record({
    kind: fc.constant('metric' as const),
    part: fc.constantFrom('last' as const, 'min' as const, 'max' as const, 'count' as const),
    name: anyName,
  }),
  fc.record({ kind: fc.constantFrom('parameter' as const, 'tag' as const, 'property' as const), name: anyName }),
);

const attribute: fc.Arbitrary<Field> = fc
  .constantFrom(...(Object.keys(attributes) as AttributeName[]))
  .map((name) => ({ kind: 'attribute', name }));

const anyField = fc.oneof(named, attribute);

function numberText(number: number): string {
  return Number.isNaN(number) ? 'nan' : String(number).replace('Infinity', 'inf');
}

const anyNumber: fc.Arbitrary<Value> = fc
  .oneof(fc.constantFrom(...someNumbers), fc.constant(Number.NaN))
  .map((number) => ({ kind: 'number', number, text: numberText(number) }));
const anyText: fc.Arbitrary<Value> = fc.constantFrom(...someTexts).map((text) => ({ kind: 'text', text }));
const anyBoolean: fc.Arbitrary<Value> = fc.boolean().map((isTrue) => ({ kind: 'boolean', isTrue }));

/** Values that a field is compared with. */
function valuesOf(field: Field): fc.Arbitrary<Value> {
  if (field.kind !== 'attribute') {
    if (field.kind === 'metric') {
      return field.part === 'last' ? fc.oneof(anyNumber, anyText, anyBoolean) : anyNumber;
    }
    return field.kind === 'parameter' ? fc.oneof(anyNumber, anyText, anyBoolean) : fc.oneof(anyNumber, anyText);
  }
  switch (attributes[field.name].type) {
    case 'status':
      return fc.constantFrom(...runStatuses).map((text) => ({ kind: 'text', text }));
    case 'time':
      return fc.constantFrom(...someTimes).map((text) => ({ kind: 'time', time: timeOf(text), text }));
    case 'duration':
      return fc.constantFrom(0, 60, 3600).map((seconds) => ({ kind: 'duration', seconds, text: String(seconds) }));
    case 'number':
      return anyNumber;
    case 'text':
      return anyText;
  }
}

function timeOf(text: string): TimeValue {
  const time = parseTime(text);
  if (time === undefined) {
    throw new Error(`${text} is no time.`);
  }
  return time;
}

function isExact(value: Value): boolean {
  return value.kind !== 'time' || value.time.kind !== 'ago';
}

function conditionsOf(field: Field): fc.Arbitrary<FieldCondition> {
  const isStatus = field.kind === 'attribute' && attributes[field.name].type === 'status';
  const isText =
    field.kind === 'attribute'
      ? attributes[field.name].type === 'text'
      : field.kind !== 'metric' || field.part === 'last';
  const compare = fc
    .tuple(fc.constantFrom(...comparisons), valuesOf(field))
    .filter(([operator, value]) => {
      const isEquality = operator === '=' || operator === '!=';
      const isUnordered =
        value.kind === 'boolean' || (value.kind === 'number' && Number.isNaN(value.number)) || isStatus;
      return isEquality ? isExact(value) : !isUnordered;
    })
    .map(([operator, value]): FieldCondition => ({ kind: 'compare', field, operator, value }));
  const among = fc
    .tuple(fc.array(valuesOf(field).filter(isExact), { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([values, isNegated]): FieldCondition => ({ kind: 'in', field, values, isNegated }));
  const match = fc
    .tuple(
      fc.constantFrom('like' as const, 'ilike' as const, 'contains' as const),
      fc.constantFrom(...someTexts, 'a%', '%A%', '_b_', 'É%', '\\%', 'a\\%c', '%\\', 'É', 'r'),
      fc.boolean(),
    )
    .map(([operator, pattern, isNegated]): FieldCondition => ({ kind: 'match', field, operator, pattern, isNegated }));
  const exists = fc.constant<FieldCondition>({ kind: 'exists', field });
  return isText ? fc.oneof(compare, among, match, exists) : fc.oneof(compare, among, exists);
}

const { condition: anyCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    anyField.chain(conditionsOf),
    fc
      .array(fc.constantFrom('a', 'B', 'train', 'é', '0.5', '%', 'team'), { minLength: 1, maxLength: 2 })
      .map((words) => ({ kind: 'search' as const, words })),
    fc.record({ kind: fc.constant('not' as const), condition: tie('condition') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      conditions: fc.array(tie('condition'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

export const anyOrder = fc.array(fc.record({ field: anyField, isDescending: fc.boolean() }), { maxLength: 3 });

export const anyQuery: fc.Arbitrary<RunQuery> = fc.record({
  condition: fc.option(anyCondition, { nil: undefined }),
  order: anyOrder,
});
