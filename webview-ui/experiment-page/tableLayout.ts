import type { ColumnWidthModel, FieldModel } from '../../src/protocol/experimentPage.ts';
import type { ExperimentStore } from './experimentStore.ts';
import { fieldKey, fieldLabel, isNumeric, partLabel } from './fields.ts';

export const checkWidth = 32;
export const swatchWidth = 22;

/** About what a character of the header takes. */
const CHARACTER = 6.6;

/** A column stays wide enough to be found again. */
export const leastColumnWidth = 40;
const mostFittedWidth = 640;

export function nameWidth(isNarrow: boolean): number {
  return isNarrow ? 132 : 220;
}

/** The width that the reader gave a column. */
export function chosenWidth(widths: readonly ColumnWidthModel[], field: FieldModel): number | undefined {
  const key = fieldKey(field);
  return widths.find((chosen) => fieldKey(chosen.field) === key)?.width;
}

/** @param width undefined: what the table chooses */
export function withWidth(
  widths: readonly ColumnWidthModel[],
  field: FieldModel,
  width: number | undefined,
): readonly ColumnWidthModel[] {
  const others = widths.filter((chosen) => fieldKey(chosen.field) !== fieldKey(field));
  return width === undefined ? others : [...others, { field, width: Math.max(leastColumnWidth, Math.round(width)) }];
}

/** The columns with the one of a place at another place; places beyond the ends are the ends. */
export function movedColumns(columns: readonly FieldModel[], from: number, to: number): readonly FieldModel[] {
  const moved = columns[from];
  return moved === undefined
    ? columns
    : columns.toSpliced(from, 1).toSpliced(Math.max(0, Math.min(to, columns.length - 1)), 0, moved);
}

/** As wide as the widest of its cells: a range has the whole text, however little of it the cell shows. */
export function fittedWidth(cells: Iterable<HTMLElement>): number {
  let width = leastColumnWidth;
  for (const cell of cells) {
    const { paddingLeft, paddingRight } = getComputedStyle(cell);
    const range = document.createRange();
    range.selectNodeContents(cell);
    const padding = Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight);
    width = Math.max(width, range.getBoundingClientRect().width + padding + 2);
  }
  return Math.min(mostFittedWidth, Math.ceil(width));
}

/** By what the column holds and how its header is called: measuring cells would make it jump while rows come. */
export function columnWidth(field: FieldModel, store: ExperimentStore): number {
  const chosen = chosenWidth(store.layout.widths ?? [], field);
  if (chosen !== undefined) {
    return chosen;
  }
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
