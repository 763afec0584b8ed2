/** Stands in for the extension host of an experiment's page: an invented experiment of as many runs as `?runs=` says. */
import type {
  ExperimentPageRequest,
  ExperimentPageToHost,
  FieldModel,
  GroupModel,
  HostToExperimentPage,
  LayoutModel,
  RowModel,
  SortModel,
  StatisticsModel,
} from '../../src/protocol/experimentPage.ts';
import type { RunStatusName } from '../../src/protocol/runPage.ts';
import type { SeriesModel } from '../../src/protocol/series.ts';
import type { WireScalar } from '../../src/protocol/wire.ts';
import { noiseOf } from './curves.ts';

const query = new URLSearchParams(location.search);
const theme = query.get('theme') ?? 'dark';
const count = Number(query.get('runs') ?? 128);
const themeClasses: Record<string, string> = { dark: 'vscode-dark', light: 'vscode-light', hc: 'vscode-high-contrast' };

document.documentElement.dataset.theme = theme;
document.addEventListener('DOMContentLoaded', () => document.body.classList.add(themeClasses[theme] ?? 'vscode-dark'));

function send(message: HostToExperimentPage): void {
  window.dispatchEvent(new MessageEvent('message', { data: JSON.parse(JSON.stringify(message)) }));
}

interface InventedRun extends Omit<RowModel, 'values'> {
  readonly parameters: Readonly<Record<string, WireScalar>>;
  readonly tags: Readonly<Record<string, WireScalar>>;
  readonly metrics: Readonly<Record<string, number>>;
}

const architectures = ['resnet18', 'resnet34', 'wrn16x4', 'mobilenet', 'vgg11-bn', '<b>bold</b>'];
const rates = [1e-3, 3e-3, 1e-2, 1e-1];
const now = Date.now() / 1000;

function invented(run: number): InventedRun {
  const arch = architectures[run % architectures.length] ?? '';
  const lr = rates[(run * 7) % rates.length] ?? 0;
  const accuracy = 0.95 - 0.2 * Math.exp(-run / 30) - 0.05 * Math.abs(noiseOf(run * 3));
  const created = now - (count - run) * 2700 - 60;
  const status: RunStatusName =
    run > count - 2 ? 'Running' : run === count - 2 ? 'Queued' : run % 17 === 0 ? 'Failed' : 'Completed';
  return {
    run,
    id: `cifar10_${1_763_000_000 + run}_${run.toString(16).padStart(8, '0')}`,
    number: run,
    label:
      run % 23 === 0
        ? 'a\u202Emark that turns the text'.repeat(3)
        : `${arch}-${run % 2 === 0 ? 'cosine' : 'step'}-${lr}`,
    status,
    problem: undefined,
    parentId: undefined,
    created,
    started: status === 'Queued' ? undefined : created + 4,
    ended: status === 'Running' || status === 'Queued' ? undefined : created + 1800 + 900 * Math.abs(noiseOf(run)),
    parameters: { arch, lr, batch: 64 * (1 + (run % 4)), schedule: run % 2 === 0 ? 'cosine' : 'step', wd: 5e-4 },
    tags: run % 9 === 0 ? { starred: true } : {},
    metrics:
      status === 'Queued'
        ? {}
        : {
            'val/accuracy': accuracy,
            'val/loss': 1.2 - accuracy + 0.02 * noiseOf(run),
            'train/loss': 0.03 + 0.05 * Math.abs(noiseOf(run + 5)),
            parameters: 11_173_962,
            'lr at end': lr / 100,
          },
  };
}

const runs = Array.from({ length: count }, (_, index) => invented(index + 1));

function recordedIn(run: InventedRun, field: FieldModel): WireScalar {
  switch (field.kind) {
    case 'metric':
      return run.metrics[field.name] ?? null;
    case 'parameter':
      return run.parameters[field.name] ?? null;
    case 'tag':
      return run.tags[field.name] ?? null;
    case 'property':
      return null;
    case 'attribute':
      return (
        { name: run.label, number: run.number, status: run.status, created: run.created, id: run.id }[
          field.name as 'name'
        ] ?? (field.name === 'duration' && run.started !== undefined ? (run.ended ?? now) - run.started : null)
      );
  }
}

function sorted(sort: readonly SortModel[]): readonly InventedRun[] {
  return runs.toSorted((a, b) => {
    for (const { field, isDescending } of sort) {
      const [x, y] = [recordedIn(a, field), recordedIn(b, field)];
      if (x !== y) {
        const order = x === null ? 1 : y === null ? -1 : (x < y ? -1 : 1) * (isDescending ? -1 : 1);
        return order;
      }
    }
    return b.run - a.run;
  });
}

function statisticsOf(values: readonly WireScalar[]): StatisticsModel | null {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === 0) {
    return null;
  }
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count: numbers.length,
    mean,
    standardDeviation: numbers.length === 1 ? 0 : Math.sqrt(squares / (numbers.length - 1)),
    min: Math.min(...numbers),
    max: Math.max(...numbers),
  };
}

function runOf(key: number): readonly InventedRun[] {
  const run = runs[key - 1];
  return run === undefined ? [] : [run];
}

function groupsOf(
  keys: readonly number[],
  groupBy: readonly FieldModel[],
  fields: readonly FieldModel[],
): GroupModel[] {
  const groups = new Map<string, { values: WireScalar[]; members: InventedRun[] }>();
  for (const run of keys.flatMap(runOf)) {
    const values = groupBy.map((field) => recordedIn(run, field));
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { values, members: [] };
    group.members.push(run);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ values, members }) => ({
    values,
    runs: members.map(({ run }) => run),
    statistics: fields.map((field) => statisticsOf(members.map((run) => recordedIn(run, field)))),
  }));
}

function seriesOf(runId: string, metric: string): SeriesModel {
  const run = runs.find(({ id }) => id === runId);
  const last = run?.metrics[metric] ?? 0;
  const x = Array.from({ length: 300 }, (_, index) => index * 100);
  const isLoss = metric.includes('loss');
  const values = x.map((step) => {
    const rest = Math.exp(-step / 6000);
    return (isLoss ? last + 2 * rest : last * (1 - rest)) + 0.01 * noiseOf(step + (run?.run ?? 0) * 31);
  });
  return { x, times: x.map((step) => now + step), values, totalCount: x.length };
}

function answer(request: ExperimentPageRequest): unknown {
  switch (request.method) {
    case 'table': {
      const { filter, sort } = request.params;
      if (filter.endsWith('<')) {
        return { problem: { message: 'A value is missing behind "<".', position: filter.length, length: 0 } };
      }
      const matching = sorted(sort).filter(({ id, label }) =>
        filter.startsWith('id in')
          ? filter.includes(id)
          : filter === '' || filter.includes('.') || label.includes(filter),
      );
      return {
        runs: matching.map(({ run }) => run),
        total: count,
        statuses: (['Completed', 'Failed', 'Running', 'Queued'] as const).map((status) => ({
          status,
          count: runs.filter((run) => run.status === status).length,
        })),
        lastCreated: runs.at(-1)?.created,
        warnings: [],
      };
    }
    case 'rows':
      return request.params.runs
        .flatMap(runOf)
        .map((run) => ({ ...run, values: request.params.columns.map((field) => recordedIn(run, field)) }));
    case 'groups':
      return groupsOf(request.params.runs, request.params.groupBy, request.params.fields);
    case 'values':
      return request.params.runs.flatMap(runOf).map((run) => recordedIn(run, request.params.field));
    case 'columns':
      return {
        metrics: ['lr at end', 'parameters', 'train/loss', 'val/accuracy', 'val/loss'].map((name) => ({
          name,
          kind: 'metric',
          isSystem: false,
          runCount: count - 1,
          mostPoints: name.includes('/') ? 300 : 1,
          hasNumbers: true,
        })),
        parameters: ['arch', 'batch', 'lr', 'schedule', 'wd'].map((name) => ({ name, runCount: count })),
        tags: [{ name: 'starred', runCount: Math.floor(count / 9) }],
        properties: [],
      };
    case 'completions':
      return ['metrics."val/accuracy"', 'metrics."val/loss"', 'params.arch', 'params.lr', 'status'].map((label) => ({
        kind: 'field',
        label,
        insertText: label,
        detail: label === 'status' ? 'the state: Running, Completed, Failed, …' : undefined,
        start: request.params.filter.search(/\S*$/),
        end: request.params.offset,
      }));
    case 'narrow':
      return `${request.params.field.kind}.${request.params.field.name} = ${JSON.stringify(request.params.value)}`;
    case 'series':
      return seriesOf(request.params.runId, request.params.metric);
    case 'readView':
      return { filter: '', sort: [], groupBy: [{ kind: 'parameter', name: 'arch' }], withChildren: false };
    default:
      return request satisfies never;
  }
}

const pinned = query.has('pinned') ? [runs[5]?.id ?? '', runs[11]?.id ?? ''] : [];
const layout: LayoutModel = {
  filter: query.get('filter') ?? '',
  sort: query.has('sorted')
    ? [{ field: { kind: 'metric', part: 'max', name: 'val/accuracy' }, isDescending: true }]
    : [],
  groupBy: query.has('grouped') ? [{ kind: 'parameter', name: 'arch' }] : [],
  withChildren: false,
  pinned,
  showsCharts: true,
  aggregate: 'max',
};
/** What the page asked of the editor. */
const actions: ExperimentPageToHost[] = [];

function receive(message: ExperimentPageToHost): void {
  switch (message.type) {
    case 'ready':
      send({
        type: 'model',
        model: { workspace: 'vision', experiment: 'cifar10-resnet', layout, views: ['lr study'] },
        restore: { workspaceFolder: '/home/mara/vision', experimentKey: 'cifar10-resnet' },
      });
      return;
    case 'request':
      send({ type: 'response', id: message.id, result: answer(message) });
      return;
    case 'action':
    case 'layout':
    case 'cancel':
      actions.push(message);
      return;
    default:
      message satisfies never;
  }
}

Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: ExperimentPageToHost) => setTimeout(() => receive(message), 5),
    getState: () => undefined,
    setState: () => {},
  }),
  runledgerActions: actions,
  runledgerSend: send,
});
