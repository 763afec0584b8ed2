import type { FieldModel } from '../../src/protocol/experimentPage.ts';
import type { ExperimentStore } from './experimentStore.ts';
import { fieldLabel, isNumeric, partLabel } from './fields.ts';

export const checkWidth = 32;
export const swatchWidth = 22;

/** About what a character of the header takes. */
const CHARACTER = 6.6;

export function nameWidth(isNarrow: boolean): number {
  return isNarrow ? 132 : 220;
}

/** By what the column holds and how its header is called: measuring cells would make it jump while rows come. */
export function columnWidth(field: FieldModel, store: ExperimentStore): number {
  const header = (fieldLabel(field).length + partLabel(field).length) * CHARACTER + 40;
  const least = leastWidth(field, store.layout.groupBy.length > 0);
  return Math.round(Math.min(Math.max(header, least), Math.max(least, 190)));
}

/** A group shows the mean, the deviation and the range of a metric. */
function leastWidth(field: FieldModel, isGrouped: boolean): number {
  if (field.kind === 'metric') {
    return isGrouped ? 200 : 72;
  }
  return isGrouped && field.kind === 'attribute' && field.name === 'duration' ? 170 : isNumeric(field) ? 72 : 88;
}
