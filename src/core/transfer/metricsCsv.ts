/** The metrics of runs as CSV (RFC 4180, UTF-8, lines end with `\n`). */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import { fileError, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import type { MetricKind, Scalar } from '../domain/metric.ts';
import { randomHex } from '../store/atomicFile.ts';
import { RunReader } from '../store/runReader.ts';
import { findExperimentOfRun, runFolder } from '../store/storeLayout.ts';
import { SpooledRun } from './spooledRun.ts';
import { StepRows } from './stepRows.ts';
import { assertGoingOn, type TransferOptions } from './transferProgress.ts';

/** `long`: a line for each point; `wide`: a line for each step of a run, a column for each metric. */
export type CsvLayout = 'long' | 'wide';

export interface MetricsCsvRequest extends TransferOptions {
  readonly workspaceFolder: string;
  readonly runIds: readonly string[];
  /** Default: all. */
  readonly metrics?: readonly string[];
  readonly layout: CsvLayout;
}

export interface MetricsCsvResult {
  /** Lines after the headings. */
  readonly rowCount: number;
  /** Sentences for a person. */
  readonly leftOut: readonly string[];
}

/** Of text that is handed over at a time. */
const pieceCharacters = 64 * 1024;
const stopped = 'The export was stopped.';
const longColumns = ['run', 'metric', 'step', 'time', 'value'] as const;

/**
 * Writes metrics to a stream, which stays open, as fast as it is read. Points are spooled to a temporary file, and memory does not grow
 * with them, unless they have to be put in order.
 *
 * Steps are those that were logged, else the place from 0; times are ISO 8601, UTC, to the microsecond; numbers have all their
 * digits, and `NaN`, `Infinity` and `-Infinity` are written so. In the wide form the last value of a step counts, and lines are in
 * the order of steps. Tables are no series, and are left out.
 *
 * @throws RunledgerError `not-found` for a run that is not there, `unreadable`, `newer-format`, `canceled`; the stream's own error
 */
export async function writeMetricsCsv(
  request: MetricsCsvRequest,
  output: NodeJS.WritableStream,
): Promise<MetricsCsvResult> {
  const counter = { rowCount: 0, leftOut: [] as string[] };
  const lines = request.layout === 'long' ? longLines(request, counter) : wideLines(request, counter);
  await pipeline(inPieces(lines, request.signal), output, { end: false });
  return counter;
}

/** The same into a file, which appears whole or not at all. Throws also `already-exists`, `not-writable`, `disk-full`. */
export async function writeMetricsCsvFile(
  request: MetricsCsvRequest,
  target: { readonly file: string; readonly isReplacing?: boolean },
): Promise<MetricsCsvResult> {
  const file = resolve(target.file);
  if (target.isReplacing !== true && (await pathExists(file))) {
    throw new RunledgerError('already-exists', `${file} is there already.`, { advice: 'Choose another name.' });
  }
  const temporary = join(dirname(file), `.${basename(file).slice(0, 60)}.${randomHex(4)}.tmp`);
  try {
    await mkdir(dirname(file), { recursive: true });
    const stream = createWriteStream(temporary, { flags: 'wx' });
    const closed = new Promise<void>((done, fail) => stream.once('close', done).once('error', fail));
    // The writing fails with it, and is waited for first.
    closed.catch(() => {});
    try {
      const result = await writeMetricsCsv(request, stream);
      stream.end();
      await closed;
      await rename(temporary, file);
      return result;
    } finally {
      stream.destroy();
      // It may only now be there: then it would be left.
      await closed.catch(() => {});
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileError(error, 'write the metrics', file);
  }
}

interface Counter {
  rowCount: number;
  leftOut: string[];
}

/** The lines of each run are made as they are asked for, one or many in a text. */
type Lines = AsyncGenerator<Iterable<string>>;

async function* longLines(request: MetricsCsvRequest, counter: Counter): Lines {
  yield [lineOf(longColumns)];
  for (const [index, runId] of request.runIds.entries()) {
    tell(request, index / request.runIds.length);
    const spooled = await spooledRun(request, runId);
    if (spooled === undefined) {
      yield* linesInOrder(request, runId, counter);
      continue;
    }
    try {
      for (const metric of seriesAmong(spooled.kinds(), counter, runId)) {
        counter.rowCount += spooled.count(metric);
        for await (const text of spooled.text(metric)) {
          yield [text];
        }
      }
    } finally {
      await spooled.dispose();
    }
  }
}

/** Reads a run without holding it; undefined where its points have to be put in order first. */
async function spooledRun(request: MetricsCsvRequest, runId: string): Promise<SpooledRun | undefined> {
  const { metrics, signal } = request;
  const beginnings = new Map<string, string>();
  const beginningOf = (metric: string): string => {
    const known = beginnings.get(metric) ?? `${quoted(runId)},${quoted(metric)}`;
    beginnings.set(metric, known);
    return known;
  };
  const timeText = new TimeText();
  return await SpooledRun.read(
    (await folderOf(request, runId)).folder,
    (metric) => metrics === undefined || metrics.includes(metric),
    (metric, { x, time, value }) => `${beginningOf(metric)},${x},${timeText.of(time)},${cellOf(value)}\n`,
    () => assertGoingOn(signal, stopped),
  );
}

async function* linesInOrder(request: MetricsCsvRequest, runId: string, counter: Counter): Lines {
  const run = await openRun(request, runId);
  for (const metric of seriesOf(run, request, counter, runId)) {
    yield linesOfSeries(run, runId, metric, counter);
  }
}

function* linesOfSeries(run: RunReader, runId: string, metric: string, counter: Counter): Generator<string> {
  const beginning = `${quoted(runId)},${quoted(metric)}`;
  const timeText = new TimeText();
  for (const { x, time, value } of run.metrics.eachPoint(metric)) {
    counter.rowCount++;
    yield `${beginning},${x},${timeText.of(time)},${cellOf(value)}\n`;
  }
}

async function* wideLines(request: MetricsCsvRequest, counter: Counter): Lines {
  const columns = new Set<string>();
  const count = request.runIds.length;
  for (const [index, runId] of request.runIds.entries()) {
    tell(request, index / count / 2);
    for (const metric of await seriesNames(request, runId, counter)) {
      columns.add(metric);
    }
  }
  yield [lineOf(['run', 'step', ...columns])];
  const metrics = [...columns];
  for (const [index, runId] of request.runIds.entries()) {
    tell(request, 0.5 + index / count / 2);
    const { folder } = await folderOf(request, runId);
    const steps = await StepRows.read(
      folder,
      (metric) => columns.has(metric),
      cellOf,
      () => assertGoingOn(request.signal, stopped),
    );
    if (steps === undefined) {
      yield linesOfSteps(await openRun(request, runId), runId, metrics, counter);
      continue;
    }
    try {
      const beginning = quoted(runId);
      for await (const rows of steps.rows(metrics)) {
        counter.rowCount += rows.length;
        yield rows.map(({ x, cells }) => `${beginning},${x},${cells.join(',')}\n`);
      }
    } finally {
      await steps.dispose();
    }
  }
}

/** The series of a run, without holding its points where they are in order. */
async function seriesNames(request: MetricsCsvRequest, runId: string, counter: Counter): Promise<readonly string[]> {
  const { metrics, signal } = request;
  const spooled = await SpooledRun.read(
    (await folderOf(request, runId)).folder,
    (metric) => metrics === undefined || metrics.includes(metric),
    () => '',
    () => assertGoingOn(signal, stopped),
  );
  if (spooled === undefined) {
    return seriesOf(await openRun(request, runId), request, counter, runId);
  }
  await spooled.dispose();
  return seriesAmong(spooled.kinds(), counter, runId);
}

function* linesOfSteps(run: RunReader, runId: string, columns: readonly string[], counter: Counter): Generator<string> {
  const rows = new Map<number, string[]>();
  for (const [place, metric] of columns.entries()) {
    for (const { x, value } of run.metrics.eachPoint(metric)) {
      const row = rows.get(x) ?? Array.from(columns, () => '');
      row[place] = cellOf(value);
      rows.set(x, row);
    }
  }
  for (const [x, row] of [...rows].sort(([a], [b]) => a - b)) {
    counter.rowCount++;
    yield `${quoted(runId)},${x},${row.join(',')}\n`;
  }
}

/** Lines in larger pieces: handing over each by itself would take most of the time. */
async function* inPieces(parts: Lines, signal: AbortSignal | undefined): AsyncGenerator<string> {
  let piece = '';
  for await (const lines of parts) {
    for (const line of lines) {
      piece += line;
      if (piece.length > pieceCharacters) {
        yield piece;
        piece = '';
        assertGoingOn(signal, stopped);
      }
    }
  }
  yield piece;
}

function tell(request: MetricsCsvRequest, fraction: number): void {
  assertGoingOn(request.signal, stopped);
  request.onProgress?.('Writing metrics', fraction);
}

async function folderOf(
  { workspaceFolder }: MetricsCsvRequest,
  runId: string,
): Promise<{ readonly folder: string; readonly experimentKey: string }> {
  const experimentKey = await findExperimentOfRun(workspaceFolder, runId);
  if (experimentKey === undefined) {
    throw new RunledgerError('not-found', `There is no run ${runId} in ${workspaceFolder}.`, {
      advice: 'Check the id; `runledger run list` shows the runs.',
    });
  }
  return { folder: runFolder(workspaceFolder, experimentKey, runId), experimentKey };
}

async function openRun(request: MetricsCsvRequest, runId: string): Promise<RunReader> {
  const run = await RunReader.open({ ...(await folderOf(request, runId)), withMetrics: true });
  await run.refresh();
  return run;
}

const seriesKinds: ReadonlySet<MetricKind> = new Set(['metric', 'list']);

/** By first appearance. */
function seriesOf(run: RunReader, { metrics }: MetricsCsvRequest, counter: Counter, runId: string): string[] {
  const wanted = run.metrics.summaries().filter(({ name }) => metrics === undefined || metrics.includes(name));
  return seriesAmong(
    wanted.map(({ name, kind }) => [name, kind]),
    counter,
    runId,
  );
}

/** Notes what is no series. */
function seriesAmong(
  metrics: readonly (readonly [name: string, kind: MetricKind])[],
  counter: Counter,
  runId: string,
): string[] {
  const tables = metrics.filter(([, kind]) => !seriesKinds.has(kind));
  if (tables.length > 0) {
    const names = tables.map(([name]) => name).join(', ');
    counter.leftOut.push(`Tables of the run ${runId} are no series, and are left out: ${names}.`);
  }
  return metrics.filter(([, kind]) => seriesKinds.has(kind)).map(([name]) => name);
}

/** Numbers never need quotes, and are most of what is written. */
function cellOf(value: Scalar | null): string {
  return value === null ? '' : typeof value === 'string' ? quoted(value) : String(value);
}

function quoted(text: string): string {
  return lineOf([text]).slice(0, -1);
}

function lineOf(cells: readonly string[]): string {
  return stringify([cells]);
}

/** Times as ISO 8601, UTC, to the microsecond. Remembers the last second, since neighbours mostly share it. */
class TimeText {
  private second = Number.NaN;
  private text = '';

  of(time: number): string {
    const microseconds = Math.round(time * 1e6);
    const second = Math.floor(microseconds / 1e6);
    if (second !== this.second) {
      const date = new Date(second * 1000);
      this.second = second;
      this.text = Number.isNaN(date.getTime()) ? '' : date.toISOString().replace(/000Z$/, '');
    }
    // No calendar has such a day.
    return this.text === '' ? String(time) : `${this.text}${String(microseconds - second * 1e6).padStart(6, '0')}Z`;
  }
}
