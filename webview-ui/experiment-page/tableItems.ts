import type { FieldModel, GroupModel, SortModel } from '../../src/protocol/experimentPage.ts';
import { fieldKey } from './fields.ts';

/** A line of the table. */
export type TableItem =
  | { readonly kind: 'run'; readonly run: number; readonly isPinned: boolean; readonly isInGroup: boolean }
  | { readonly kind: 'group'; readonly group: GroupModel; readonly key: string; readonly isExpanded: boolean };

export interface TableInput {
  readonly runs: readonly number[];
  /** Keys of runs that stay on top. */
  readonly pinned: readonly number[];
  readonly groups: readonly GroupModel[] | undefined;
  /** Runs that no group has: they come last. */
  readonly ungrouped?: readonly number[];
  readonly expanded: ReadonlySet<string>;
}

/** What tells a group from others, also after the runs were read again. */
export function groupKey({ values }: GroupModel): string {
  return JSON.stringify(values);
}

/** The lines in their order: pinned runs first, wherever else they would be; then groups with the runs of those that are open. */
export function tableItems({ runs, pinned, groups, ungrouped = [], expanded }: TableInput): readonly TableItem[] {
  const known = new Set(runs);
  const top = pinned.filter((run) => known.has(run));
  const isOnTop = new Set(top);
  const run = (key: number, isInGroup: boolean): TableItem => ({
    kind: 'run',
    run: key,
    isPinned: isOnTop.has(key),
    isInGroup,
  });
  const items = top.map((key) => run(key, false));
  if (groups === undefined) {
    for (const key of runs) {
      if (!isOnTop.has(key)) {
        items.push(run(key, false));
      }
    }
    return items;
  }
  for (const group of groups) {
    const key = groupKey(group);
    const isExpanded = expanded.has(key);
    items.push({ kind: 'group', group, key, isExpanded });
    if (isExpanded) {
      for (const member of group.runs) {
        items.push({ kind: 'run', run: member, isPinned: false, isInGroup: true });
      }
    }
  }
  for (const key of ungrouped) {
    items.push({ kind: 'run', run: key, isPinned: false, isInGroup: false });
  }
  return items;
}

/**
 * Groups by the mean of what runs are sorted by first, where that has one; else as the runs come upon them, those with the same first
 * value together.
 */
export function sortedGroups(
  groups: readonly GroupModel[],
  fields: readonly FieldModel[],
  sort: readonly SortModel[],
): readonly GroupModel[] {
  const [first] = sort;
  const place = first === undefined ? -1 : fields.findIndex((field) => fieldKey(field) === fieldKey(first.field));
  if (first === undefined || place === -1) {
    return together(groups, 0);
  }
  const mean = (group: GroupModel): number | undefined => group.statistics[place]?.mean;
  return groups.toSorted((a, b) => {
    const [x, y] = [mean(a), mean(b)];
    if (x === undefined || y === undefined) {
      return Number(x === undefined) - Number(y === undefined);
    }
    return first.isDescending ? y - x : x - y;
  });
}

/** Groups with the same value at a place stand where the first of them stood, and so on with the places behind. */
function together(groups: readonly GroupModel[], place: number): readonly GroupModel[] {
  if (groups.length < 3 || place >= (groups[0]?.values.length ?? 0) - 1) {
    return groups;
  }
  const byValue = new Map<string, GroupModel[]>();
  for (const group of groups) {
    const value = JSON.stringify(group.values[place]);
    const same = byValue.get(value) ?? [];
    same.push(group);
    byValue.set(value, same);
  }
  return [...byValue.values()].flatMap((same) => together(same, place + 1));
}

/** The keys to sort by after a click on a header: alone, or with Shift beside the others. A third click takes it away. */
export function nextSort(
  sort: readonly SortModel[],
  field: FieldModel,
  descendsFirst: boolean,
  isAdded: boolean,
): readonly SortModel[] {
  const key = fieldKey(field);
  const current = sort.find((known) => fieldKey(known.field) === key);
  const next: readonly SortModel[] =
    current === undefined
      ? [{ field, isDescending: descendsFirst }]
      : current.isDescending === descendsFirst
        ? [{ field, isDescending: !descendsFirst }]
        : [];
  if (!isAdded) {
    return next;
  }
  return current === undefined
    ? [...sort, ...next]
    : sort.flatMap((known) => (fieldKey(known.field) === key ? next : [known]));
}

/** Runs that came since, and whether what is there would stand in another order. */
export function listingChange(
  shown: readonly number[],
  current: readonly number[],
): { readonly added: number; readonly isReordered: boolean } {
  const known = new Set(shown);
  const still = new Set(current);
  const added = current.filter((run) => !known.has(run)).length;
  const kept = current.filter((run) => known.has(run));
  const left = shown.filter((run) => still.has(run));
  return { added, isReordered: kept.some((run, index) => run !== left[index]) };
}
