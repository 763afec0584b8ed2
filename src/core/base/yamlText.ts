/** Text of YAML, of which JSON is a part, with the places of what stands in it. */
import { type Document, LineCounter, parseDocument } from 'yaml';

export interface ParsedYaml {
  readonly document: Document;
  readonly lines: LineCounter;
  /** Whether it is written as JSON is, in braces. */
  readonly isJson: boolean;
}

let latest: { readonly text: string; readonly parsed: ParsedYaml } | undefined;

/** Parses a text. The latest is kept, as an editor asks many things of one text: nobody may change the document. */
export function parseYamlText(text: string): ParsedYaml {
  if (latest?.text !== text) {
    latest = { text, parsed: parse(text) };
  }
  return latest.parsed;
}

function parse(text: string): ParsedYaml {
  const lines = new LineCounter();
  // JSON may be indented with tabs, which YAML takes for a mistake; in JSON they mean nothing.
  const isJson = /^\uFEFF?\s*\{/.test(text);
  const document = parseDocument(isJson ? text.replaceAll('\t', ' ') : text, {
    lineCounter: lines,
    prettyErrors: false,
  });
  return { document, lines, isJson };
}
