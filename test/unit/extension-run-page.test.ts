import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runStatuses } from '../../src/core/domain/runStatus.ts';
import { parseDefinition } from '../../src/core/orchestration/definition.ts';
import { currentProcessIdentity } from '../../src/core/store/processIdentity.ts';
import { annotateRun } from '../../src/core/store/runAnnotations.ts';
import type { CreatedRun } from '../../src/core/store/runCreation.ts';
import { deleteRun } from '../../src/core/store/trash.ts';
import { MetricsLayouts, parseMetricsLayout } from '../../src/extension/run-page/metricsLayouts.ts';
import { toOrchestrationModel } from '../../src/extension/run-page/runPageMapping.ts';
import { RunPageSession } from '../../src/extension/run-page/runPageSession.ts';
import { defaultMetricsLayout } from '../../src/protocol/metricsLayout.ts';
import { type HostToRunPage, type LogModel, type RunPageRequest, runStatusNames } from '../../src/protocol/runPage.ts';
import {
  collector,
  newRun,
  onCleanup,
  openTestCatalog,
  openTestJournal,
  record,
  temporaryWorkspace,
} from '../support/temporaryStore.ts';

type Delta = Extract<HostToRunPage, { type: 'delta' }>;
type Response = Extract<HostToRunPage, { type: 'response' }>;

/** What VS Code keeps for a window, as JSON. */
function memoryMemento() {
  const kept = new Map<string, string>();
  return {
    get: (key: string): unknown => JSON.parse(kept.get(key) ?? 'null'),
    update: async (key: string, value: unknown): Promise<void> => {
      kept.set(key, JSON.stringify(value));
    },
  };
}

/** A page's session over a real store, and the messages that the page would get, as they cross. */
async function openSession(folder: string, run: CreatedRun) {
  const catalog = await openTestCatalog(folder);
  let tell: (message: HostToRunPage) => void = () => {};
  const statuses: string[] = [];
  const memento = memoryMemento();
  const messages = collector<HostToRunPage>((listener) => {
    tell = listener;
    return { dispose: () => {} };
  });
  const session = new RunPageSession({
    catalog,
    runId: run.runId,
    post: (message) => tell(JSON.parse(JSON.stringify(message)) as HostToRunPage),
    artifactUri: () => (path) => `page:/${path}`,
    onSummary: (summary) => statuses.push(summary.status),
    layouts: new MetricsLayouts(memento),
    onError: (error) => {
      throw error;
    },
    listSnapshot: () => Promise.resolve([{ path: 'train.py', bytes: 3, isExecutable: false }]),
    annotate: (annotations) => annotateRun(folder, run.runId, annotations, 'test'),
  });
  onCleanup(() => session.dispose());
  const ask = async (request: RunPageRequest): Promise<Response> => {
    await session.answer(request);
    const answer = messages.values.find((message) => message.type === 'response' && message.id === request.id);
    if (answer?.type !== 'response') {
      throw new Error('The request was not answered.');
    }
    return answer;
  };
  const deltas = (): Delta[] => messages.values.filter((message) => message.type === 'delta');
  return { session, messages, deltas, ask, statuses };
}

async function runningRun(folder: string) {
  const run = await newRun(folder);
  const journal = await openTestJournal(folder, run);
  onCleanup(() => journal.close());
  await journal.append({ k: 'process', role: 'script', ...(await currentProcessIdentity()) });
  await journal.append({ k: 'status', v: 'Running' });
  return { run, journal };
}

describe('a page of a run', () => {
  it('knows every state that a run can have', () => {
    expect(runStatusNames).toEqual(runStatuses);
  });

  it('of a sweep has its trials, then their metrics, and tells of each that is new or goes on', async () => {
    const folder = await temporaryWorkspace();
    const sweep = await newRun(folder, {
      type: 'hyperdrive',
      properties: { primary_metric_config: '{"name":"acc","goal":"maximize"}' },
    });
    const trial = (number: number) =>
      newRun(folder, { parentId: sweep.runId, trial: { number, hyperparameters: { '--lr': 0.1 } } });
    await record(
      folder,
      await trial(0),
      { k: 'metric', n: 'acc', v: 0.9 },
      { k: 'metric', n: 'acc', v: 0.7 },
      { k: 'status', v: 'Completed' },
    );
    const { session, messages } = await openSession(folder, sweep);
    const rows = () => messages.values.flatMap((message) => (message.type === 'children' ? message.rows : []));
    await session.start();
    expect(messages.values[0]).toMatchObject({
      type: 'model',
      model: {
        identity: { type: 'Sweep', canResubmit: true },
        primaryMetric: { name: 'acc', goal: 'maximize' },
        children: [{ label: 'trial 0', state: { status: 'Completed' }, parameters: [['--lr', 0.1]] }],
      },
    });
    // Of the primary metric the best value, not the last.
    await messages.until(() => rows().some(({ metrics }) => metrics?.[0]?.[1] === 0.9));

    const next = await trial(1);
    const journal = await openTestJournal(folder, next);
    onCleanup(() => journal.close());
    await journal.append({ k: 'process', role: 'script', ...(await currentProcessIdentity()) });
    await journal.append({ k: 'status', v: 'Running' });
    await messages.until(() => rows().some(({ label, state }) => label === 'trial 1' && state.status === 'Running'));
    await journal.append({ k: 'metric', n: 'acc', v: 0.5 });
    await messages.until(() => rows().some(({ label, metrics }) => label === 'trial 1' && metrics?.[0]?.[1] === 0.5));
    await journal.append({ k: 'status', v: 'Completed' });
    await messages.until(() => rows().some(({ label, state }) => label === 'trial 1' && state.status === 'Completed'));
    await deleteRun(folder, next.runId);
    await messages.until((values) =>
      values.some((message) => message.type === 'children' && message.removed.includes(next.runId)),
    );
  });

  it('gets the whole model first, with numbers that JSON cannot spell', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder, { displayName: 'baseline', tags: { kind: 'test' } });
    await record(
      folder,
      run,
      { k: 'metric', n: 'loss', v: Number.NaN },
      { k: 'metric', n: 'loss', v: 2 },
      { k: 'params', v: { lr: Number.POSITIVE_INFINITY, name: 'NaN' } },
      { k: 'image', n: 'plot', p: 'images/plot.png' },
    );
    const { session, messages, ask } = await openSession(folder, run);
    await session.start();
    expect(messages.values[0]).toMatchObject({
      type: 'model',
      version: 1,
      restore: { workspaceFolder: folder, runId: run.runId },
      model: {
        identity: { id: run.runId, workspace: 'vision', type: 'Script' },
        state: { status: 'NotStarted', displayName: 'baseline' },
        annotations: {
          tags: [['kind', 'test']],
          parameters: [
            ['lr', { $float: 'Infinity' }],
            ['name', 'NaN'],
          ],
          images: [{ name: 'plot', uri: 'page:/images/plot.png' }],
        },
        metrics: [{ name: 'loss', count: 2, last: 2 }],
      },
    });
    const series = await ask({
      type: 'request',
      id: 7,
      method: 'series',
      params: { metric: 'loss', axis: 'step', width: 100, xScale: 'linear', yScale: 'linear', origin: 0, smoothing: 0 },
    });
    expect(series).toMatchObject({ result: { x: [0, 1], values: ['NaN', 2], totalCount: 2 } });
  });

  it('gets one small message for one new point', async () => {
    const folder = await temporaryWorkspace();
    const { run, journal } = await runningRun(folder);
    for (let step = 0; step < 1000; step++) {
      await journal.append({ k: 'metric', n: 'loss', v: 1 / (step + 1), s: step });
    }
    const { session, messages, deltas } = await openSession(folder, run);
    await session.start();
    await journal.append({ k: 'metric', n: 'loss', v: 0.5, s: 1000 });
    await messages.until(() => deltas().some((delta) => delta.points !== undefined));
    await session.settled();
    expect(deltas()).toHaveLength(1);
    const [delta] = deltas();
    expect(delta).toMatchObject({ baseVersion: 1, version: 2, points: [{ metric: 'loss', x: [1000], values: [0.5] }] });
    expect(Object.keys(delta ?? {}).sort()).toEqual(['baseVersion', 'metrics', 'points', 'type', 'version']);
    expect(JSON.stringify(delta).length).toBeLessThan(600);
  });

  it('is told of the end of the run, and each delta leads on from the one before', async () => {
    const folder = await temporaryWorkspace();
    const { run, journal } = await runningRun(folder);
    const { session, messages, deltas, statuses } = await openSession(folder, run);
    await session.start();
    await journal.append({ k: 'tag', n: 'stage', v: 'done' });
    await messages.until(() => deltas().some((delta) => delta.annotations !== undefined));
    await journal.append({ k: 'status', v: 'Completed', exitCode: 0 });
    await messages.until(() => deltas().some((delta) => delta.state?.status === 'Completed'));
    const versions = deltas().map(({ baseVersion, version }) => [baseVersion, version]);
    expect(versions).toEqual(versions.map((_, index) => [index + 1, index + 2]));
    expect(statuses.at(-1)).toBe('Completed');
  });

  it('is told why the run waits, and what is installed where it runs', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    const journal = await openTestJournal(folder, run);
    onCleanup(() => journal.close());
    await journal.append({ k: 'process', role: 'supervisor', ...(await currentProcessIdentity()) });
    await journal.append({ k: 'status', v: 'Queued', reason: 'In the queue of main, next (Resources)' });
    const { session, messages, deltas } = await openSession(folder, run);
    await session.start();
    expect(messages.values[0]).toMatchObject({
      model: { state: { status: 'Queued', waitReason: 'In the queue of main, next (Resources)' } },
    });
    expect(messages.values[0]).not.toHaveProperty('model.installed');
    await writeFile(join(run.folder, 'installed.json'), '{"python":"3.11.2","packages":{"numpy":"2.0.0"}}');
    await journal.append({ k: 'status', v: 'Running' });
    await messages.until(() => deltas().some(({ installed }) => installed !== undefined));
    expect(deltas().find(({ state }) => state?.status === 'Running')?.state).not.toHaveProperty('waitReason');
    expect(deltas().flatMap(({ installed }) => installed ?? [])).toEqual([
      { python: '3.11.2', platform: '', gpus: [], packageCount: 1 },
    ]);
  });

  it('is not answered what it does not wait for any more', async () => {
    const folder = await temporaryWorkspace();
    const { run, journal } = await runningRun(folder);
    await journal.append({ k: 'metric', n: 'loss', v: 1 });
    const { session, messages } = await openSession(folder, run);
    await session.start();
    const range = { axis: 'step', width: 9, xScale: 'linear', yScale: 'linear', origin: 0, smoothing: 0.5 } as const;
    const answering = session.answer({
      type: 'request',
      id: 5,
      method: 'series',
      params: { metric: 'loss', ...range },
    });
    session.cancel(5);
    await answering;
    expect(messages.values.filter(({ type }) => type === 'response')).toEqual([]);
  });

  it('finds its layout again, as every run of the experiment does', async () => {
    const folder = await temporaryWorkspace();
    const { run } = await runningRun(folder);
    const { session, messages } = await openSession(folder, run);
    await session.start();
    const layout = { ...defaultMetricsLayout, yScale: 'log', pinned: ['val/loss'] } as const;
    session.keepLayout(layout);
    await session.start();
    const models = messages.values.filter((message) => message.type === 'model');
    expect(models.map((message) => message.layout)).toEqual([undefined, layout]);
  });

  it('keeps of a layout what can be one', () => {
    const kept = parseMetricsLayout({ ...defaultMetricsLayout, smoothing: 7, pinned: ['a', 3], hidden: 'all' });
    expect(kept).toEqual({ ...defaultMetricsLayout, pinned: ['a'] });
    expect(parseMetricsLayout(null)).toBeUndefined();
  });

  it('gets nothing while it is hidden, and the whole again when it is shown', async () => {
    const folder = await temporaryWorkspace();
    const { run, journal } = await runningRun(folder);
    const { session, messages } = await openSession(folder, run);
    const other = await openSession(folder, run);
    await session.start();
    await other.session.start();
    session.pause();
    const before = messages.values.length;
    await journal.append({ k: 'metric', n: 'loss', v: 1 });
    // The other page, which is not hidden, shows that the point was told.
    await other.messages.until(() => other.deltas().length > 0);
    expect(messages.values).toHaveLength(before);
    await session.start();
    expect(messages.values.at(-1)).toMatchObject({ type: 'model', version: 2, model: { metrics: [{ count: 1 }] } });
  });

  it('follows a log from its last part on', async () => {
    const folder = await temporaryWorkspace();
    const { run } = await runningRun(folder);
    const file = join(run.folder, 'artifacts', 'logs', 'out.txt');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, 'first\n');
    const { session, messages, ask } = await openSession(folder, run);
    await session.start();
    const answer = await ask({ type: 'request', id: 1, method: 'followLog', params: { path: 'logs/out.txt' } });
    expect(answer).toMatchObject({ result: { path: 'logs/out.txt', start: 0, end: 6, text: 'first\n' } });
    await writeFile(file, 'second\n', { flag: 'a' });
    const isLog = (message: HostToRunPage): boolean => message.type === 'log';
    await messages.until((values) => values.some(isLog));
    expect(messages.values.find(isLog)).toMatchObject({ log: { path: 'logs/out.txt', start: 6, text: 'second\n' } });
  });

  it('answers with a sentence where a file is not the run’s, is missing or is no JSON', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    await mkdir(join(run.folder, 'artifacts'), { recursive: true });
    await writeFile(join(run.folder, 'artifacts', 'bad.json'), '{');
    const { ask } = await openSession(folder, run);
    const errorOf = async (id: number, path: string): Promise<string> => {
      const answer = await ask({ type: 'request', id, method: 'document', params: { path } });
      return 'error' in answer ? answer.error : '';
    };
    expect(await errorOf(1, '../run.json')).not.toBe('');
    expect(await errorOf(2, 'missing.json')).toBe('The file is not there any more.');
    expect(await errorOf(3, 'bad.json')).toBe('bad.json does not hold JSON.');
  });

  it('is told when the run is deleted', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    await record(folder, run, { k: 'status', v: 'Completed' });
    const { session, messages } = await openSession(folder, run);
    await session.start();
    await deleteRun(folder, run.runId);
    await session.start();
    expect(messages.values.at(-1)).toMatchObject({ type: 'gone' });
  });
});

describe('a long log', () => {
  it('is sent from its end with the number of its first line, then from any line, and searched whole', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    const file = join(run.folder, 'artifacts', 'logs', 'std_log.txt');
    await mkdir(dirname(file), { recursive: true });
    const lines = Array.from(
      { length: 30_000 },
      (_, index) => `line ${index} ${'x'.repeat(40)}${index % 9999 === 0 ? ' loss' : ''}`,
    );
    await writeFile(file, `${lines.join('\n')}\n`);
    const { session, ask } = await openSession(folder, run);
    await session.start();
    const path = 'logs/std_log.txt';
    const result = async (request: RunPageRequest): Promise<unknown> => {
      const answer = await ask(request);
      return 'result' in answer ? answer.result : undefined;
    };
    const tail = (await result({ type: 'request', id: 1, method: 'followLog', params: { path } })) as LogModel;
    expect(tail.start).toBeGreaterThan(0);
    expect(tail.text.startsWith(`line ${tail.firstLine} `)).toBe(true);
    const part = (await result({
      type: 'request',
      id: 2,
      method: 'readLog',
      params: { path, line: 9999 },
    })) as LogModel;
    expect(part.firstLine).toBeLessThan(9999);
    expect(part.text.split('\n')[9999 - (part.firstLine ?? 0)]).toBe(lines[9999]);
    const params = { path, text: 'LOSS', isCaseSensitive: false };
    expect(await result({ type: 'request', id: 3, method: 'searchLog', params })).toEqual({
      lines: [0, 9999, 19_998, 29_997],
      count: 4,
    });
  });
});

describe('what a page knows of an orchestration', () => {
  const job = { sourceDirectory: '/code', script: 'a.py', runConfiguration: { name: 'local', target: 'gpu' } };

  it('is each step of a pipeline with those that it waits for, also for what they make', () => {
    const definition = parseDefinition({
      kind: 'pipeline',
      steps: [
        {
          id: 'a',
          name: 'prepare',
          type: 'PythonScriptStep',
          job,
          outputs: [{ name: 'data', folder: '/d', datastore: 's', path: 'p' }],
        },
        {
          id: 'b',
          name: '<b>',
          type: 'PythonScriptStep',
          job: { ...job, arguments: [{ input: { step: 'a', output: 'data' } }] },
        },
        { id: 'c', name: 'report', type: 'PythonScriptStep', job, runAfter: ['b', 'a'] },
      ],
    });
    expect(toOrchestrationModel(definition)).toEqual({
      kind: 'pipeline',
      steps: [
        { id: 'a', name: 'prepare', type: 'PythonScriptStep', target: 'gpu', after: [] },
        { id: 'b', name: '<b>', type: 'PythonScriptStep', target: 'gpu', after: ['a'] },
        { id: 'c', name: 'report', type: 'PythonScriptStep', target: 'gpu', after: ['b', 'a'] },
      ],
    });
  });

  it('is how a sweep goes about it', () => {
    const definition = parseDefinition({
      kind: 'sweep',
      job,
      sampling: { type: 'grid', space: { '--lr': ['choice', [[0.1, 0.2]]] } },
      primaryMetric: { name: 'acc', goal: 'maximize' },
      maxTotalRuns: 10,
    });
    expect(toOrchestrationModel(definition)).toEqual({
      kind: 'sweep',
      sampling: 'grid',
      policy: 'none',
      trialLimit: 2,
    });
  });
});

describe('what a person changes on a page', () => {
  it('is recorded on the run, and comes back as a delta', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder, { displayName: 'before', tags: { stage: 'tuning' } });
    const { session, messages, ask } = await openSession(folder, run);
    await session.start();
    const answer = await ask({
      type: 'request',
      id: 1,
      method: 'annotate',
      params: {
        displayName: null,
        description: '*notes*',
        notes: 'other',
        addTags: [['team', 'vision']],
        removeTags: ['stage'],
      },
    });
    expect(answer).toEqual({ type: 'response', id: 1, result: null });
    await messages.until((all) =>
      all.some((message) => message.type === 'delta' && message.annotations?.description === '*notes*'),
    );
    const changed = messages.values.findLast((message) => message.type === 'delta' && message.annotations);
    expect(changed).toMatchObject({ annotations: { tags: [['team', 'vision']] } });
    await session.start();
    const model = messages.values.findLast((message) => message.type === 'model');
    expect(model).toMatchObject({ model: { annotations: { description: '*notes*', notes: 'other' } } });
    expect(model?.type === 'model' && model.model.state.displayName).toBeFalsy();
  });
});
