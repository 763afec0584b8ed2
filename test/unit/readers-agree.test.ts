/**
 * Both readers of the store's format, this one and Python's, are given the same journals, most of them damaged or wrong,
 * and must tell the same of them. `RUNLEDGER_TEST_CASES` asks for more cases than a suite has time for.
 */
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../src/core/domain/metric.ts';
import { storedScalar } from '../../src/core/store/journalRecords.ts';
import { type ComparedRun, comparedRun, inCommonOrder, openRun } from '../support/comparedRun.ts';
import { JournalFiles, journals } from '../support/journalArbitraries.ts';
import { startPythonReader } from '../support/pythonReader.ts';
import { temporaryFolder } from '../support/temporaryStore.ts';

const caseCount = Number(process.env.RUNLEDGER_TEST_CASES ?? 400);

const python = startPythonReader();
afterAll(() => python.close());

const record = {
  format: 1,
  id: 'iris_1763674412_3fa9c1de',
  number: 1,
  experiment: 'iris',
  type: 'azureml.scriptrun',
  displayName: null,
  createdTime: 1000,
  tags: { first: 'one', second: null },
  properties: { loss: 'given' },
};

async function writeRun(folder: string, files: JournalFiles): Promise<void> {
  await mkdir(join(folder, 'journal'), { recursive: true });
  await writeFile(join(folder, 'run.json'), JSON.stringify(record));
  await writeJournal(folder, files);
}

async function writeJournal(folder: string, files: JournalFiles): Promise<void> {
  for (const [name, data] of files) {
    await writeFile(join(folder, 'journal', name), data);
  }
}

interface PythonRun extends ComparedRun {
  /** Without what processes betray. */
  readonly storedStatus: string;
  readonly peakBytes: number;
}

interface PythonCount {
  readonly metrics: number;
  readonly points: number;
  readonly problems: number;
  readonly peakBytes: number;
}

it('tell the same of any journal', async () => {
  const base = await temporaryFolder();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(journals, async (files) => {
      const folder = join(base, String(count++));
      await writeRun(folder, files);
      const { storedStatus, peakBytes: _peak, ...byPython } = await python.ask<PythonRun>({ read: folder });
      const reader = await openRun(folder);
      await reader.refresh();
      const ours = await comparedRun(reader, storedStatus === byPython.status);
      expect(inCommonOrder(ours)).toEqual(inCommonOrder(byPython));
      await rm(folder, { recursive: true });
    }),
    { numRuns: caseCount },
  );
}, 600_000);

it('tell the same of a journal that is followed as it grows as of one that is there', async () => {
  const base = await temporaryFolder();
  let count = 0;
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(journals, part, part, async (files, one, other) => {
      const folder = join(base, String(count++));
      const partOf = (share: number): JournalFiles =>
        new JournalFiles([...files].map(([name, data]) => [name, data.subarray(0, Math.floor(share * data.length))]));
      await writeRun(folder, partOf(Math.min(one, other)));
      const follower = await openRun(folder);
      await follower.refresh();
      for (const state of [partOf(Math.max(one, other)), files]) {
        await writeJournal(folder, state);
        await follower.refresh();
      }
      const fresh = await openRun(folder);
      await fresh.refresh();
      expect(await comparedRun(follower, true)).toEqual(await comparedRun(fresh, true));
      await rm(folder, { recursive: true });
    }),
    { numRuns: caseCount },
  );
}, 600_000);

it('summarise what they tell', async () => {
  const base = await temporaryFolder();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(journals, async (files) => {
      const folder = join(base, String(count++));
      await writeRun(folder, files);
      const reader = await openRun(folder);
      await reader.refresh();
      for (const summary of reader.metrics.summaries()) {
        const points = reader.metrics.points(summary.name);
        if (points === undefined) {
          continue;
        }
        const finite = points
          .map(({ x, value }) => ({ x, value: typeof value === 'boolean' ? Number(value) : value }))
          .filter((point): point is MetricPoint => Number.isFinite(point.value));
        const values = finite.map(({ value }) => value);
        expect(summary).toMatchObject({
          count: points.length,
          last: points.at(-1)?.value ?? undefined,
          lastX: points.at(-1)?.x,
          min: finite.find(({ value }) => value === Math.min(...values)),
          max: finite.find(({ value }) => value === Math.max(...values)),
        });
      }
      await rm(folder, { recursive: true });
    }),
    { numRuns: caseCount },
  );
}, 600_000);

it('read back what the Python SDK was given to log, to the last bit', async () => {
  const base = await temporaryFolder();
  const runs = join(base, '.runledger', 'experiments', 'iris', 'runs');
  let count = 0;
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
  const name = fc.oneof(fc.constantFrom('loss', '__proto__', 'a"b\\c', '\ud800', '\u2028\u0000\n', '10'), text);
  const number = fc
    .oneof(fc.double(), fc.maxSafeInteger(), fc.float())
    // JSON in JavaScript has no negative zero to send.
    .map((value) => value + 0);
  const value = fc.oneof({ weight: 6, arbitrary: number }, text, fc.boolean());
  const step = fc.option(fc.maxSafeInteger(), { nil: null });
  const call = fc.record({ name, value, step, description: fc.option(text, { freq: 4, nil: null }) });
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
      const run = `run-${count++}`;
      const folder = join(runs, run);
      await writeRun(folder, new JournalFiles());
      const { raised } = await python.ask<{ raised: readonly unknown[] }>({
        write: base,
        experiment: 'iris',
        run,
        calls: calls.map((item) => ['metric', [item.name, storedScalar(item.value), item.step, item.description], {}]),
      });
      expect(raised).toEqual(calls.map(() => null));
      const reader = await openRun(folder);
      await reader.refresh();
      for (const label of new Set(calls.map((item) => item.name))) {
        const logged = calls.filter((item) => item.name === label);
        const points = reader.metrics.points(label) ?? [];
        expect(points.map((point) => [point.x, point.value])).toEqual(
          logged.map((item, place) => [item.step ?? place, item.value]),
        );
        const described = logged.filter(({ description }) => description !== null).at(-1)?.description;
        expect(reader.metrics.summaries().find((summary) => summary.name === label)?.description).toBe(described);
      }
      expect((await reader.details()).problemCount).toBe(0);
      await rm(folder, { recursive: true });
    }),
    { numRuns: Math.ceil(caseCount / 2) },
  );
}, 600_000);

describe('both readers', () => {
  it('pass over lines of a hundred megabytes, and read what is around them', async () => {
    const folder = await temporaryFolder();
    await writeRun(folder, new JournalFiles());
    const file = await open(join(folder, 'journal', 'python-1-aaaaaaaa.jsonl'), 'w');
    const block = Buffer.alloc(10_000_000, 'x');
    for (const [start, end] of [
      ['', ''],
      ['{"t":2,"k":"metric","n":"loss","v":"', '"}'],
    ]) {
      await file.write('{"t":1,"k":"metric","n":"loss","v":1}\n');
      await file.write(start ?? '');
      for (let written = 0; written < 100_000_000; written += block.length) {
        await file.write(block);
      }
      await file.write(`${end}\n`);
    }
    // What is torn is not data, however long it is.
    await file.write('{"t":3,"k":"metric","n":"loss","v":3}\n');
    await file.write(block);
    await file.close();
    const reader = await openRun(folder);
    await reader.refresh();
    expect(reader.metrics.points('loss')?.map(({ value }) => value)).toEqual([1, 1, 3]);
    expect((await reader.details()).problemCount).toBe(2);
    const counted = await python.ask<PythonCount>({ count: folder });
    expect(counted).toMatchObject({ metrics: 1, points: 3, problems: 2 });
    expect(counted.peakBytes).toBeLessThan(400_000_000);
  });

  it('read a million metrics', async () => {
    const folder = await temporaryFolder();
    await writeRun(folder, new JournalFiles());
    const file = await open(join(folder, 'journal', 'python-1-aaaaaaaa.jsonl'), 'w');
    const metricCount = 1_000_000;
    for (let start = 0; start < metricCount; start += 10_000) {
      const block = Array.from({ length: 10_000 }, (_, index) => {
        const number = start + index;
        return `{"t":${number},"k":"metric","n":"layer ${number}","v":${number}.5}\n`;
      });
      await file.write(block.join(''));
    }
    await file.close();
    const reader = await openRun(folder);
    await reader.refresh();
    const summaries = reader.metrics.summaries();
    expect(summaries).toHaveLength(metricCount);
    expect(summaries.at(-1)).toMatchObject({ name: 'layer 999999', count: 1, last: 999_999.5 });
    const counted = await python.ask<PythonCount>({ count: folder });
    expect(counted).toMatchObject({ metrics: metricCount, points: metricCount, problems: 0 });
    expect(counted.peakBytes).toBeLessThan(1_200_000_000);
  }, 120_000);

  it('tell of a journal that cannot be read, and read the others', async () => {
    const folder = await temporaryFolder();
    await writeRun(
      folder,
      new JournalFiles([['python-1-aaaaaaaa.jsonl', Buffer.from('{"t":1,"k":"metric","n":"loss","v":1}\n')]]),
    );
    await mkdir(join(folder, 'journal', 'python-0-aaaaaaaa.jsonl'));
    const reader = await openRun(folder);
    await reader.refresh();
    await reader.refresh();
    expect(reader.metrics.points('loss')).toHaveLength(1);
    expect((await reader.details()).problemCount).toBe(1);
    expect(await python.ask<PythonCount>({ count: folder })).toMatchObject({ points: 1, problems: 1 });
  });
});
