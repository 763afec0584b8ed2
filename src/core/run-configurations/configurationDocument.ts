import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { RunledgerError } from '../base/errors.ts';

type Path = readonly string[];

/**
 * A run configuration's text, YAML or JSON, read by key. Every complaint names the file, the line and the column.
 *
 * Scalars are given as they are written, so that `1.0` among a script's arguments stays `1.0`.
 */
export class ConfigurationDocument {
  private readonly label: string;
  private readonly lines: LineCounter;
  private readonly parsed: Document;

  private constructor(label: string, lines: LineCounter, parsed: Document) {
    this.label = label;
    this.lines = lines;
    this.parsed = parsed;
  }

  /**
   * @param label names the file in messages
   * @throws RunledgerError `invalid-run-configuration`
   */
  static parse(text: string, label: string): ConfigurationDocument {
    const lines = new LineCounter();
    // JSON may be indented with tabs, which YAML takes for a mistake; in JSON they mean nothing.
    const isJson = /^\uFEFF?\s*\{/.test(text);
    const parsed = parseDocument(isJson ? text.replaceAll('\t', ' ') : text, {
      lineCounter: lines,
      prettyErrors: false,
    });
    const root = parsed.contents;
    const document = new ConfigurationDocument(label, lines, parsed);
    const [problem] = parsed.errors;
    if (problem !== undefined) {
      throw document.errorAt(problem.pos[0], sentence(problem.message));
    }
    if (root !== null && !isMap(root) && !(isScalar(root) && root.value === null)) {
      throw document.error([], 'A run configuration is a set of keys with values, such as "target: local".');
    }
    return document;
  }

  /** The error for the value at `path`, or for the whole where there is none. */
  error(path: Path, message: string): RunledgerError {
    return this.errorAt(this.node(path)?.range?.[0] ?? 0, message);
  }

  private errorAt(offset: number, message: string): RunledgerError {
    const { line, col } = this.lines.linePos(offset);
    return new RunledgerError(
      'invalid-run-configuration',
      `${this.label}, line ${Math.max(line, 1)}, column ${Math.max(col, 1)}: ${message}`,
      { advice: 'Correct the file, or choose another run configuration.' },
    );
  }

  private node(path: Path): Node | undefined {
    let node: unknown = this.parsed.contents;
    for (const key of path) {
      node = isMap(node) ? this.resolved(node.get(key, true)) : undefined;
    }
    return node === undefined || node === null ? undefined : (node as Node);
  }

  /** What `*name` stands for; anything else is itself. */
  private resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.parsed) : node;
  }

  /** Whether the path leads to something that is not null. */
  has(path: Path): boolean {
    const node = this.node(path);
    return node !== undefined && !(isScalar(node) && node.value === null);
  }

  /** Whether the path leads to a list or a map with something in it. */
  hasEntries(path: Path): boolean {
    const node = this.node(path);
    return (isMap(node) || isSeq(node)) && node.items.length > 0;
  }

  /** The keys of the map that the path leads to; none where there is none. */
  keys(path: Path): readonly string[] {
    const node = this.node(path);
    return isMap(node) ? node.items.map(({ key }) => scalarText(key) ?? '') : [];
  }

  isList(path: Path): boolean {
    return isSeq(this.node(path));
  }

  /** What the path leads to as plain values, numbers as numbers; null where there is nothing. */
  value(path: Path): unknown {
    const value: unknown = this.node(path)?.toJS(this.parsed);
    return value ?? null;
  }

  string(path: Path): string | undefined {
    if (!this.has(path)) {
      return undefined;
    }
    const text = scalarText(this.node(path));
    if (text === undefined) {
      throw this.error(path, `"${path.join('.')}" must be text.`);
    }
    return text;
  }

  boolean(path: Path): boolean | undefined {
    const text = this.string(path);
    // The spellings of YAML 1.1, which the tools that wrote these files used.
    switch (text?.toLowerCase()) {
      case undefined:
        return undefined;
      case 'true':
      case 'yes':
      case 'on':
        return true;
      case 'false':
      case 'no':
      case 'off':
        return false;
      default:
        throw this.error(path, `"${path.join('.')}" must be true or false, and is "${text}".`);
    }
  }

  /** A whole number of `minimum` or more. */
  integer(path: Path, minimum: number): number | undefined {
    const text = this.string(path);
    if (text === undefined) {
      return undefined;
    }
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < minimum) {
      throw this.error(path, `"${path.join('.')}" must be a whole number of at least ${minimum}, and is "${text}".`);
    }
    return value;
  }

  strings(path: Path): string[] {
    const node = this.node(path);
    if (!this.has(path)) {
      return [];
    }
    if (!isSeq(node)) {
      throw this.error(path, `"${path.join('.')}" must be a list.`);
    }
    return node.items.map((item) => {
      const text = scalarText(this.resolved(item));
      if (text === undefined) {
        const offset = (item as Node | null)?.range?.[0] ?? node.range?.[0] ?? 0;
        throw this.errorAt(offset, `"${path.join('.')}" must hold texts and numbers alone.`);
      }
      return text;
    });
  }

  /** A map of texts. A key without a value is an empty text. */
  stringMap(path: Path): Record<string, string> {
    const node = this.node(path);
    const result: Record<string, string> = {};
    if (!this.has(path)) {
      return result;
    }
    if (!isMap(node)) {
      throw this.error(path, `"${path.join('.')}" must be a set of keys with values.`);
    }
    for (const { key, value } of node.items) {
      const name = scalarText(key);
      const text = value === null || (isScalar(value) && value.value === null) ? '' : scalarText(this.resolved(value));
      if (name === undefined || text === undefined) {
        const offset = ((value ?? key) as Node | null)?.range?.[0] ?? node.range?.[0] ?? 0;
        throw this.errorAt(offset, `"${path.join('.')}" must hold texts and numbers alone.`);
      }
      result[name] = text;
    }
    return result;
  }
}

/** A scalar as it is written: undefined for null and for what is no scalar. */
function scalarText(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null || node.value === undefined) {
    return undefined;
  }
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

function sentence(message: string): string {
  const first = message.split('\n', 1)[0] ?? message;
  return first.endsWith('.') ? first : `${first}.`;
}
