/** Runs that a line of text names: by their ids, and by links to them. */

/** A stretch of a line that may name a run; whether there is such a run, only a store knows. */
export interface RunReference {
  /** In UTF-16 units from 0. */
  readonly start: number;
  readonly length: number;
  readonly runId: string;
}

const link = /[a-z][a-z\d+.-]*:\/\/runledger\.runledger\/run\/([^\s"'<>()[\]]+)/giu;

/** Ids of sweeps, of their trials, and of interactive runs. */
const uniqueId = /(?<![\p{L}\p{N}_-])(?:HD_)?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?:_\d+)?(?![\p{L}\p{N}_-])/gu;

/** How the id of a submitted script ends; it begins with the name of the experiment. */
const scriptIdEnd = /_\d{9,11}_[\da-f]{8}(?![\p{L}\p{N}_])/gu;

/** Names of experiments may have blanks: so many words before the end of an id may belong to it. */
const mostWords = 6;

/**
 * What may be runs, place by place. At one place there may be several ideas of where the id begins: the first that is a
 * run is meant.
 */
export function runReferences(line: string): readonly (readonly RunReference[])[] {
  const links = [...line.matchAll(link)].map((match) => {
    const text = match[1]?.replace(/[.,;:!?]+$/u, '') ?? '';
    const length = match[0].length - ((match[1]?.length ?? 0) - text.length);
    return [{ start: match.index, length, runId: decoded(text) }];
  });
  const unique = [...line.matchAll(uniqueId)].map((match) => [
    { start: match.index, length: match[0].length, runId: match[0] },
  ]);
  const scripts = [...line.matchAll(scriptIdEnd)].map((match) => idsEndingAt(line, match.index, match[0].length));
  const isOutsideLinks = ([first]: readonly RunReference[]): boolean =>
    first !== undefined &&
    !links.some(([around]) => around && around.start <= first.start && first.start < around.start + around.length);
  return [...links, ...[...unique, ...scripts].filter(isOutsideLinks)];
}

/** The ids that end with the stretch from `index` on: the shortest first. */
function idsEndingAt(line: string, index: number, endLength: number): readonly RunReference[] {
  const before = /[\p{L}\p{M}\p{N}_.\- ]*$/u.exec(line.slice(0, index))?.[0] ?? '';
  const starts = [...before.matchAll(/(?<![^ ])[\p{L}\p{N}]/gu)].map((match) => index - before.length + match.index);
  const end = index + endLength;
  return starts
    .slice(-mostWords)
    .reverse()
    .map((start) => ({ start, length: end - start, runId: line.slice(start, end) }));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
