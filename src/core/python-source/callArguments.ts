import { type PythonTokens, tokenize } from './pythonTokens.ts';
import { isClosedString } from './stringLiteral.ts';

/** One argument of a call, as tokens: `to` is the first that is not its own. */
export interface CallArgument {
  /** Of `name=value`. */
  readonly keyword: string | undefined;
  readonly from: number;
  readonly to: number;
}

export interface CallArguments {
  readonly items: readonly CallArgument[];
  /** The closing parenthesis; undefined where the call is not closed. */
  readonly closing: number | undefined;
}

/** A call that is being typed has no end: it is not looked for in all of the file. */
const mostTokens = 4000;
const statements = new Set(['def', 'class', 'import', 'return', 'with', 'while', 'try', 'raise']);

/** The tokens of a call, from the name of what is called: undefined where no parenthesis follows. */
export function callTokens(text: string, place: number): PythonTokens | undefined {
  let depth = 0;
  const tokens = tokenize(text, place, (read) => {
    const index = read.length - 1;
    depth += isOneOf(read, index, '([{') ? 1 : isOneOf(read, index, ')]}') ? -1 : 0;
    return (index > 0 && depth <= 0) || index >= mostTokens;
  });
  return tokens.isOperator(1, '(') ? tokens : undefined;
}

/** @param tokens as {@link callTokens} gives them */
export function callArguments(tokens: PythonTokens): CallArguments {
  const opening = 1;
  const items: CallArgument[] = [];
  const end = tokens.length;
  let depth = 1;
  let from = opening + 1;
  const close = (to: number): void => {
    if (from < to) {
      items.push(argumentOf(tokens, from, to));
    }
    from = to + 1;
  };
  for (let index = opening + 1; index < end; index++) {
    if (isOneOf(tokens, index, '([{')) {
      depth++;
    } else if (isOneOf(tokens, index, ')]}')) {
      depth--;
      if (depth === 0) {
        close(index);
        return { items, closing: index };
      }
    } else if (depth === 1 && tokens.isOperator(index, ',')) {
      close(index);
    } else if (tokens.isString(index) && !isClosedString(tokens, index)) {
      // It is being typed: what stands on the next lines is not of this call.
      close(index + 1);
      return { items, closing: undefined };
    } else if (tokens.isName(index) && tokens.isFirstOfLine(index) && statements.has(tokens.textAt(index))) {
      close(index);
      return { items, closing: undefined };
    }
  }
  close(end);
  return { items, closing: undefined };
}

function argumentOf(tokens: PythonTokens, from: number, to: number): CallArgument {
  const isKeyword = tokens.isName(from) && tokens.isOperator(from + 1, '=') && !tokens.isOperator(from + 2, '=');
  return isKeyword ? { keyword: tokens.textAt(from), from: from + 2, to } : { keyword: undefined, from, to };
}

function isOneOf(tokens: PythonTokens, index: number, characters: string): boolean {
  const text = tokens.text[tokens.starts[index] ?? -1] ?? '';
  return characters.includes(text) && tokens.isOperator(index, text);
}

/** The argument of a keyword, else the one at a place. */
export function argumentNamed({ items }: CallArguments, keyword: string, position: number): CallArgument | undefined {
  const positional = items.filter((item) => item.keyword === undefined);
  return items.find((item) => item.keyword === keyword) ?? positional[position];
}
