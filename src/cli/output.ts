/** The three ways in which a command shows its result: `-o json`, `-o table` and `-o tsv`. */
import { type Command, Option } from 'commander';
import { type CliContext, writeLine } from './context.ts';
import { oneLine, tableText } from './text.ts';

const outputFormats = ['table', 'json', 'tsv'] as const;
export type OutputFormat = (typeof outputFormats)[number];

export function outputOption(): Option {
  return new Option('-o, --output <format>', 'how to show the result (default: table)').choices(outputFormats);
}

/** The `-o` of a command, given before or after its name. */
export function outputFormat(command: Command): OutputFormat {
  for (let level: Command | null = command; level !== null; level = level.parent) {
    const value: unknown = level.opts().output;
    const format = outputFormats.find((candidate) => candidate === value);
    if (format !== undefined) {
      return format;
    }
  }
  return 'table';
}

export interface ListOutput {
  /** What `-o json` shows. */
  readonly items: readonly object[];
  /** The keys of the items that `-o tsv` shows, in the order of its columns. */
  readonly columns: readonly string[];
  readonly headings: readonly string[];
  readonly rows: () => readonly (readonly string[])[];
  /** In place of an empty table. */
  readonly whenEmpty: string;
}

export function writeList(context: CliContext, command: Command, list: ListOutput): void {
  switch (outputFormat(command)) {
    case 'json':
      writeJson(context.stdout, list.items);
      break;
    case 'tsv':
      for (const item of list.items) {
        writeLine(context.stdout, tsvLine(item, list.columns));
      }
      break;
    case 'table':
      writeLine(context.stdout, list.items.length === 0 ? list.whenEmpty : tableText(list.headings, list.rows()));
      break;
  }
}

/** Shows one thing. The columns of `-o tsv` are the keys of the item. */
export function writeItem(context: CliContext, command: Command, item: object, text: () => string): void {
  switch (outputFormat(command)) {
    case 'json':
      writeJson(context.stdout, item);
      break;
    case 'tsv':
      writeLine(context.stdout, tsvLine(item, Object.keys(item)));
      break;
    case 'table':
      writeLine(context.stdout, text());
      break;
  }
}

export function writeJson(stream: NodeJS.WritableStream, value: unknown): void {
  writeLine(stream, JSON.stringify(value, null, 2));
}

/** One line for one item. A text has neither tabs nor line ends, so that columns stay columns. */
export function tsvLine(item: object, columns: readonly string[]): string {
  const values = new Map<string, unknown>(Object.entries(item));
  return columns.map((column) => tsvValue(values.get(column))).join('\t');
}

function tsvValue(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  return oneLine(typeof value === 'object' ? JSON.stringify(value) : String(value));
}
