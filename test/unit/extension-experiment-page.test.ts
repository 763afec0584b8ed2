import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSavedView, savedViews, saveView } from '../../src/core/run-table/savedViews.ts';
import {
  parseExperimentPageMessage,
  parseExperimentPageState,
  parseLayout,
} from '../../src/extension/experiment-page/experimentPageMessages.ts';
import { ExperimentSession } from '../../src/extension/experiment-page/experimentSession.ts';
import type {
  ExperimentPageRequests,
  FieldModel,
  HostToExperimentPage,
  LayoutModel,
  RunsModel,
} from '../../src/protocol/experimentPage.ts';
import {
  collector,
  newRun,
  onCleanup,
  openTestCatalog,
  record,
  temporaryWorkspace,
} from '../support/temporaryStore.ts';

const loss: FieldModel = { kind: 'metric', part: 'last', name: 'loss' };
const rate: FieldModel = { kind: 'parameter', name: 'lr' };
const layout: LayoutModel = {
  filter: '',
  sort: [],
  groupBy: [],
  withChildren: false,
  pinned: [],
  showsCharts: true,
  aggregate: 'max',
};

/** A page's session over a store with three runs, and the messages that the page would get, as they cross. */
async function openSession() {
  const folder = await temporaryWorkspace();
  for (const [index, value] of [0.3, 0.1, Number.NaN].entries()) {
    const run = await newRun(folder);
    await record(
      folder,
      run,
      { k: 'params', v: { lr: index === 1 ? 0.01 : 0.1 } },
      { k: 'metric', n: 'loss', v: value },
    );
  }
  const catalog = await openTestCatalog(folder);
  let tell: (message: HostToExperimentPage) => void = () => {};
  const messages = collector<HostToExperimentPage>((listener) => {
    tell = listener;
    return { dispose: () => {} };
  });
  const session = new ExperimentSession({
    catalog,
    experimentKey: 'iris',
    post: (message) => tell(JSON.parse(JSON.stringify(message)) as HostToExperimentPage),
    layout: () => layout,
    onError: (error) => {
      throw error;
    },
  });
  onCleanup(() => session.dispose());
  let id = 0;
  const ask = async <M extends keyof ExperimentPageRequests>(
    method: M,
    params: ExperimentPageRequests[M]['params'],
  ): Promise<ExperimentPageRequests[M]['result']> => {
    id += 1;
    const request = parseExperimentPageMessage({ type: 'request', id, method, params });
    if (request?.type !== 'request') {
      throw new Error(`${method} is not understood.`);
    }
    await session.answer(request);
    const response = messages.values.find((message) => message.type === 'response' && message.id === id);
    if (response?.type !== 'response' || 'error' in response) {
      throw new Error(response !== undefined && 'error' in response ? response.error : 'no answer');
    }
    return response.result as ExperimentPageRequests[M]['result'];
  };
  return { folder, catalog, session, messages, ask };
}

async function runsOf(answer: Promise<ExperimentPageRequests['table']['result']>): Promise<RunsModel> {
  const table = await answer;
  if ('problem' in table) {
    throw new Error(table.problem.message);
  }
  return table;
}

describe("an experiment's page", () => {
  it('gets its model, the order of its runs, and the rows that it shows', async () => {
    const { session, messages, ask } = await openSession();
    await session.start();
    expect(messages.values[0]).toMatchObject({
      type: 'model',
      model: { workspace: 'vision', experiment: 'iris', layout, views: [] },
      restore: { experimentKey: 'iris' },
    });
    const table = await runsOf(
      ask('table', { filter: '', sort: [{ field: loss, isDescending: false }], withChildren: false }),
    );
    expect(table).toMatchObject({ total: 3, warnings: [] });
    const rows = await ask('rows', { runs: table.runs, columns: [loss, rate] });
    // What is no number comes last.
    expect(rows.map(({ number, label, values }) => [number, label, values])).toEqual([
      [2, 'run 2', [0.1, 0.01]],
      [1, 'run 1', [0.3, 0.1]],
      [3, 'run 3', [{ $float: 'NaN' }, 0.1]],
    ]);
    const [low, high] = await ask('groups', { runs: table.runs, groupBy: [rate], fields: [loss] });
    expect([low, high]).toMatchObject([
      { values: [0.01], statistics: [{ count: 1, mean: 0.1 }] },
      { values: [0.1], statistics: [{ count: 1, mean: 0.3 }] },
    ]);
    expect(await ask('values', { runs: table.runs, field: loss })).toEqual([0.1, 0.3, null]);
    expect(await ask('columns', {})).toMatchObject({ metrics: [{ name: 'loss' }], parameters: [{ name: 'lr' }] });
  });

  it('is told where a filter cannot be understood, what a name may be, and what can stand there', async () => {
    const { ask } = await openSession();
    expect(await ask('table', { filter: 'metrics.loss <', sort: [], withChildren: false })).toMatchObject({
      problem: { position: 14, length: 0 },
    });
    const table = await runsOf(ask('table', { filter: 'metrics.lost < 1', sort: [], withChildren: false }));
    expect(table).toMatchObject({ runs: [], warnings: [expect.stringContaining('loss')] });
    const completions = await ask('completions', { filter: 'metrics.l', offset: 9 });
    expect(completions.map(({ insertText }) => insertText)).toContain('metrics.loss');
    const change = { filter: 'status = Running', field: rate, value: 0.01, isExcluded: false };
    expect(await ask('narrow', change)).toBe('status = "Running" and params.lr = 0.01');
  });

  it('is told of runs that come and of what runs record, and of nothing while it is hidden', async () => {
    const { folder, session, messages } = await openSession();
    await session.start();
    const run = await newRun(folder);
    await record(folder, run, { k: 'metric', n: 'loss', v: 1 });
    await messages.until((all) =>
      all.some((message) => message.type === 'changed' && message.isListChanged && message.runIds.includes(run.runId)),
    );
    session.pause();
    const count = messages.values.length;
    await record(folder, run, { k: 'metric', n: 'loss', v: 2 });
    await session.start();
    expect(messages.values.slice(count).map(({ type }) => type)).toEqual(['model']);
  });
});

describe('a saved view', () => {
  it('is a file that people can read, and is read back as it was', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder);
    const view = {
      filter: 'metrics.loss < 1',
      sort: [{ field: loss, isDescending: true }],
      groupBy: [{ kind: 'tag' as const, name: 'a "b"' }],
      columns: [rate, { kind: 'metric' as const, part: 'max' as const, name: 'val/acc' }],
      withChildren: true,
      charts: ['val/acc', 'loss'],
      aggregate: 'mean' as const,
      curves: { xAxis: 'relative', xScale: 'log', yScale: 'linear', smoothing: 0.9 } as const,
      widths: [{ field: rate, width: 120 }],
    };
    await saveView(folder, 'iris', 'Learning rates', view);
    expect(await savedViews(folder, 'iris')).toEqual(['Learning rates']);
    expect(await readSavedView(folder, 'iris', 'learning RATES')).toEqual(view);
    const file = join(folder, '.runledger', 'views', 'iris', 'learning rates.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      format: 1,
      name: 'Learning rates',
      filter: 'metrics.loss < 1',
      sort: ['metrics.loss desc'],
      groupBy: ['tags."a \\"b\\""'],
      columns: ['params.lr', 'max(metrics.val/acc)'],
      withChildren: true,
      charts: ['val/acc', 'loss'],
      aggregate: 'mean',
      curves: { xAxis: 'relative', xScale: 'log', yScale: 'linear', smoothing: 0.9 },
      widths: { 'params.lr': 120 },
    });
  });

  it('has the runs that it names whatever is said of its charts', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder);
    const views = join(folder, '.runledger', 'views', 'iris');
    await mkdir(views, { recursive: true });
    const odd = {
      format: 1,
      name: 'odd',
      filter: 'a',
      charts: 'loss',
      curves: { smoothing: 2 },
      widths: { 'params.lr': 0 },
    };
    await writeFile(join(views, 'odd.json'), JSON.stringify(odd));
    expect(await readSavedView(folder, 'iris', 'odd')).toEqual({
      filter: 'a',
      sort: [],
      groupBy: [],
      columns: undefined,
      withChildren: false,
    });
  });

  it('that cannot be read hides no other, and says what is wrong where it is asked for', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder);
    const views = join(folder, '.runledger', 'views', 'iris');
    await mkdir(views, { recursive: true });
    await writeFile(join(views, 'torn.json'), '{"format": 1, "na');
    await writeFile(join(views, 'odd.json'), '{"format": 1, "name": "odd", "sort": ["no such field"]}');
    expect(await savedViews(folder, 'iris')).toEqual(['odd']);
    await expect(readSavedView(folder, 'iris', 'odd')).rejects.toMatchObject({ reason: 'invalid-argument' });
    await expect(readSavedView(folder, 'iris', '../x')).rejects.toMatchObject({ reason: 'invalid-name' });
    await expect(readSavedView(folder, 'iris', 'gone')).rejects.toMatchObject({ reason: 'not-found' });
  });
});

describe('what a page sends', () => {
  it.each([
    undefined,
    { type: 'request', id: 1, method: 'rows', params: { runs: ['1'], columns: [] } },
    {
      type: 'request',
      id: 1,
      method: 'rows',
      params: { runs: [1], columns: [{ kind: 'attribute', name: 'constructor' }] },
    },
    { type: 'request', id: 1, method: 'gone', params: {} },
    { type: 'action', action: 'delete', runs: [1.5] },
    { type: 'layout', layout: { filter: 5 } },
  ])('%j is not taken', (message) => {
    expect(parseExperimentPageMessage(message)).toBeUndefined();
  });

  it('is taken where it is of the protocol, without what does not belong', () => {
    expect(parseExperimentPageMessage({ type: 'action', action: 'delete', runs: [1], force: true })).toEqual({
      type: 'action',
      action: 'delete',
      runs: [1],
    });
    const chosen = {
      ...layout,
      hidden: ['iris_1'],
      widths: [{ field: { kind: 'tag', name: 'team' }, width: 80 }],
      curves: { xAxis: 'relative', xScale: 'linear', yScale: 'log', smoothing: 0.5 },
    };
    expect(parseLayout(chosen)).toEqual(chosen);
    expect(parseLayout({ ...chosen, curves: { ...chosen.curves, smoothing: 1 } })).toBeUndefined();
    expect(
      parseLayout({ ...chosen, widths: [{ field: { kind: 'tag', name: 'team' }, width: Number.NaN }] }),
    ).toBeUndefined();
    expect(parseLayout({ ...layout, drawn: [{ id: 'iris_1', slot: 1 }] })).toEqual({
      ...layout,
      drawn: [{ id: 'iris_1', slot: 1 }],
    });
    expect(parseExperimentPageState({ workspaceFolder: '/w', experimentKey: 'iris', more: 1 })).toEqual({
      workspaceFolder: '/w',
      experimentKey: 'iris',
    });
    expect(parseExperimentPageState({ workspaceFolder: '/w' })).toBeUndefined();
  });
});
