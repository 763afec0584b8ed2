import { appendFile, mkdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeriesQuery } from '../../src/core/catalog/runCatalog.ts';
import type { SeriesSlice } from '../../src/core/domain/metric.ts';
import { IndexDatabase, indexFile } from '../../src/core/run-index/indexDatabase.ts';
import { PointScanner } from '../../src/core/run-index/journalScanner.ts';
import { RunIngestion } from '../../src/core/run-index/runIngestion.ts';
import { mostMetrics } from '../../src/core/run-index/seriesBatch.ts';
import type { CreatedRun } from '../../src/core/store/runCreation.ts';
import { RunReader } from '../../src/core/store/runReader.ts';
import { newRun, openTestCatalog, temporaryWorkspace } from '../support/temporaryStore.ts';

const encoder = new TextEncoder();

describe('the scanner of points', () => {
  const scanner = new PointScanner();
  const scan = (line: string): boolean => {
    const bytes = encoder.encode(`${line}\n`);
    const end = scanner.scan(bytes, 0, bytes.length);
    expect([-1, bytes.length - 1]).toContain(end);
    expect(scanner.scan(bytes, 0, bytes.length - 1)).toBe(-1);
    return scanner.scan(bytes, 0, bytes.length) >= 0;
  };

  it('reads every number as JSON does', () => {
    const spelled = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
      fc.stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,25})?([eE][+-]?\d{1,3})?$/),
      fc.stringMatching(/^-?(0|[1-9]\d{0,5})\.0{0,4}\d{12,22}$/),
      // Near the middle of two numbers, where it is hard to tell which is the nearest.
      fc
        .tuple(
          fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n }),
          fc.integer({ min: 0, max: 20 }),
          fc.integer({ min: -1, max: 1 }),
        )
        .map(([mantissa, halvings, off]) => {
          const digits = String((mantissa * 2n + 1n) * 5n ** BigInt(halvings + 1) + BigInt(off)).padStart(
            halvings + 2,
            '0',
          );
          return `${digits.slice(0, -halvings - 1)}.${digits.slice(-halvings - 1)}`;
        }),
    );
    fc.assert(
      fc.property(spelled, spelled, (time, value) => {
        expect(scan(`{"t":${time},"k":"metric","n":"loss","v":${value}}`)).toBe(true);
        expect([scanner.time, scanner.value]).toEqual([JSON.parse(time), JSON.parse(value)]);
        expect(scanner.step).toBeNaN();
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['01', '1.', '.5', '-', '+1', '1e', '1e+', 'NaN', '--1', '0x1', '1 ', ''])(
    'leaves %j to others',
    (number) => {
      expect(scan(`{"t":1,"k":"metric","n":"loss","v":${number}}`)).toBe(false);
      expect(scan(`{"t":${number},"k":"metric","n":"loss","v":1}`)).toBe(false);
      expect(scan(`{"t":1,"k":"metric","n":"loss","v":1,"s":${number}}`)).toBe(false);
    },
  );

  it.each([
    '{"t":1,"k":"metric","n":"","v":1}',
    '{"t":1,"k":"metric","n":"é","v":1}',
    '{"t":1,"k":"metric","n":"a\\"b","v":1}',
    '{"t":1,"k":"metric","n":"a","v":1,"s":1.5}',
    '{"t":1,"k":"metric","n":"a","v":1,"d":"x"}',
    '{"t":1,"k":"metric","n":"a","v":1} ',
    '{"t":1,"k":"metric","n":"a","v":1',
    '{"t":1,"k":"metric","n":"a',
    '{"t":1,"k":"metrics","n":"a","v":1}',
  ])('leaves the line %s to others', (line) => {
    expect(scan(line)).toBe(false);
  });
});

const scalar = fc.oneof(
  { weight: 6, arbitrary: fc.double({ noNaN: true, min: -100, max: 100 }) },
  fc.integer({ min: -3, max: 3 }),
  fc.boolean(),
  fc.constantFrom('high', '', 'NaN', { $float: 'NaN' }, { $float: 'Infinity' }, { $float: '-Infinity' }),
);
const name = fc.constantFrom('loss', 'acc', 'val loss', '__proto__', 'ä"\\');
const optional = { s: fc.option(fc.integer({ min: -2, max: 9 }), { nil: undefined }) };
const described = { d: fc.option(fc.constantFrom('first', 'second'), { nil: undefined }) };
const valueOrNull = fc.oneof(scalar, fc.constant(null));
const columns = fc.dictionary(fc.constantFrom('a', 'b', '1'), fc.array(valueOrNull, { maxLength: 3 }));
const anyRecord = fc.oneof(
  { weight: 8, arbitrary: fc.record({ k: fc.constant('metric'), n: name, v: scalar, ...optional, ...described }) },
  fc.record({ k: fc.constant('metrics'), v: fc.dictionary(name, scalar), ...optional }),
  fc.record({ k: fc.constant('list'), n: name, v: fc.array(valueOrNull, { maxLength: 4 }), ...described }),
  fc.record({ k: fc.constant('row'), n: name, v: fc.dictionary(fc.constantFrom('a', 'b'), valueOrNull), ...described }),
  fc.record({ k: fc.constant('table'), n: name, v: columns, ...described }),
  fc.record({ k: fc.constant('params'), v: fc.dictionary(name, valueOrNull) }),
  fc.record({ k: fc.constant('tag'), n: name, v: fc.constantFrom('x', null) }),
  fc.record({ k: fc.constant('untag'), n: name }),
  fc.record({ k: fc.constant('status'), v: fc.constantFrom('Running', 'Completed', 'Failed') }),
  fc.record({ k: fc.constantFrom('heartbeat', 'future', 'metric') }),
);
const line = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(fc.integer({ min: 0, max: 12 }), anyRecord).map(([t, rest]) => JSON.stringify({ t, ...rest })),
  },
  fc.constantFrom('', 'garbage', '{"t":1}', '[1]', '{"t":1,"k":"metric","n":"loss","v":1e999}', '\u{fffd}'),
);
/** What one writer appends, in the parts in which it is read. */
const journal = fc.array(fc.array(line, { maxLength: 8 }), { minLength: 1, maxLength: 3 });

async function reference(run: CreatedRun): Promise<RunReader> {
  const reader = await RunReader.open({ folder: run.folder, experimentKey: 'iris', withMetrics: true });
  await reader.refresh();
  return reader;
}

const wide: Omit<SeriesQuery, 'runId' | 'metric'> = { axis: 'step', width: 100_000 };

/** A record without values tells nothing of the time of the last one. */
const emptyList = '{"t":1,"k":"list","n":"loss","v":[]}';
const earlierList = '{"t":0,"k":"list","n":"loss","v":[0]}';

describe('the index', () => {
  it('tells of a run what its journals say, in whatever parts they are read', async () => {
    const folder = await temporaryWorkspace();
    const catalog = await openTestCatalog(folder);
    await fc.assert(
      fc.asyncProperty(fc.array(journal, { minLength: 1, maxLength: 3 }), async (journals) => {
        const run = await newRun(folder);
        await mkdir(join(run.folder, 'journal'), { recursive: true });
        const parts = Math.max(...journals.map(({ length }) => length));
        for (let part = 0; part < parts; part++) {
          for (const [writer, lines] of journals.entries()) {
            const text = (lines[part] ?? []).map((item) => `${item}\n`).join('');
            await appendFile(join(run.folder, 'journal', `writer-${writer}.jsonl`), text);
          }
          const reader = await reference(run);
          const details = await reader.details();
          expect(await catalog.details(run.runId)).toEqual(details);
          for (const { name: metric, kind } of details.metrics) {
            if (kind === 'row' || kind === 'table') {
              expect(await catalog.table(run.runId, metric)).toEqual(reader.metrics.table(metric));
            } else {
              const series = await catalog.series({ runId: run.runId, metric, ...wide });
              expect(series.totalCount).toBe(reader.metrics.series(metric)?.totalCount);
            }
          }
        }
      }),
      { numRuns: 60, examples: [[[[[emptyList], [earlierList]]]]] },
    );
  });

  it('keeps points that fill many chunks, and goes on where it was', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    const file = join(run.folder, 'journal', 'script-1.jsonl');
    const lines = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, at) => {
        const index = from + at;
        const value = index % 777 === 5 ? '{"$float":"NaN"}' : Math.sin(index / 50) * 10;
        const step = index % 3 === 0 ? index : index + 1;
        return (
          `{"t":${1000 + index},"k":"metric","n":"regular","v":${value},"s":${index}}\n` +
          `{"t":${1000 + index},"k":"metric","n":"irregular","v":${value},"s":${step}}\n` +
          `{"t":${1000 + index},"k":"metric","n":"without steps","v":${value}}\n`
        );
      }).join('');
    await mkdir(join(run.folder, 'journal'), { recursive: true });
    for (const [from, to] of [
      [0, 10],
      [10, 1023],
      [1023, 1024],
      [1024, 1025],
      [1025, 7000],
      [7000, 7001],
    ] as const) {
      await appendFile(file, lines(from, to));
      const catalog = await openTestCatalog(folder);
      const reader = await reference(run);
      expect(await catalog.details(run.runId)).toEqual(await reader.details());
      for (const metric of ['regular', 'irregular', 'without steps']) {
        const all = reader.metrics.series(metric);
        const series = await catalog.series({ runId: run.runId, metric, ...wide });
        expect({ ...series, totalCount: all?.totalCount }).toEqual(all);
      }
    }
  });

  it('reads a journal anew that was cut off or replaced', async () => {
    const folder = await temporaryWorkspace();
    const catalog = await openTestCatalog(folder);
    const run = await newRun(folder);
    await mkdir(join(run.folder, 'journal'), { recursive: true });
    const file = join(run.folder, 'journal', 'script-1.jsonl');
    const first = '{"t":1,"k":"metric","n":"loss","v":1}\n';
    await writeFile(file, `${first}{"t":2,"k":"metric","n":"loss","v":2}\n`);
    expect((await catalog.details(run.runId)).metrics).toMatchObject([{ count: 2, last: 2 }]);
    await truncate(file, first.length);
    expect((await catalog.details(run.runId)).metrics).toMatchObject([{ count: 1, last: 1 }]);
    await writeFile(file, first.replace('"v":1', '"v":9'));
    expect((await catalog.details(run.runId)).metrics).toMatchObject([{ count: 1, last: 9 }]);
    await rm(file);
    await writeFile(join(run.folder, 'journal', 'script-2.jsonl'), '{"t":2,"k":"tag","n":"a","v":"b"}\n');
    expect(await catalog.details(run.runId)).toMatchObject({ metrics: [], tags: { a: 'b' } });
  });

  it('draws what is in a journal that was replaced, and nothing of the one before', async () => {
    const folder = await temporaryWorkspace();
    const catalog = await openTestCatalog(folder);
    const run = await newRun(folder);
    await mkdir(join(run.folder, 'journal'), { recursive: true });
    const file = join(run.folder, 'journal', 'script-1.jsonl');
    const write = (value: number): Promise<void> =>
      writeFile(file, `{"t":1,"k":"metric","n":"loss","v":${value}}\n`.repeat(3000));
    const query: SeriesQuery = { runId: run.runId, metric: 'loss', axis: 'step', width: 2 };
    for (const value of [1, 2]) {
      await write(value);
      expect(new Set((await catalog.series(query)).values)).toEqual(new Set([value]));
    }
  });

  it('goes on after a crash in the midst of a long run, with the journals that were not begun', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    await mkdir(join(run.folder, 'journal'), { recursive: true });
    // A little more than is read at once.
    const line = '{"t":1,"k":"metric","n":"loss","v":1}\n';
    const count = Math.ceil((8.2 * 1024 * 1024) / line.length);
    await writeFile(join(run.folder, 'journal', 'script-1.jsonl'), line.repeat(count));
    await writeFile(join(run.folder, 'journal', 'script-2.jsonl'), '{"t":2,"k":"tag","n":"a","v":"b"}\n');
    // As folders are that nobody writes to any more.
    const settled = new Date(Date.now() - 60_000);
    await utimes(join(run.folder, 'journal'), settled, settled);
    const database = await IndexDatabase.open(indexFile(folder));
    const ingestion = new RunIngestion(database, folder);
    expect(database.transaction(() => ingestion.ingest('iris', run.runId))).toBe(true);
    expect(database.rows('SELECT writer FROM journals')).toHaveLength(1);
    database.close();
    const details = await (await openTestCatalog(folder)).details(run.runId);
    expect(details).toMatchObject({ tags: { a: 'b' }, metrics: [{ count }] });
  });

  it('reads the record of a run again that was damaged, and repaired', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    const catalog = await openTestCatalog(folder);
    expect(await catalog.run(run.runId)).toMatchObject({ kind: 'run' });
    const file = join(run.folder, 'run.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, '{"format": 1, "id":');
    expect(await catalog.run(run.runId)).toMatchObject({
      kind: 'unreadable',
      problem: expect.stringContaining('not valid JSON'),
    });
    await writeFile(file, text);
    expect(await catalog.run(run.runId)).toMatchObject({ kind: 'run', number: 1 });
    await rm(file);
    expect(await catalog.run(run.runId)).toMatchObject({
      kind: 'unreadable',
      problem: expect.stringContaining('missing'),
    });
  });

  it('has so many metrics of a run and no more, and says so', async () => {
    const folder = await temporaryWorkspace();
    const catalog = await openTestCatalog(folder);
    const run = await newRun(folder);
    const journal = join(run.folder, 'journal', 'script-1-aaaaaaaa.jsonl');
    await mkdir(join(run.folder, 'journal'), { recursive: true });
    const line = (number: number): string => `{"t":${number},"k":"metric","n":"layer ${number}","v":${number}}\n`;
    await writeFile(journal, Array.from({ length: mostMetrics - 1 }, (_, number) => line(number)).join(''));
    expect((await catalog.details(run.runId)).warnings).toEqual([]);
    await appendFile(
      journal,
      line(mostMetrics - 1) +
        line(mostMetrics) +
        '{"t":1,"k":"list","n":"others","v":[1]}\n{"t":1,"k":"row","n":"more","v":{"a":1}}\n{"t":1,"k":"metric","n":"text","v":"x"}\n' +
        '{"t":1,"k":"metrics","v":{"layer 0":7,"new":8}}\n',
    );
    const { metrics, warnings } = await catalog.details(run.runId);
    expect(metrics).toHaveLength(mostMetrics);
    expect(metrics.find(({ name }) => name === 'layer 0')).toMatchObject({ count: 2, last: 7 });
    expect(metrics.map(({ name }) => name)).toContain(`layer ${mostMetrics - 1}`);
    expect(warnings).toEqual([
      expect.stringMatching(/^Only the first 100,000 metrics of the run are shown; 5 records of others were left out/),
    ]);
  }, 30_000);

  it('is made anew where its file is damaged', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    const catalog = await openTestCatalog(folder);
    await catalog.details(run.runId);
    catalog.dispose();
    await writeFile(indexFile(folder), 'no database at all, but text that is longer than a header of one would be');
    expect((await (await openTestCatalog(folder)).details(run.runId)).summary.id).toBe(run.runId);
  });
});

interface Pixels {
  readonly width: number;
  readonly height: number;
}

/** The pixels that a line covers, before anti-aliasing: Bresenham's lines between the points' pixels. */
function drawn(
  points: readonly (readonly [column: number, row: number] | undefined)[],
  { width }: Pixels,
): Set<string> {
  const covered = new Set<string>();
  let previous: readonly [number, number] | undefined;
  for (const point of points) {
    const isDot = point?.[0] === previous?.[0] && point?.[1] === previous?.[1];
    if (point !== undefined && previous !== undefined && !isDot) {
      let [x, y] = previous;
      const [toX, toY] = point;
      const dx = Math.abs(toX - x);
      const dy = -Math.abs(toY - y);
      let error = dx + dy;
      for (;;) {
        if (x >= 0 && x < width) {
          covered.add(`${x},${y}`);
        }
        if (x === toX && y === toY) {
          break;
        }
        const doubled = 2 * error;
        if (doubled >= dy) {
          error += dy;
          x += Math.sign(toX - x);
        }
        if (doubled <= dx) {
          error += dx;
          y += Math.sign(toY - y);
        }
      }
    }
    previous = point;
  }
  return covered;
}

function pixelsOf(slice: SeriesSlice, query: Omit<SeriesQuery, 'runId' | 'metric'>, pixels: Pixels): Set<string> {
  const { from = 0, to = 1, width, xScale, yScale } = query;
  const place = xScale === 'log' ? Math.log : (x: number): number => x;
  const level = yScale === 'log' ? Math.log : (y: number): number => y;
  const span = place(to) - place(from);
  const column = (x: number): number => {
    const at = Math.floor((place(x) - place(from)) * (width / span));
    return at === width && x <= to ? width - 1 : at;
  };
  const row = (y: number): number => Math.floor((level(y) / (yScale === 'log' ? 8 : 200)) * pixels.height);
  const points = slice.x.map((step, index) => {
    const value = slice.values[index] as number;
    const x = query.axis === 'step' ? step : (slice.times[index] as number) - (query.origin ?? 0);
    const canDraw = Number.isFinite(value) && (yScale !== 'log' || value > 0) && (xScale !== 'log' || x > 0);
    return canDraw ? ([column(x), row(value)] as const) : undefined;
  });
  return drawn(points, pixels);
}

describe('a chart', () => {
  it('covers the same pixels as the line through all points', async () => {
    const folder = await temporaryWorkspace();
    const catalog = await openTestCatalog(folder);
    const point = fc.tuple(
      fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 3 }) }, fc.integer({ min: -40, max: 400 })),
      fc.oneof(
        { weight: 20, arbitrary: fc.double({ noNaN: true, min: -100, max: 100 }) },
        fc.constantFrom<unknown>({ $float: 'NaN' }, { $float: 'Infinity' }, 0, 'text'),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(point, { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 1, max: 30 }),
        fc.record({
          axis: fc.constantFrom<SeriesQuery['axis']>('step', 'time', 'relative'),
          width: fc.integer({ min: 1, max: 60 }),
          xScale: fc.constantFrom<'linear' | 'log'>('linear', 'log'),
          yScale: fc.constantFrom<'linear' | 'log'>('linear', 'log'),
          bounds: fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 })),
        }),
        async (points, repeats, { bounds, ...query }) => {
          const run = await newRun(folder);
          await mkdir(join(run.folder, 'journal'), { recursive: true });
          let step = 1;
          let time = 1;
          const lines = Array.from({ length: repeats }, () => points)
            .flat()
            .map(([advance, v]) => {
              step = Math.max(1, step + advance);
              time += Math.abs(advance) / 7;
              return JSON.stringify({ t: time, k: 'metric', n: 'loss', v, s: step });
            });
          await writeFile(join(run.folder, 'journal', 'script-1.jsonl'), `${lines.join('\n')}\n`);
          const all = (await reference(run)).metrics.series('loss');
          if (all === undefined) {
            throw new Error('The series is missing.');
          }
          const byTime = [...all.x.keys()].sort((a, b) => (all.times[a] ?? 0) - (all.times[b] ?? 0));
          const pick = (column: readonly number[]): number[] => byTime.map((index) => column[index] ?? 0);
          const ordered =
            query.axis === 'step' ? all : { ...all, x: pick(all.x), times: pick(all.times), values: pick(all.values) };
          const [from, to] = [Math.min(...bounds), Math.max(...bounds) + 1];
          const range = { ...query, from, to, origin: 0 };
          const slice = await catalog.series({ runId: run.runId, metric: 'loss', ...range });
          const pixels = { width: query.width, height: 40 };
          expect(pixelsOf(slice, range, pixels)).toEqual(pixelsOf(ordered, range, pixels));
          expect(slice.x.length).toBeLessThanOrEqual(Math.max(8 * (query.width + 4), 40 * query.width));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is smoothed over all points, and can be canceled', async () => {
    const folder = await temporaryWorkspace();
    const catalog = await openTestCatalog(folder);
    const run = await newRun(folder);
    await mkdir(join(run.folder, 'journal'), { recursive: true });
    const values = Array.from({ length: 300_000 }, (_, index) => (Math.sin(index * 12.9898) * 43_758.5453) % 1);
    const lines = values.map((v, index) => `{"t":${index},"k":"metric","n":"loss","v":${v},"s":${index}}\n`);
    await writeFile(join(run.folder, 'journal', 'script-1.jsonl'), lines.join(''));
    let average = 0;
    let share = 1;
    const smoothed = values.map((value) => {
      average = 0.9 * average + (1 - 0.9) * value;
      share *= 0.9;
      return average / (1 - share);
    });
    const query = {
      runId: run.runId,
      metric: 'loss',
      axis: 'step',
      from: 299_990,
      to: 299_999,
      width: 50,
      smoothing: 0.9,
    } as const;
    const slice = await catalog.series(query);
    expect(slice.x).toEqual(Array.from({ length: 11 }, (_, index) => 299_989 + index));
    slice.values.forEach((value, index) => {
      expect(value).toBeCloseTo(smoothed[299_989 + index] as number, 12);
    });
    const abort = new AbortController();
    const reading = catalog.series(query, abort.signal);
    abort.abort();
    await expect(reading).rejects.toMatchObject({ reason: 'canceled' });
  });
});
