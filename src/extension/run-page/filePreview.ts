import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { parse } from 'csv-parse/sync';
import { decodeUtf8, incompleteTailLength } from '../../core/logs/utf8.ts';
import type { FilePreviewModel, TableModel } from '../../protocol/runPage.ts';
import type { WireScalar } from '../../protocol/wire.ts';

/** Of a longer file, the page shows the beginning. */
const mostBytes = 2 * 1024 * 1024;
/** A file with a NUL among its first bytes is no text. */
const probedBytes = 8 * 1024;
const separators: Readonly<Record<string, string>> = { '.csv': ',', '.tsv': '\t' };
const images = /\.(?:png|jpe?g|gif|svg|webp|bmp|ico|avif)$/i;

/**
 * What the page shows of a file.
 *
 * @param file its place on disk
 * @param uri the address under which the page may load it
 */
export async function previewFile(file: string, uri: string | undefined): Promise<FilePreviewModel> {
  if (images.test(file) && uri !== undefined) {
    return { kind: 'image', uri };
  }
  const { bytes, size } = await readStart(file);
  if (bytes.subarray(0, probedBytes).includes(0)) {
    return { kind: 'binary' };
  }
  const isCut = size > bytes.length;
  const text = decodeUtf8(bytes.subarray(0, bytes.length - (isCut ? incompleteTailLength(bytes) : 0)));
  const separator = separators[extname(file).toLowerCase()];
  const table = separator === undefined ? undefined : readTable(isCut ? withoutLastLine(text) : text, separator);
  return table === undefined ? { kind: 'text', text, isCut } : { kind: 'table', table, isCut };
}

async function readStart(file: string): Promise<{ bytes: Buffer; size: number }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(size, mostBytes));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return { bytes: buffer.subarray(0, bytesRead), size };
  } finally {
    await handle.close();
  }
}

function withoutLastLine(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

/** Undefined for what only calls itself a table: it is shown as text. */
function readTable(text: string, delimiter: string): TableModel | undefined {
  let records: string[][];
  try {
    records = parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    });
  } catch {
    return undefined;
  }
  const [header, ...rows] = records;
  if (header === undefined) {
    return undefined;
  }
  const width = rows.reduce((most, row) => Math.max(most, row.length), header.length);
  const columns = Array.from({ length: width }, (_, index) => header[index] || `column ${index + 1}`);
  const isNumeric = columns.map((_, index) => rows.every((row) => isEmptyOrNumber(row[index] ?? '')));
  return {
    columns,
    rows: rows.map((row) =>
      columns.map((_, index): WireScalar => {
        const value = row[index] ?? '';
        return value === '' ? null : isNumeric[index] ? Number(value) : value;
      }),
    ),
  };
}

/** Numbers that are codes, as `007`, stay text. */
function isEmptyOrNumber(value: string): boolean {
  return value === '' || /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value);
}
