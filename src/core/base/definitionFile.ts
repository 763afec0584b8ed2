/** Definitions in files of YAML, or JSON, which is YAML too. */
import * as v from 'valibot';
import { type Document, isMap, isNode, isScalar, type Node } from 'yaml';
import { RunledgerError } from './errors.ts';
import { parseYamlText } from './yamlText.ts';

/** Something that keeps a definition from being used, and which characters of its text it is about. */
export interface DefinitionProblem {
  readonly start: number;
  readonly end: number;
  /** Without a full stop. */
  readonly message: string;
}

/** Thrown by whoever finds out what a definition means: something at a place of it keeps it from being used. */
export class DefinitionRefusal extends Error {
  override readonly name = 'DefinitionRefusal';
  readonly path: readonly (string | number)[];
  readonly isAboutKey: boolean;

  /**
   * @param problem a sentence without a full stop
   * @param isAboutKey whether the key is at fault, and not its value
   */
  constructor(path: readonly (string | number)[], problem: string, isAboutKey = false) {
    super(problem);
    this.path = path;
    this.isAboutKey = isAboutKey;
  }
}

/**
 * The content of a file in the form that `schema` describes.
 *
 * @param label names the file in messages
 * @throws RunledgerError `invalid-argument` with line and column
 */
export function parseDefinitionFile<TSchema extends v.GenericSchema>(
  schema: TSchema,
  text: string,
  label: string,
): v.InferOutput<TSchema> {
  return translateDefinitionFile(schema, text, label, (output) => output);
}

/**
 * What `translate` makes of the content of a file.
 *
 * @param translate may throw {@link DefinitionRefusal}
 * @throws RunledgerError `invalid-argument` with line and column
 */
export function translateDefinitionFile<TSchema extends v.GenericSchema, T>(
  schema: TSchema,
  text: string,
  label: string,
  translate: (content: v.InferOutput<TSchema>) => T,
): T {
  const read = readDefinition(schema, text, translate);
  if ('output' in read) {
    return read.output;
  }
  const { start, message } = read.problems[0];
  const { line, col } = parseYamlText(text).lines.linePos(start);
  throw new RunledgerError(
    'invalid-argument',
    `${label}, line ${Math.max(line, 1)}, column ${Math.max(col, 1)}: ${message}.`,
    { advice: 'Correct the file.' },
  );
}

/** Everything that {@link parseDefinitionFile}, or {@link translateDefinitionFile}, would refuse a text for. */
export function definitionProblems<TSchema extends v.GenericSchema>(
  schema: TSchema,
  text: string,
  translate: (content: v.InferOutput<TSchema>) => unknown = () => undefined,
): readonly DefinitionProblem[] {
  const read = readDefinition(schema, text, translate);
  return 'output' in read ? [] : read.problems;
}

function readDefinition<TSchema extends v.GenericSchema, T>(
  schema: TSchema,
  text: string,
  translate: (content: v.InferOutput<TSchema>) => T,
): { output: T } | { problems: readonly [DefinitionProblem, ...DefinitionProblem[]] } {
  const { document } = parseYamlText(text);
  const [mistake] = document.errors;
  if (mistake !== undefined) {
    const [start, end] = mistake.pos;
    return { problems: [{ start, end, message: withoutStop(mistake.message.split('\n', 1)[0] ?? mistake.message) }] };
  }
  const result = v.safeParse(schema, document.toJS());
  if (result.success) {
    try {
      return { output: translate(result.output) };
    } catch (error) {
      if (!(error instanceof DefinitionRefusal)) {
        throw error;
      }
      const { path, message, isAboutKey } = error;
      return { problems: [{ ...spanAt(document, path, isAboutKey), message: [path.join('.'), message].join(': ') }] };
    }
  }
  const [first, ...others] = result.issues;
  const problemOf = (issue: v.BaseIssue<unknown>): DefinitionProblem => {
    const path = issue.path?.map(({ key }) => key) ?? [];
    const isMissing = issue.received === 'undefined' && issue.type.endsWith('object');
    const problem = isMissing ? 'is missing' : withoutStop(issue.message);
    const message = [v.getDotPath(issue), problem].filter(Boolean).join(': ');
    return { ...spanAt(document, path, issue.expected === 'never'), message };
  };
  return { problems: [problemOf(first), ...others.map(problemOf)] };
}

function withoutStop(message: string): string {
  return message.replace(/\.$/, '');
}

/** The key or value at a path; of one that is missing, the key (or the start) of what it is missing from. */
function spanAt(document: Document, path: readonly unknown[], isKey: boolean): { start: number; end: number } {
  for (let length = path.length; length >= 0; length--) {
    const isWhole = length === path.length;
    const parent: unknown = document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path[length - 1]))
      : undefined;
    const node: unknown =
      (isWhole && isKey) || (!isWhole && pair !== undefined)
        ? pair?.key
        : length === 0
          ? document.contents
          : document.getIn(path.slice(0, length), true);
    const { range } = isNode(node) ? (node as Node) : { range: undefined };
    if (range) {
      // Of a whole file, where it begins is enough.
      return { start: range[0], end: isWhole || pair !== undefined ? range[1] : range[0] };
    }
  }
  return { start: 0, end: 0 };
}

/** A text that is compared whatever its case and separators: `BanditPolicy`, `bandit_policy`. */
export const plainWord = v.pipe(
  v.string('must be a text'),
  v.transform((text) => text.toLowerCase().replace(/[^a-z]/g, '')),
);

/** A field that may be left out, or have no value. */
export function optionalField<TSchema extends v.GenericSchema>(schema: TSchema) {
  return v.optional(
    v.pipe(
      v.nullable(schema),
      v.transform((value) => value ?? undefined),
    ),
  );
}
