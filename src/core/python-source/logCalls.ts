/** The calls of a script that record values: of both APIs of Runledger, and MLflow's. */
import { argumentNamed, type CallArgument, type CallArguments, callArguments, callTokens } from './callArguments.ts';
import { importedNames } from './importedNames.ts';
import { ModuleConstants } from './moduleConstants.ts';
import { namePattern } from './namePattern.ts';
import type { PythonTokens } from './pythonTokens.ts';
import { contentRange, literalText } from './stringLiteral.ts';
import { wordPlaces } from './wordPlaces.ts';

/** A name that is recorded, and where it stands: the text between the quotes, or what stands for it. */
export interface LoggedName {
  /** Of an f-string, as it is written. */
  readonly name: string;
  /** Whether the name itself stands there. */
  readonly isLiteral: boolean;
  /** Of an f-string: what the names are like that it gives. */
  readonly pattern?: RegExp;
  readonly start: number;
  readonly end: number;
}

export interface LogCall {
  /** None where nothing of it is known before the program runs. */
  readonly names: readonly LoggedName[];
  /** Where the name of the function stands. */
  readonly start: number;
  /** Behind the closing parenthesis; behind what there is of a call that is not closed. */
  readonly end: number;
  readonly isClosed: boolean;
}

/** Between a dot and the name behind it, which may stand on another line. */
const longestGap = 200;

type NameFinder = (tokens: PythonTokens, call: CallArguments, constants: ModuleConstants) => readonly LoggedName[];

const byName =
  (keyword: string): NameFinder =>
  (tokens, call, constants) =>
    named(tokens, argumentNamed(call, keyword, 0), constants);

/** Methods of runs. Of which object, nobody knows before the program runs; what no run has recorded is shown nowhere. */
const methods = new Map<string, NameFinder>([
  [
    'log',
    (tokens, call, constants) => [
      ...byName('name')(tokens, call, constants),
      ...keys(tokens, argumentNamed(call, 'metrics', 0), constants),
    ],
  ],
  ['log_list', byName('name')],
  ['log_row', byName('name')],
  ['log_table', byName('name')],
]);

/** MLflow's functions; a client's methods take the id of a run before the name. */
const mlflowFunctions = new Map<string, NameFinder>([
  [
    'log_metric',
    (tokens, call, constants) => {
      const first = named(tokens, argumentNamed(call, 'key', 0), constants);
      return first.length > 0 ? first : named(tokens, argumentNamed(call, 'key', 1), constants);
    },
  ],
  ['log_metrics', (tokens, call, constants) => keys(tokens, argumentNamed(call, 'metrics', 0), constants)],
]);

/** Whether a text can hold such a call: what costs nothing tells most files apart. */
export function mayLog(text: string): boolean {
  return /\blog(?:_list|_row|_table|_metrics?)?\s*\(|\bmlflow\b/.test(text);
}

/** Whether a text says that it means to be tracked, whatever it calls. */
export function importsTracking(text: string): boolean {
  return /^[ \t]*(?:import|from)[ \t]+(?:runledger|azureml|mlflow)\b/m.test(text);
}

/** In the order in which they stand. */
export function findLogCalls(text: string): readonly LogCall[] {
  if (!mayLog(text)) {
    return [];
  }
  const imported = text.includes('mlflow') ? importedNames(text, 'mlflow') : new Map<string, string>();
  const words = new Set([...methods.keys(), ...mlflowFunctions.keys(), ...imported.keys()]);
  const constants = new ModuleConstants(text);
  return wordPlaces(text, [...words]).flatMap((place) => {
    const tokens = callTokens(text, place);
    const find = tokens && finderOf(tokens, place, imported);
    return tokens && find ? [logCallOf(tokens, find, constants)] : [];
  });
}

function logCallOf(tokens: PythonTokens, find: NameFinder, constants: ModuleConstants): LogCall {
  const call = callArguments(tokens);
  const last = call.closing ?? (call.items.at(-1)?.to ?? 2) - 1;
  return {
    names: find(tokens, call, constants),
    start: tokens.starts[0] ?? 0,
    end: tokens.ends[last] ?? tokens.text.length,
    isClosed: call.closing !== undefined,
  };
}

function finderOf(tokens: PythonTokens, place: number, imported: ReadonlyMap<string, string>): NameFinder | undefined {
  const name = tokens.textAt(0);
  const before = tokens.text.slice(Math.max(0, place - longestGap), place);
  if (/\.[\s\\]*$/.test(before)) {
    return methods.get(name) ?? mlflowFunctions.get(name);
  }
  const original = imported.get(name);
  return original === undefined || /\bdef\s+$/.test(before) ? undefined : mlflowFunctions.get(original);
}

/** A text, a name that always stands for one, or an f-string of which a part is known. */
function named(
  tokens: PythonTokens,
  argument: CallArgument | undefined,
  constants: ModuleConstants,
): readonly LoggedName[] {
  if (argument === undefined) {
    return [];
  }
  const { from, to } = argument;
  if (to - from === 1 && tokens.isName(from)) {
    const name = constants.valueOf(tokens.textAt(from));
    const [start = 0, end = 0] = [tokens.starts[from], tokens.ends[from]];
    return name === undefined ? [] : [{ name, isLiteral: false, start, end }];
  }
  const name = literalText(tokens, from, to);
  const pattern = name === undefined ? namePattern(tokens, from, to, constants) : undefined;
  if (name === undefined && pattern === undefined) {
    return [];
  }
  const { start } = contentRange(tokens, from);
  const { end } = contentRange(tokens, to - 1);
  return name === undefined
    ? [{ name: tokens.text.slice(start, end), isLiteral: false, ...(pattern && { pattern }), start, end }]
    : [{ name, isLiteral: true, start, end }];
}

/** The keys of a dictionary that stands there. */
function keys(
  tokens: PythonTokens,
  argument: CallArgument | undefined,
  constants: ModuleConstants,
): readonly LoggedName[] {
  if (argument === undefined || !tokens.isOperator(argument.from, '{')) {
    return [];
  }
  const found: LoggedName[] = [];
  let depth = 0;
  let keyFrom: number | undefined;
  for (let index = argument.from; index < argument.to; index++) {
    const character = tokens.isString(index) || tokens.isName(index) ? '' : tokens.textAt(index);
    if (character === '{' || character === '[' || character === '(') {
      depth++;
    } else if (character === '}' || character === ']' || character === ')') {
      depth--;
    }
    if (depth === 1 && (character === '{' || character === ',')) {
      keyFrom = index + 1;
    } else if (depth === 1 && character === ':' && keyFrom !== undefined) {
      found.push(...named(tokens, { keyword: undefined, from: keyFrom, to: index }, constants));
      keyFrom = undefined;
    }
  }
  return found;
}
