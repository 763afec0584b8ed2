import { describe, expect, it } from 'vitest';
import { deleteRun } from '../../src/core/store/trash.ts';
import {
  parseComparePageMessage,
  parseComparePageState,
} from '../../src/extension/compare-page/comparePageMessages.ts';
import { CompareSession } from '../../src/extension/compare-page/compareSession.ts';
import { type HostToComparePage, mostComparedRuns } from '../../src/protocol/comparePage.ts';
import {
  collector,
  newRun,
  onCleanup,
  openTestCatalog,
  record,
  temporaryWorkspace,
} from '../support/temporaryStore.ts';

type Model = Extract<HostToComparePage, { type: 'model' }>;

async function openSession() {
  const folder = await temporaryWorkspace();
  const runs = [await newRun(folder, { displayName: '<b>first</b>' }), await newRun(folder)];
  for (const [index, run] of runs.entries()) {
    await record(
      folder,
      run,
      { k: 'params', v: index === 0 ? { lr: 0.1 } : { lr: 0.1, warmup: 5 } },
      { k: 'metric', n: 'loss', v: 1 },
      { k: 'metric', n: 'loss', v: 0.5 + index },
    );
  }
  const runIds = runs.map(({ runId }) => runId);
  const [firstId = '', secondId = ''] = runIds;
  const catalog = await openTestCatalog(folder);
  let tell: (message: HostToComparePage) => void = () => {};
  const messages = collector<HostToComparePage>((listener) => {
    tell = listener;
    return { dispose: () => {} };
  });
  const session = new CompareSession({
    catalog,
    runIds,
    post: (message) => tell(JSON.parse(JSON.stringify(message)) as HostToComparePage),
    slots: () => new Map([[secondId, 0]]),
    artifactUri: () => (path) => `page:/${path}`,
    codeChanges: async (left, right) => [{ path: `${left}-${right}.py`, kind: 'changed' }],
    onRuns: () => {},
    onError: (error) => {
      throw error;
    },
  });
  onCleanup(() => session.dispose());
  const models = () => messages.values.filter((message): message is Model => message.type === 'model');
  return { folder, runs, firstId, secondId, session, messages, models };
}

describe('a comparison', () => {
  it('has what each run has by each name, and the colours that runs have elsewhere', async () => {
    const { firstId, secondId, session, models } = await openSession();
    await session.start();
    expect(models()[0]).toMatchObject({
      model: {
        runs: [
          { id: firstId, label: '<b>first</b>', slot: 1 },
          { id: secondId, label: 'run 2', slot: 0 },
        ],
        parameters: [
          { name: 'lr', values: [0.1, 0.1] },
          { name: 'warmup', values: [null, 5] },
        ],
        metrics: [
          {
            name: 'loss',
            isCurve: true,
            isSystem: false,
            values: [
              { last: 0.5, min: 0.5, max: 1 },
              { last: 1.5, min: 1, max: 1.5 },
            ],
          },
        ],
      },
      restore: { runIds: [firstId, secondId] },
    });
  });

  it('follows its runs, and goes on without those that are deleted', async () => {
    const { folder, runs, firstId, secondId, session, messages, models } = await openSession();
    await session.start();
    const [first] = runs;
    if (first !== undefined) {
      await record(folder, first, { k: 'metric', n: 'loss', v: 0.25 });
    }
    await messages.until(() => models().at(-1)?.model.metrics[0]?.values[0]?.last === 0.25);
    await deleteRun(folder, secondId);
    await session.setRuns([firstId, secondId]);
    expect(models().at(-1)?.restore.runIds).toEqual([firstId]);
    await deleteRun(folder, firstId);
    await session.setRuns([firstId]);
    expect(messages.values.at(-1)).toMatchObject({ type: 'gone' });
  });

  it('answers with the points of a run', async () => {
    const { firstId, session, messages } = await openSession();
    await session.start();
    const range = { axis: 'step', width: 100, xScale: 'linear', yScale: 'linear', origin: 0, smoothing: 0 } as const;
    const request = { type: 'request', id: 7, method: 'series', params: { runId: firstId, metric: 'loss', ...range } };
    const parsed = parseComparePageMessage(request);
    expect(parsed).toEqual(request);
    if (parsed?.type === 'request') {
      await session.answer(parsed);
    }
    expect(messages.values.at(-1)).toMatchObject({ type: 'response', id: 7, result: { values: [1, 0.5] } });
  });
});

describe('what stands beside the numbers', () => {
  it('are the beginnings of tables, and files that differ, asked for run by run', async () => {
    const { folder, runs, firstId, secondId, session, messages, models } = await openSession();
    const [first] = runs;
    const values = Array.from({ length: 150 }, (_, index) => (index === 1 ? Number.NaN : index));
    if (first !== undefined) {
      await record(folder, first, { k: 'table', n: '<b>t</b>', v: { x: values } });
    }
    await session.start();
    await messages.until(() => models().at(-1)?.model.tables.length === 1);
    expect(models().at(-1)?.model.tables).toEqual([{ name: '<b>t</b>', rowCounts: [150, null] }]);
    const asked = [
      { type: 'request', id: 1, method: 'table', params: { runId: firstId, metric: '<b>t</b>' } },
      { type: 'request', id: 2, method: 'codeChanges', params: { left: firstId, right: secondId } },
    ];
    for (const request of asked) {
      const parsed = parseComparePageMessage(request);
      expect(parsed).toEqual(request);
      if (parsed?.type === 'request') {
        await session.answer(parsed);
      }
    }
    const [table, changes] = messages.values.slice(-2);
    expect(table).toMatchObject({ id: 1, result: { columns: ['x'], rowCount: 150 } });
    const rows = table?.type === 'response' && 'result' in table ? (table.result as { rows: unknown[] }).rows : [];
    expect(rows).toHaveLength(100);
    expect(rows.slice(0, 2)).toEqual([[0], [{ $float: 'NaN' }]]);
    expect(changes).toMatchObject({ id: 2, result: [{ path: `${firstId}-${secondId}.py`, kind: 'changed' }] });
  });
});

describe('what the page sends', () => {
  it.each([
    { type: 'action', action: 'compareFile', left: 'a', right: 'b' },
    { type: 'request', id: 1, method: 'codeChanges', params: { left: 'a' } },
    { type: 'action', action: 'removeRun' },
    { type: 'action', action: 'compareCode', left: 'a' },
    { type: 'request', id: 1, method: 'table', params: {} },
    5,
  ])('%j is not taken', (message) => {
    expect(parseComparePageMessage(message)).toBeUndefined();
  });

  it('is restored from what it kept, of a number of runs that can be compared', () => {
    const state = { workspaceFolder: '/w', runIds: ['a', 'b'] };
    expect(parseComparePageState(state)).toEqual(state);
    expect(parseComparePageState({ ...state, runIds: [] })).toBeUndefined();
    const many = Array.from({ length: mostComparedRuns + 1 }, (_, index) => `run-${index}`);
    expect(parseComparePageState({ ...state, runIds: many })).toBeUndefined();
  });
});
