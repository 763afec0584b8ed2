/** The command of a job whose expressions stand for what is known only when a run of it starts. */
import type { Template } from '../orchestration/template.ts';
import { plainScriptOf } from './plainScript.ts';

/** What an expression stands for: text as it is, or one word. A path is that, and may hold spaces. */
export type Meaning =
  | string
  | { readonly word: Template; readonly isPath: boolean }
  /** An optional input that nothing was given for. */
  | undefined;

/** What is run: a script of the source folder, or a line for the shell. */
export type RunnableTemplate =
  | { readonly script: string; readonly arguments: readonly Template[] }
  | { readonly command: Template };

const expressionPattern = /\$\{\{\s*([\w.-]+)\s*\}\}/g;
/** `$[[--rate ${{inputs.rate}}]]` is there only where its inputs are. */
const optionalPattern = /\$\[\[([\s\S]*?)\]\]/g;
const firstMark = 0xe000;

/**
 * A command with its expressions replaced.
 *
 * @param meaningOf is asked for each expression, as `inputs.rate`
 * @param folders are made before a line for the shell is run, relative to where it is
 */
export function commandTemplate(
  command: string,
  meaningOf: (expression: string) => Meaning,
  folders: readonly string[] = [],
): RunnableTemplate {
  const words: { readonly word: Template; readonly isPath: boolean }[] = [];
  const needed = command.replaceAll(optionalPattern, (_, part: string) => {
    const expressions = [...part.matchAll(expressionPattern)].map(([, expression = '']) => expression);
    return expressions.every((expression) => meaningOf(expression) !== undefined) ? part : '';
  });
  const marked = needed
    .replaceAll(expressionPattern, (_, expression: string) => {
      const meaning = meaningOf(expression) ?? '';
      return typeof meaning === 'string' ? meaning : String.fromCharCode(firstMark + words.push(meaning) - 1);
    })
    .trim();
  const wordAt = (character: string) => words[character.charCodeAt(0) - firstMark];
  const plain = folders.length === 0 ? plainScriptOf(marked) : undefined;
  if (plain !== undefined) {
    const toTemplate = (text: string): Template =>
      joined([...text].map((character) => wordAt(character)?.word ?? character));
    return { script: plain.script, arguments: plain.words.map(toTemplate) };
  }
  const parts: Template[] = folders.length === 0 ? [] : [`mkdir -p ${folders.join(' ')}\n`];
  let quote = '';
  for (const [index, character] of [...marked].entries()) {
    const found = wordAt(character);
    if (found !== undefined) {
      parts.push(...(found.isPath ? inShell(found.word, quote) : [found.word]));
      continue;
    }
    if ((character === '"' || character === "'") && marked[index - 1] !== '\\') {
      quote = quote === '' ? character : quote === character ? '' : quote;
    }
    parts.push(character);
  }
  return { command: joined(parts) };
}

/** A path within a line for the shell, as one word of just these characters. What is known only later is taken to hold none that mean something. */
function inShell(path: Template, quote: string): readonly Template[] {
  if (process.platform === 'win32') {
    // The shell there escapes nothing, and its paths have no such characters but those that divide them.
    return quote === '' ? ['"', path, '"'] : [path];
  }
  if (quote === "'") {
    return [typeof path === 'string' ? path.replaceAll("'", `'\\''`) : path];
  }
  const text = typeof path === 'string' ? path.replace(/[\\"$`]/g, '\\$&') : path;
  return quote === '"' ? [text] : ['"', text, '"'];
}

/** Texts that follow each other are one. */
function joined(parts: readonly Template[]): Template {
  const merged: Template[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') {
      merged[merged.length - 1] = last + part;
    } else {
      merged.push(part);
    }
  }
  const [only = ''] = merged;
  return merged.length > 1 ? { parts: merged } : only;
}
