/** How a line of arguments can go on, by what the script's `argparse` takes. */
import type { ScriptArgument } from '../../core/python-source/scriptArguments.ts';

export interface ArgumentSuggestion {
  readonly label: string;
  /** Its kind of value and its default. */
  readonly description: string;
  readonly help: string | undefined;
  /** The line with it, ready to go on. */
  readonly line: string;
}

/** What fits behind a line: values of the argument that stands last, else the arguments that are not there yet. */
export function argumentSuggestions(line: string, known: readonly ScriptArgument[]): readonly ArgumentSuggestion[] {
  const words = line.split(/\s+/).filter((word) => word !== '');
  const isInWord = /\S$/.test(line);
  const begun = isInWord ? (words.at(-1) ?? '') : '';
  const before = line.slice(0, line.length - begun.length);
  const done = isInWord ? words.slice(0, -1) : words;
  const last = known.find(({ names, isFlag }) => !isFlag && names.includes(done.at(-1) ?? ''));
  if (last !== undefined && last.choices.length > 0) {
    return last.choices
      .filter((choice) => choice.startsWith(begun))
      .map((choice) => ({ label: choice, description: last.names[0], help: last.help, line: `${before}${choice} ` }));
  }
  if (begun !== '' && !begun.startsWith('-')) {
    // A value is being typed.
    return [];
  }
  return known
    .filter(({ isPositional, names }) => !isPositional && !names.some((name) => isGiven(name, done)))
    .flatMap((argument) => {
      const name = argument.names.find((candidate) => candidate.startsWith(begun));
      return name === undefined ? [] : [suggestionOf(argument, name, `${before}${name} `)];
    });
}

function isGiven(name: string, words: readonly string[]): boolean {
  return words.some((word) => word === name || word.startsWith(`${name}=`));
}

function suggestionOf(argument: ScriptArgument, name: string, line: string): ArgumentSuggestion {
  const { isFlag, isRequired, type, choices, defaultText, help } = argument;
  const kind = isFlag ? [] : choices.length > 0 ? [choices.join(', ')] : type === undefined ? [] : [type];
  const preset = isRequired ? ['required'] : defaultText === undefined || isFlag ? [] : [`default ${defaultText}`];
  return { label: name, description: [...kind, ...preset].join(' · '), help, line };
}
