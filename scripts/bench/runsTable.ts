/** What the page of an experiment with 10,000 runs asks for. */
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { IndexDatabase } from '../../src/core/run-index/indexDatabase.ts';
import { indexVersion } from '../../src/core/run-index/indexSchema.ts';
import type { Field, SortKey } from '../../src/core/run-query/query.ts';
import { readRunColumns } from '../../src/core/run-table/runColumns.ts';
import { readRunRows } from '../../src/core/run-table/runRows.ts';
import { readRunGroups, readRunValues } from '../../src/core/run-table/runStatistics.ts';
import { readRunTable } from '../../src/core/run-table/runTable.ts';
import { benchCacheFolder } from '../support/paths.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithLimit, type Figure } from './figure.ts';
import { generateIndex } from './generatedIndex.ts';
import { percentile95 } from './times.ts';

/** Half of them are in the first experiment. */
const generatedRuns = 20_000;
const experimentKey = 'experiment 0';
const limitMs = 50;
const rounds = 5;
const questionsPerRound = 20;
const rowsOnScreen = 50;
/** When the newest generated run is a day old. */
const now = 1_763_786_400;

const accuracy: Field = { kind: 'metric', part: 'max', name: 'val/accuracy' };
const loss: Field = { kind: 'metric', part: 'min', name: 'val/loss' };
const rate: Field = { kind: 'parameter', name: 'lr' };
const model: Field = { kind: 'parameter', name: 'model.name' };
const columns: readonly Field[] = [
  accuracy,
  loss,
  rate,
  model,
  ...['train/loss', 'train/accuracy', 'val/f1 score', 'epoch', 'grad_norm', 'x', 'y'].map(
    (name): Field => ({ kind: 'metric', part: 'last', name }),
  ),
  { kind: 'parameter', name: 'batch size' },
  { kind: 'tag', name: 'team' },
  { kind: 'attribute', name: 'duration' },
];

export const runsTable: Benchmark = {
  name: 'runs-table',
  about:
    'What the page of an experiment with 10,000 runs asks for: the order of all runs that match, the rows on the screen with 14 columns, groups ' +
    `with their means, the values of a chart: the 95th percentile of ${questionsPerRound} times.`,
  run: async ({ say }) => {
    const index = await IndexDatabase.open(await generatedIndexFile(say));
    const { database } = index;
    const table = (filter: string, sort: readonly SortKey[]): readonly number[] =>
      readRunTable(database, { experimentKey, filter, sort, withChildren: true }, now).runs;
    const runs = table('', []);
    const size = runs.length.toLocaleString('en');
    const questions: readonly (readonly [what: string, ask: () => unknown])[] = [
      [`all ${size} runs, newest first`, () => table('', [])],
      [
        'sorted by a metric, then a parameter',
        () =>
          table('', [
            { field: accuracy, isDescending: true },
            { field: rate, isDescending: false },
          ]),
      ],
      ['filtered by a metric and a parameter', () => table('metrics.x < 0.5 and params.lr >= 0.001', [])],
      [
        `${rowsOnScreen} rows with ${columns.length} columns`,
        () => readRunRows(database, { runs: runs.slice(4000, 4000 + rowsOnScreen), columns }, now),
      ],
      ['groups by two parameters, two metrics', () => readRunGroups(database, groupsQuery(runs, [model, rate]), now)],
      ['two metrics over all runs', () => readRunGroups(database, groupsQuery(runs, []), now)],
      ['the values of a chart', () => readRunValues(database, { runs, fields: [accuracy] }, now)],
      ['which columns there are', () => readRunColumns(database, experimentKey)],
    ];
    try {
      return questions.map(([what, ask]): Figure => comparedWithLimit(what, measure(ask), limitMs, 'ms'));
    } finally {
      index.close();
    }
  },
};

function groupsQuery(runs: readonly number[], groupBy: readonly Field[]) {
  return { runs, groupBy, fields: [accuracy, loss] };
}

/** The 95th percentile of each round; the first only warms up. */
function measure(ask: () => unknown): readonly number[] {
  const found = Array.from({ length: rounds + 1 }, () =>
    percentile95(
      Array.from({ length: questionsPerRound }, () => {
        const started = performance.now();
        ask();
        return performance.now() - started;
      }),
    ),
  );
  return found.slice(1);
}

async function generatedIndexFile(say: (text: string) => void): Promise<string> {
  const folder = benchCacheFolder;
  const file = path.join(folder, `index-${indexVersion}-table-${generatedRuns}.sqlite`);
  await mkdir(folder, { recursive: true });
  const known = await IndexDatabase.open(file);
  const count = known.row('SELECT count(*) AS count FROM runs')?.count;
  known.close();
  if (count === generatedRuns) {
    return file;
  }
  say(`Generating an index of ${generatedRuns.toLocaleString('en')} runs…`);
  const unfinished = `${file}.tmp`;
  await Promise.all([file, unfinished].map((path) => rm(path, { force: true })));
  const index = await IndexDatabase.open(unfinished);
  generateIndex(index.database, generatedRuns);
  index.close();
  await rename(unfinished, file);
  return file;
}
