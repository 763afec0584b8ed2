/** How the user has set pip up, in its files and in variables. */
import type { EnvironmentPlace } from './environmentPlace.ts';

/** Values by the names of pip's long options: `index-url`. */
export type PipSettings = ReadonlyMap<string, string>;

/** Sections that hold for `pip install`, those that count more after the others. */
const sections = ['global', 'install', ':env:'];

/**
 * Asks pip itself.
 *
 * @returns undefined where the interpreter has no pip
 * @throws RunledgerError `canceled`
 */
export async function readPipSettings(
  interpreter: string,
  place: EnvironmentPlace,
  signal: AbortSignal | undefined,
): Promise<PipSettings | undefined> {
  const args = ['-m', 'pip', '--disable-pip-version-check', 'config', 'list'];
  const { stdout, stderr, problem } = await place.run(interpreter, args, signal);
  const isAnswered = problem === undefined && !/No module named pip/.test(stderr);
  return isAnswered ? parsePipSettings(stdout) : undefined;
}

/** Takes apart what `pip config list` prints: `global.index-url='https://…'`. */
export function parsePipSettings(text: string): PipSettings {
  const found = text.split(/\r?\n/).flatMap((line) => {
    const [, section, name, value] = /^([^.=]+)\.([\w-]+)=(['"].*['"])$/.exec(line) ?? [];
    return section === undefined || name === undefined || value === undefined || !sections.includes(section)
      ? []
      : [{ rank: sections.indexOf(section), name, value: pythonText(value) }];
  });
  return new Map(found.sort((a, b) => a.rank - b.rank).map(({ name, value }) => [name, value]));
}

/** A text as Python writes it. */
function pythonText(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}
