import type { AnnotateParams } from '../../src/protocol/runPage.ts';

/**
 * What to record for a tag as it was written; undefined where nothing is to be done.
 *
 * @param before the tag that is changed; undefined for a new one
 */
export function tagChange(
  before: readonly [name: string, value: string | null] | undefined,
  name: string,
  value: string,
): AnnotateParams | undefined {
  const [newName, newValue] = [name.trim(), value.trim() === '' ? null : value.trim()];
  if (newName === '' || (before !== undefined && before[0] === newName && before[1] === newValue)) {
    return undefined;
  }
  const isRenamed = before !== undefined && before[0] !== newName;
  return { ...(isRenamed && { removeTags: [before[0]] }), addTags: [[newName, newValue]] };
}
