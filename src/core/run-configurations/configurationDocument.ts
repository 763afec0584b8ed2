import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import { RunledgerError } from '../base/errors.ts';
import { parseYamlText } from '../base/yamlText.ts';
import type { RunConfigurationPath } from './runConfigurationSchema.ts';

type Path = RunConfigurationPath;

/** What is wrong with a run configuration, and which characters of its text it is about. */
export class ConfigurationError extends RunledgerError {
  /** The message without the place, which an editor shows by itself. */
  readonly problem: string;
  readonly start: number;
  readonly end: number;

  constructor(label: string, place: { line: number; col: number }, span: readonly [number, number], problem: string) {
    super(
      'invalid-run-configuration',
      `${label}, line ${Math.max(place.line, 1)}, column ${Math.max(place.col, 1)}: ${problem}`,
      { advice: 'Correct the file, or choose another run configuration.' },
    );
    this.problem = problem;
    [this.start, this.end] = span;
  }
}

/**
 * A run configuration's text, YAML or JSON, read by key. What cannot be used is kept as a problem that names the file, the line and the
 * column, and counts as absent, so that one reading finds every problem.
 *
 * Scalars are given as they are written, so that `1.0` among a script's arguments stays `1.0`.
 */
export class ConfigurationDocument {
  private readonly found: ConfigurationError[] = [];
  private readonly label: string;
  private readonly lines: LineCounter;
  private readonly parsed: Document;

  private constructor(label: string, lines: LineCounter, parsed: Document) {
    this.label = label;
    this.lines = lines;
    this.parsed = parsed;
  }

  /** @param label names the file in messages */
  static parse(text: string, label: string): ConfigurationDocument {
    const { document: parsed, lines } = parseYamlText(text);
    const root = parsed.contents;
    const document = new ConfigurationDocument(label, lines, parsed);
    const [first] = parsed.errors;
    if (first !== undefined) {
      // What a parser says after the first mistake is mostly about the same one.
      document.complainAt(first.pos, sentence(first.message));
    } else if (root !== null && !isMap(root) && !(isScalar(root) && root.value === null)) {
      document.complain([], 'A run configuration is a set of keys with values, such as "target: local".');
    }
    return document;
  }

  /** In the order in which they were met, one for each place. Of a text that is no YAML, why it is none. */
  get problems(): readonly ConfigurationError[] {
    return this.parsed.errors.length > 0
      ? this.found.slice(0, 1)
      : this.found.filter(({ start }, index) => this.found.findIndex((other) => other.start === start) === index);
  }

  /** Keeps a problem of the value at `path`, or of the whole where there is none. */
  complain(path: Path | readonly [], message: string): void {
    this.complainAt(spanOf(this.node(path)), message);
  }

  private complainAt(span: readonly [number, number], message: string): void {
    this.found.push(new ConfigurationError(this.label, this.lines.linePos(span[0]), span, message));
  }

  private node(path: Path | readonly []): Node | undefined {
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
      this.complain(path, `"${path.join('.')}" must be text.`);
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
        this.complain(path, `"${path.join('.')}" must be true or false, and is "${text}".`);
        return undefined;
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
      this.complain(path, `"${path.join('.')}" must be a whole number of at least ${minimum}, and is "${text}".`);
      return undefined;
    }
    return value;
  }

  strings(path: Path): string[] {
    const node = this.node(path);
    if (!this.has(path)) {
      return [];
    }
    if (!isSeq(node)) {
      this.complain(path, `"${path.join('.')}" must be a list.`);
      return [];
    }
    return node.items.flatMap((item) => {
      const text = scalarText(this.resolved(item));
      if (text === undefined) {
        this.complainAt(
          spanOf((item as Node | null) ?? node),
          `"${path.join('.')}" must hold texts and numbers alone.`,
        );
      }
      return text ?? [];
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
      this.complain(path, `"${path.join('.')}" must be a set of keys with values.`);
      return result;
    }
    for (const { key, value } of node.items) {
      const name = scalarText(key);
      const text = value === null || (isScalar(value) && value.value === null) ? '' : scalarText(this.resolved(value));
      if (name === undefined || text === undefined) {
        this.complainAt(
          spanOf(((value ?? key) as Node | null) ?? node),
          `"${path.join('.')}" must hold texts and numbers alone.`,
        );
        continue;
      }
      result[name] = text;
    }
    return result;
  }
}

/** From the first character of a node to behind its last one, without the spaces that follow. */
function spanOf(node: Node | undefined): readonly [number, number] {
  return node?.range ? [node.range[0], node.range[1]] : [0, 0];
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
