import type { RunFailureModel } from '../../../src/protocol/runPage.ts';

/** The first line of a failure with the kind of exception, and what is left to say. */
export function failureTitle(failure: RunFailureModel): { readonly title: string; readonly rest: string } {
  const [first = '', ...more] = failure.message.trim().split('\n');
  const kind = failure.type?.split('.').at(-1);
  const isNamed = kind === undefined || first.includes(kind);
  return { title: isNamed ? first : `${kind}: ${first}`, rest: more.join('\n').trim() };
}
