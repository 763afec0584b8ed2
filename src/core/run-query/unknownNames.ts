import type { KnownNames } from './knownNames.ts';
import { nearestName } from './nearestName.ts';
import type { Condition, Field, RunQuery } from './query.ts';

/** Sentences about what a query names and no run has: most likely, it is misspelled. */
export function unknownNames(query: RunQuery, known: KnownNames): readonly string[] {
  const fields = [
    ...(query.condition === undefined ? [] : fieldsOf(query.condition)),
    ...query.order.map(({ field }) => field),
  ];
  const sentences = fields.map((field) => sentenceAbout(field, known)).filter((sentence) => sentence !== undefined);
  return [...new Set(sentences)];
}

function fieldsOf(condition: Condition): readonly Field[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(fieldsOf);
    case 'not':
      return fieldsOf(condition.condition);
    case 'search':
      return [];
    case 'compare':
    case 'in':
    case 'match':
    case 'exists':
      return [condition.field];
  }
}

function sentenceAbout(field: Field, known: KnownNames): string | undefined {
  if (field.kind === 'attribute') {
    return undefined;
  }
  const names = {
    metric: known.metrics,
    parameter: known.parameters,
    tag: known.tags,
    property: known.properties,
  }[field.kind];
  if (names.includes(field.name)) {
    return undefined;
  }
  const near = nearestName(field.name, names);
  return `No run has a ${field.kind} "${field.name}".${near === undefined ? '' : ` Did you mean "${near}"?`}`;
}
