/** The arguments that a script takes, as its calls of argparse's `add_argument` say. */
import { argumentNamed, type CallArgument, type CallArguments, callArguments, callTokens } from './callArguments.ts';
import type { PythonTokens } from './pythonTokens.ts';
import { literalText } from './stringLiteral.ts';
import { wordPlaces } from './wordPlaces.ts';

export interface ScriptArgument {
  /** `--learning-rate`, `-l`; of a positional argument its name alone. */
  readonly names: readonly [string, ...string[]];
  readonly isPositional: boolean;
  readonly isRequired: boolean;
  /** Without a value behind it: `action="store_true"` and its like. */
  readonly isFlag: boolean;
  readonly help: string | undefined;
  /** As it stands in the script, a string without its quotes. */
  readonly defaultText: string | undefined;
  /** As `int`. */
  readonly type: string | undefined;
  readonly choices: readonly string[];
}

const flagActions = new Set(['store_true', 'store_false', 'store_const', 'append_const', 'count', 'help', 'version']);
const longestDefault = 100;

/** In the order in which the script adds them; one that is added twice (by subcommands) once. */
export function findScriptArguments(text: string): readonly ScriptArgument[] {
  if (!/\badd_argument\s*\(/.test(text)) {
    return [];
  }
  const found = new Map<string, ScriptArgument>();
  for (const place of wordPlaces(text, ['add_argument'])) {
    const tokens = callTokens(text, place);
    const argument = tokens && argumentOf(tokens, callArguments(tokens));
    if (argument !== undefined && !found.has(argument.names[0])) {
      found.set(argument.names[0], argument);
    }
  }
  return [...found.values()];
}

function argumentOf(tokens: PythonTokens, call: CallArguments): ScriptArgument | undefined {
  const names = call.items
    .filter(({ keyword }) => keyword === undefined)
    .map(({ from, to }) => literalText(tokens, from, to))
    .filter((name) => name !== undefined);
  // The long name tells more.
  const [first, ...others] = names.toSorted((a, b) => Number(b.startsWith('--')) - Number(a.startsWith('--')));
  if (first === undefined) {
    return undefined;
  }
  const keyword = (name: string): CallArgument | undefined => argumentNamed(call, name, Number.POSITIVE_INFINITY);
  const text = (name: string): string | undefined => {
    const argument = keyword(name);
    return argument && literalText(tokens, argument.from, argument.to);
  };
  const isPositional = !first.startsWith('-');
  const choices = keyword('choices');
  return {
    names: [first, ...others],
    isPositional,
    isRequired: isPositional ? !/^[?*]$/.test(text('nargs') ?? '') : sourceOf(tokens, keyword('required')) === 'True',
    isFlag:
      flagActions.has(text('action') ?? '') || /BooleanOptionalAction$/.test(sourceOf(tokens, keyword('action')) ?? ''),
    help: text('help'),
    defaultText: text('default') ?? sourceOf(tokens, keyword('default')),
    type: sourceOf(tokens, keyword('type')),
    choices: choices === undefined ? [] : literals(tokens, choices),
  };
}

/** What stands there, as it is written; undefined where it is long, or nothing. */
function sourceOf(tokens: PythonTokens, argument: CallArgument | undefined): string | undefined {
  if (argument === undefined) {
    return undefined;
  }
  const source = tokens.text.slice(tokens.starts[argument.from], tokens.ends[argument.to - 1]);
  return source.length > longestDefault || source === 'None' ? undefined : source;
}

function literals(tokens: PythonTokens, { from, to }: CallArgument): readonly string[] {
  const found: string[] = [];
  for (let index = from; index < to; index++) {
    const text = tokens.isString(index) ? literalText(tokens, index, index + 1) : undefined;
    if (text !== undefined) {
      found.push(text);
    }
  }
  return found;
}
