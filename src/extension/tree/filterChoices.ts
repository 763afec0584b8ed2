import { completionsAt, type QueryCompletion } from '../../core/run-query/completions.ts';
import type { KnownNames } from '../../core/run-query/knownNames.ts';
import { parseQuery } from '../../core/run-query/parseQuery.ts';
import { QueryError } from '../../core/run-query/queryError.ts';
import { unknownNames } from '../../core/run-query/unknownNames.ts';

/** A row below the input of a filter. */
export type FilterChoice =
  /** Takes the filter as it stands; an empty one shows all runs. */
  | { readonly kind: 'apply'; readonly filter: string; readonly hint: string | undefined }
  /** Why it cannot be taken. `marked` is where: what stands before, at and after it. */
  | { readonly kind: 'problem'; readonly message: string; readonly marked: readonly [string, string, string] }
  /** Writes more of it. */
  | {
      readonly kind: 'completion';
      readonly label: string;
      readonly detail: string | undefined;
      readonly filter: string;
    }
  | { readonly kind: 'recent'; readonly filter: string };

const mostCompletions = 100;

/** What can be chosen while a filter is typed: what it is good for first, then how it can go on, then filters of before. */
export function filterChoices(filter: string, known: KnownNames, recent: readonly string[]): readonly FilterChoice[] {
  const completions = completionsAt(filter, filter.length, known)
    .slice(0, mostCompletions)
    .map(
      (completion): FilterChoice => ({
        kind: 'completion',
        label: completion.label,
        detail: completion.detail,
        filter: withCompletion(filter, completion),
      }),
    );
  const earlier = recent
    .filter((other) => other !== filter && other.toLowerCase().includes(filter.trim().toLowerCase()))
    .map((other): FilterChoice => ({ kind: 'recent', filter: other }));
  const first = verdict(filter, known);
  // What was used before is offered before anything was typed.
  return filter.trim() === '' ? [first, ...earlier, ...completions] : [first, ...completions, ...earlier];
}

function verdict(filter: string, known: KnownNames): FilterChoice {
  try {
    const hint = unknownNames(parseQuery(filter), known)[0];
    return { kind: 'apply', filter, hint };
  } catch (error) {
    if (!(error instanceof QueryError)) {
      throw error;
    }
    const end = error.position + error.length;
    const marked = [filter.slice(0, error.position), filter.slice(error.position, end), filter.slice(end)] as const;
    return { kind: 'problem', message: error.message, marked };
  }
}

/** The filter with a completion taken, and a blank where something must follow it. */
function withCompletion(filter: string, { start, end, insertText, kind }: QueryCompletion): string {
  const isList = kind === 'operator' && (insertText === 'in' || insertText === 'not in');
  const isOpen = insertText.endsWith('.') || insertText.endsWith('(');
  const isLast = insertText.endsWith('null') || kind === 'value';
  const before = filter.slice(0, start);
  return `${before}${insertText}${isList ? ' (' : isOpen || isLast ? '' : ' '}${filter.slice(end)}`;
}
