/** The rows of a table of runs as CSV (RFC 4180, UTF-8, lines end with `\n`). */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import { fileError } from '../base/errors.ts';
import type { RunCatalog } from '../catalog/runCatalog.ts';
import type { Scalar } from '../domain/metric.ts';
import type { Field } from '../run-query/query.ts';
import { randomHex } from '../store/atomicFile.ts';

export interface RunRowsCsvRequest {
  /** Keys of the index, in the order of the lines. */
  readonly runs: readonly number[];
  readonly columns: readonly { readonly label: string; readonly field: Field }[];
}

/** Rows that are in memory at a time. */
const rowsAtOnce = 500;

/**
 * Writes a file, which appears whole. Numbers have all their digits; `NaN`, `Infinity` and `-Infinity` are written so; what a run
 * does not have is empty.
 *
 * @throws RunledgerError `not-writable`, `disk-full`
 */
export async function writeRunRowsCsv(
  catalog: Pick<RunCatalog, 'runRows'>,
  request: RunRowsCsvRequest,
  file: string,
): Promise<void> {
  const staged = join(dirname(file), `.${basename(file)}.${randomHex(4)}.tmp`);
  try {
    await pipeline(Readable.from(pieces(catalog, request)), createWriteStream(staged));
    await rename(staged, file);
  } catch (error) {
    await rm(staged, { force: true });
    throw fileError(error, 'write the file', file);
  }
}

async function* pieces(catalog: Pick<RunCatalog, 'runRows'>, request: RunRowsCsvRequest): AsyncGenerator<string> {
  yield stringify([request.columns.map(({ label }) => label)]);
  const columns = request.columns.map(({ field }) => field);
  for (let start = 0; start < request.runs.length; start += rowsAtOnce) {
    const rows = await catalog.runRows({ runs: request.runs.slice(start, start + rowsAtOnce), columns });
    yield stringify(rows.map(({ values }) => values.map(textOf)));
  }
}

function textOf(value: Scalar | null): string {
  return value === null ? '' : String(value);
}
