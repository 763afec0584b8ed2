/** Names that a module gives a text once, and nothing else anywhere: `LOSS = "loss"`. */
import { tokenize } from './pythonTokens.ts';
import { literalText } from './stringLiteral.ts';
import { wordPlaces } from './wordPlaces.ts';

/** Between a dot and the name behind it. */
const longestGap = 200;

export class ModuleConstants {
  private readonly text: string;
  private readonly known = new Map<string, string | undefined>();

  constructor(text: string) {
    this.text = text;
  }

  /** The text that a name always stands for; undefined where that is not known before the program runs. */
  valueOf(name: string): string | undefined {
    if (!this.known.has(name)) {
      this.known.set(name, this.find(name));
    }
    return this.known.get(name);
  }

  private find(name: string): string | undefined {
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
      return undefined;
    }
    // Most names are given nothing at the left margin: that is told without a look at every word.
    if (!new RegExp(`^${name}[ \\t]*[:=]`, 'mu').test(this.text)) {
      return undefined;
    }
    const bindings = wordPlaces(this.text, [name]).filter((place) => this.mayBind(place, name));
    const [only, ...others] = bindings;
    return only !== undefined && others.length === 0 ? this.assignedAt(only) : undefined;
  }

  /** Whether a name may get a value at a place. What only looks so keeps the name from being known, and does no harm. */
  private mayBind(place: number, name: string): boolean {
    const lineStart = this.text.lastIndexOf('\n', place - 1) + 1;
    const newline = this.text.indexOf('\n', place);
    const before = this.text.slice(lineStart, place);
    const after = this.text.slice(place + name.length, newline === -1 ? undefined : newline);
    if (/\.[\s\\]*$/.test(this.text.slice(Math.max(0, place - longestGap), place))) {
      return false;
    }
    return (
      /^\s*(?::[^=]*)?(?:[-+*/%&|^@]|\/\/|\*\*|<<|>>)?=(?!=)/.test(after) ||
      (/^[\w\s,*]*$/.test(before) && /^\s*,[\w\s,*]*=(?!=)/.test(after)) ||
      /\b(?:for|as|import|global|nonlocal|del|class|case)\b[\w\s,.()*]*$/.test(before) ||
      /\b(?:def\b[^\n]*|lambda\b[^:\n]*)$/.test(before)
    );
  }

  private assignedAt(place: number): string | undefined {
    if (place > 0 && this.text[place - 1] !== '\n') {
      return undefined;
    }
    // To the next line, or to what follows a semicolon.
    const tokens = tokenize(this.text, place, (read) => {
      const last = read.length - 1;
      return last > 0 && (read.isFirstOfLine(last) || read.isOperator(last, ';'));
    });
    const last = tokens.length - 1;
    const hasMore = last > 0 && (tokens.isFirstOfLine(last) || tokens.isOperator(last, ';'));
    const end = hasMore ? last : tokens.length;
    for (let index = 1; index < end; index++) {
      if (tokens.isOperator(index, '=')) {
        return literalText(tokens, index + 1, end);
      }
    }
    return undefined;
  }
}
