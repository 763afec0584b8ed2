import { RunledgerError } from '../../core/base/errors.ts';

/**
 * Splits a line into arguments as a POSIX shell splits words: quotes and backslashes work, nothing is expanded (no
 * variables, globs, operators or comments), so what is typed is what the script gets.
 *
 * @throws RunledgerError `invalid-argument` where a quote is not closed.
 */
export function splitArguments(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let i = 0; i < line.length; i++) {
    const char = line.charAt(i);
    if (char === "'" || char === '"') {
      const quoted = readQuoted(line, i);
      word = (word ?? '') + quoted.text;
      i = quoted.end;
    } else if (char === '\\') {
      i++;
      // A backslash before a line's end joins the two lines.
      word = line.charAt(i) === '\n' ? word : (word ?? '') + (line.charAt(i) || '\\');
    } else if (/[ \t\r\n]/.test(char)) {
      if (word !== undefined) {
        words.push(word);
        word = undefined;
      }
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) {
    words.push(word);
  }
  return words;
}

/** Reads the quoted text that opens at `start`; `end` is the place of the closing quote. */
function readQuoted(line: string, start: number): { text: string; end: number } {
  const quote = line.charAt(start);
  let text = '';
  for (let i = start + 1; i < line.length; i++) {
    const char = line.charAt(i);
    if (char === quote) {
      return { text, end: i };
    }
    const next = line.charAt(i + 1);
    if (quote === '"' && char === '\\' && next !== '' && '"\\$`\n'.includes(next)) {
      text += next === '\n' ? '' : next;
      i++;
    } else {
      text += char;
    }
  }
  throw new RunledgerError(
    'invalid-argument',
    `The quote ${quote} that opens at character ${start + 1} is not closed.`,
    {
      advice: 'Close it, or write a backslash before it.',
    },
  );
}

/** The line that {@link splitArguments} takes apart into `words` again. */
export function joinArguments(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
