import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunReader } from '../../src/core/store/runReader.ts';
import { type MetricsCsvRequest, writeMetricsCsv, writeMetricsCsvFile } from '../../src/core/transfer/metricsCsv.ts';
import { pythonJson } from '../support/pythonProgram.ts';
import { newRun, record, temporaryFolder, temporaryWorkspace } from '../support/temporaryStore.ts';

async function csvOf(request: Omit<MetricsCsvRequest, 'layout'> & { layout?: 'long' | 'wide' }): Promise<string> {
  let text = '';
  const output = new Writable({
    write(part: Buffer, _encoding, done) {
      text += part.toString();
      done();
    },
  });
  await writeMetricsCsv({ layout: 'long', ...request }, output);
  return text;
}

/** As Python's `csv` reads it: somebody else's reader. */
function parsed(text: string): Promise<string[][]> {
  const program =
    'import csv, io, json, sys; print(json.dumps(list(csv.reader(io.StringIO(sys.argv[1], newline="")))))';
  return pythonJson('.', program, text);
}

describe('metrics as CSV', () => {
  it('have a line for each point, and names of any text come back', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const run = await newRun(workspaceFolder);
    const odd = 'loss, "train"\nor\r精度=1';
    await record(
      workspaceFolder,
      run,
      { k: 'metric', n: odd, v: 0.1, s: -5 },
      { k: 'metric', n: odd, v: Number.NaN, s: 7 },
      { k: 'metric', n: odd, v: Number.NEGATIVE_INFINITY },
      { k: 'metric', n: 'state', v: 'a,b' },
      { k: 'metric', n: 'done', v: true },
      { k: 'list', n: 'weights', v: [1, null] },
      { k: 'row', n: 'table', v: { a: 1 } },
    );
    const [heading, ...rows] = await parsed(await csvOf({ workspaceFolder, runIds: [run.runId] }));
    expect(heading).toEqual(['run', 'metric', 'step', 'time', 'value']);
    expect(rows.map(([id, metric, step, , value]) => [id === run.runId, metric, step, value])).toEqual([
      [true, odd, '-5', '0.1'],
      [true, odd, '7', 'NaN'],
      [true, odd, '2', '-Infinity'],
      [true, 'state', '0', 'a,b'],
      [true, 'done', '0', 'true'],
      [true, 'weights', '0', '1'],
      [true, 'weights', '1', ''],
    ]);
    expect(rows.every(([, , , time = '']) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(time))).toBe(true);
  });

  it('are the same, whether they are spooled or have to be put in order first', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const line = fc.record({
      writer: fc.integer({ min: 0, max: 2 }),
      advance: fc.oneof({ weight: 12, arbitrary: fc.constantFrom(0, 0.5, 3) }, fc.constant(-4)),
      record: fc.constantFrom(
        '"k":"metric","n":"loss","v":0.25',
        '"k":"metric","n":"loss","v":1,"s":7',
        '"k":"metrics","v":{"loss":true,"täg,":"a\\nb"},"s":2',
        '"k":"list","n":"weights","v":[1,null]',
        '"k":"list","n":"loss","v":[5]',
        '"k":"row","n":"weights","v":{"a":1}',
        '"k":"table","n":"t","v":{"a":[1]}',
        '"k":"tag","n":"a","v":"b"',
        '"k":',
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
        const run = await newRun(workspaceFolder);
        await mkdir(join(run.folder, 'journal'), { recursive: true });
        const times = [1e9, 1e9, 1e9];
        for (const { writer, advance, record: text } of lines) {
          times[writer] = (times[writer] ?? 0) + advance;
          await appendFile(join(run.folder, 'journal', `writer-${writer}.jsonl`), `{"t":${times[writer]},${text}}\n`);
        }
        const reader = await RunReader.open({ folder: run.folder, experimentKey: 'iris', withMetrics: true });
        await reader.refresh();
        const expected = reader.metrics
          .summaries()
          .filter(({ kind }) => kind === 'metric' || kind === 'list')
          .flatMap(({ name }) =>
            [...reader.metrics.eachPoint(name)].map(({ x, value }) => [
              name,
              String(x),
              value === null ? '' : String(value),
            ]),
          );
        const text = await csvOf({ workspaceFolder, runIds: [run.runId] });
        const rows = parse(text, { from_line: 2 }) as string[][];
        expect(rows.map(([, metric, step, , value]) => [metric, step, value])).toEqual(expected);
        const names = [...new Set(expected.map(([name = '']) => name))];
        const cells = new Map(expected.map(([name, step, value]) => [`${step} ${name}`, value]));
        const steps = [...new Set(expected.map(([, step]) => Number(step)))].sort((a, b) => a - b);
        const [, ...wide] = parse(await csvOf({ workspaceFolder, runIds: [run.runId], layout: 'wide' })) as string[][];
        expect(wide).toEqual(
          steps.map((step) => [run.runId, String(step), ...names.map((name) => cells.get(`${step} ${name}`) ?? '')]),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('come in their order, however long the run is', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const run = await newRun(workspaceFolder);
    await mkdir(join(run.folder, 'journal'), { recursive: true });
    const count = 100_000;
    const lines = Array.from(
      { length: count },
      (_, at) =>
        `{"t":${1e9 + at},"k":"metric","n":"loss","v":${at}}\n{"t":${1e9 + at},"k":"metric","n":"${'long '.repeat(9)}","v":${-at}}\n`,
    );
    await writeFile(join(run.folder, 'journal', 'script-1.jsonl'), lines.join(''));
    const text = await csvOf({ workspaceFolder, runIds: [run.runId] });
    const wide = (await csvOf({ workspaceFolder, runIds: [run.runId], layout: 'wide' })).split('\n').slice(1, -1);
    expect(wide).toHaveLength(count);
    expect(wide.every((row, at) => row === `${run.runId},${at},${at},${-at}`)).toBe(true);
    const values = text
      .split('\n')
      .slice(1, -1)
      .map((row) => Number(row.slice(row.lastIndexOf(',') + 1)));
    expect(values).toHaveLength(2 * count);
    expect(values.every((value, at) => value === (at < count ? at : -(at - count)) || value === 0)).toBe(true);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('runledger-export-'))).toEqual([]);
  });

  it('have a column for each metric in the wide form, over several runs', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const [first, second] = [await newRun(workspaceFolder), await newRun(workspaceFolder)];
    await record(
      workspaceFolder,
      first,
      { k: 'metric', n: 'loss', v: 2, s: 10 },
      { k: 'metric', n: 'loss', v: 3, s: 2 },
      { k: 'metric', n: 'loss', v: 4, s: 2 },
    );
    await record(workspaceFolder, second, { k: 'metrics', v: { acc: 0.5, loss: 1 }, s: 2 });
    const request = { workspaceFolder, runIds: [first.runId, second.runId], layout: 'wide' } as const;
    expect(await parsed(await csvOf(request))).toEqual([
      ['run', 'step', 'loss', 'acc'],
      [first.runId, '2', '4', ''],
      [first.runId, '10', '2', ''],
      [second.runId, '2', '1', '0.5'],
    ]);
    expect(await parsed(await csvOf({ ...request, metrics: ['acc'] }))).toEqual([
      ['run', 'step', 'acc'],
      [second.runId, '2', '0.5'],
    ]);
  });

  it('appear in a file whole or not at all, and replace none unasked', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const run = await newRun(workspaceFolder);
    await record(workspaceFolder, run, { k: 'metric', n: 'loss', v: 2 }, { k: 'row', n: 'table', v: { a: 1 } });
    const folder = await temporaryFolder();
    const file = join(folder, 'metrics.csv');
    const request = { workspaceFolder, runIds: [run.runId], layout: 'long' } as const;
    const result = await writeMetricsCsvFile(request, { file });
    expect(result).toMatchObject({ rowCount: 1, leftOut: [expect.stringContaining('table')] });
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3);
    await expect(writeMetricsCsvFile(request, { file })).rejects.toMatchObject({ reason: 'already-exists' });
    const missing = { ...request, runIds: [run.runId, 'missing'] };
    await expect(writeMetricsCsvFile(missing, { file, isReplacing: true })).rejects.toMatchObject({
      reason: 'not-found',
    });
    const signal = AbortSignal.abort();
    await expect(writeMetricsCsvFile({ ...request, signal }, { file, isReplacing: true })).rejects.toMatchObject({
      reason: 'canceled',
    });
    expect(await readdir(folder)).toEqual(['metrics.csv']);
  });
});
