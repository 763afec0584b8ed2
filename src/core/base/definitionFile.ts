/** Definitions in files of YAML, or JSON, which is YAML too. */
import * as v from 'valibot';
import { type Document, isNode, LineCounter, type Node, parseDocument } from 'yaml';
import { RunledgerError } from './errors.ts';

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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const errorAt = (offset: number, message: string): RunledgerError => {
    const { line, col } = lines.linePos(offset);
    const place = `${label}, line ${Math.max(line, 1)}, column ${Math.max(col, 1)}`;
    return new RunledgerError('invalid-argument', `${place}: ${message.replace(/\.$/, '')}.`, {
      advice: 'Correct the file.',
    });
  };
  const [problem] = document.errors;
  if (problem !== undefined) {
    throw errorAt(problem.pos[0], problem.message.split('\n', 1)[0] ?? problem.message);
  }
  const result = v.safeParse(schema, document.toJS());
  if (result.success) {
    return result.output;
  }
  const [issue] = result.issues;
  const path = issue.path?.map(({ key }) => key) ?? [];
  throw errorAt(offsetOf(document, path), [v.getDotPath(issue), issue.message].filter(Boolean).join(': '));
}

/** Where the value at a path begins; of one that is missing, what it is missing from. */
function offsetOf(document: Document, path: readonly unknown[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node)) {
      return (node as Node).range?.[0] ?? 0;
    }
  }
  return 0;
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
