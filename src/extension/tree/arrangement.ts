import { runStatuses } from '../../core/domain/runStatus.ts';
import { parseQuery } from '../../core/run-query/parseQuery.ts';
import { printName, printQuery } from '../../core/run-query/printQuery.ts';
import type { Condition } from '../../core/run-query/query.ts';

/** By what the runs of an experiment are put under headings. */
export type Grouping =
  | { readonly by: 'status' }
  /** The day on which a run was made. */
  | { readonly by: 'day' }
  | { readonly by: 'tag'; readonly name: string };

/** Which runs the tree shows, in which order, under which headings. */
export interface Arrangement {
  /** As docs/run-filters.md describes; undefined: all, child runs below their parents. */
  readonly filter: string | undefined;
  /** What stands behind `order by`; undefined: as the filter says, else the newest first. */
  readonly order: string | undefined;
  readonly grouping: Grouping | undefined;
}

export const plainArrangement: Arrangement = { filter: undefined, order: undefined, grouping: undefined };

/** A heading, and which of the runs stand under it. */
export interface RunGroup {
  /** The same for the same group at another time. */
  readonly key: string;
  readonly label: GroupLabel;
  readonly condition: string;
}

/** What a heading says, for the view to put in words. */
export type GroupLabel =
  | { readonly kind: 'status'; readonly status: (typeof runStatuses)[number] }
  /** From today, 0, back. */
  | { readonly kind: 'day'; readonly daysAgo: number; readonly time: number }
  | { readonly kind: 'older' }
  | { readonly kind: 'tagValue'; readonly name: string; readonly value: string }
  /** The tag is there with a value that is none of the others, or without one. */
  | { readonly kind: 'tagElse'; readonly name: string }
  | { readonly kind: 'noTag'; readonly name: string };

/** Days with a heading of their own. */
const daysNamed = 7;

/** Whether nothing is arranged: the runs are read as they lie, without a query. */
export function isPlain({ filter, order, grouping }: Arrangement): boolean {
  return filter === undefined && order === undefined && grouping === undefined;
}

/** The arrangement as a query, for all runs of an experiment or for those of one group. */
export function queryOf({ filter, order }: Arrangement, group?: RunGroup): string {
  // Without a filter, child runs stay below their parents.
  const base = parseQuery(filter ?? 'parent is null');
  const conditions: Condition[] = [];
  for (const condition of [base.condition, group && parseQuery(group.condition).condition]) {
    if (condition !== undefined) {
      conditions.push(condition);
    }
  }
  const [only] = conditions;
  return printQuery({
    condition: conditions.length > 1 ? { kind: 'and', conditions } : only,
    order: order === undefined ? base.order : parseQuery(`order by ${order}`).order,
  });
}

/**
 * The headings that there can be, in their order.
 *
 * @param tagValues values of the tag that runs are grouped by
 * @param now Unix seconds
 */
export function groupsOf(grouping: Grouping, tagValues: readonly string[], now: number): readonly RunGroup[] {
  switch (grouping.by) {
    case 'status':
      return [...runStatuses]
        .sort((a, b) => placeOfStatus(a) - placeOfStatus(b))
        .map((status) => ({
          key: `status/${status}`,
          label: { kind: 'status', status },
          condition: `status = ${status}`,
        }));
    case 'day':
      return dayGroups(now);
    case 'tag':
      return tagGroups(grouping.name, tagValues);
  }
}

/** What goes on first, then how it ended. */
function placeOfStatus(status: (typeof runStatuses)[number]): number {
  const ends = ['NotResponding', 'Failed', 'Completed', 'Canceled'];
  return status === 'Running'
    ? -1
    : ends.indexOf(status) === -1
      ? runStatuses.indexOf(status)
      : 100 + ends.indexOf(status);
}

function dayGroups(now: number): readonly RunGroup[] {
  const today = new Date(now * 1000);
  const days = Array.from({ length: daysNamed }, (_, daysAgo) => {
    // At noon, so that no change of the clocks makes it another day.
    const date = new Date(today.getFullYear(), today.getMonth(), today.getDate() - daysAgo, 12);
    return { daysAgo, date, text: dayText(date) };
  });
  const oldest = days.at(-1);
  return [
    ...days.map(
      ({ daysAgo, date, text }): RunGroup => ({
        key: `day/${text}`,
        label: { kind: 'day', daysAgo, time: date.getTime() / 1000 },
        condition: `created = ${text}`,
      }),
    ),
    { key: 'day/older', label: { kind: 'older' }, condition: `created < ${oldest?.text ?? dayText(today)}` },
  ];
}

function dayText(date: Date): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

function tagGroups(name: string, values: readonly string[]): readonly RunGroup[] {
  const field = `tags.${printName(name)}`;
  const listed = values.map(quoted).join(', ');
  return [
    ...values.map(
      (value): RunGroup => ({
        key: `tag/${name}=${value}`,
        label: { kind: 'tagValue', name, value },
        condition: `${field} = ${quoted(value)}`,
      }),
    ),
    {
      key: `tag/${name}`,
      label: { kind: 'tagElse', name },
      condition: values.length === 0 ? `has ${field}` : `has ${field} and not ${field} in (${listed})`,
    },
    { key: `tag/${name}/none`, label: { kind: 'noTag', name }, condition: `${field} is null` },
  ];
}

/** Always in quotes: a tag `1.0` is not the tag `1`. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** What was kept for the next window, which an older version may have written; nothing that would not be understood. */
export function parseGrouping(value: unknown): Grouping | undefined {
  if (typeof value !== 'object' || value === null || !('by' in value)) {
    return undefined;
  }
  if (value.by === 'status' || value.by === 'day') {
    return { by: value.by };
  }
  return value.by === 'tag' && 'name' in value && typeof value.name === 'string'
    ? { by: 'tag', name: value.name }
    : undefined;
}
