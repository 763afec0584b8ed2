/** Stands in for the extension host of a comparison: as many invented runs as `?runs=` says. */
import type {
  CompareModel,
  ComparePageRequest,
  ComparePageToHost,
  HostToComparePage,
} from '../../src/protocol/comparePage.ts';
import { noiseOf } from './curves.ts';

const query = new URLSearchParams(location.search);
const theme = query.get('theme') ?? 'dark';
const count = Number(query.get('runs') ?? 3);
const themeClasses: Record<string, string> = { dark: 'vscode-dark', light: 'vscode-light', hc: 'vscode-high-contrast' };

document.documentElement.dataset.theme = theme;
document.addEventListener('DOMContentLoaded', () => document.body.classList.add(themeClasses[theme] ?? 'vscode-dark'));

function send(message: HostToComparePage): void {
  window.dispatchEvent(new MessageEvent('message', { data: JSON.parse(JSON.stringify(message)) }));
}

const places = Array.from({ length: count }, (_, index) => index);
const now = Date.now() / 1000;
const picture = (hue: number): string =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160"><circle cx="120" cy="80" r="60" fill="hsl(${hue} 60% 50%)"/></svg>`)}`;

const model: CompareModel = {
  runs: places.map((index) => ({
    id: `cifar10_${1_763_000_000 + index}_3fa9c1de`,
    label: ['resnet18-step-1e2', 'resnet18-cosine-3e3', '<b>resnet34</b>-cosine-3e3'][index] ?? `run ${index}`,
    number: 120 + index,
    experiment: 'cifar10-resnet',
    status: index === 1 ? 'Running' : 'Completed',
    started: now - 4000,
    ended: index === 1 ? undefined : now - 1000 * index,
    slot: index,
    hasSnapshot: true,
  })),
  parameters: [
    { name: 'arch', values: places.map((index) => (index === 2 ? 'resnet34' : 'resnet18')) },
    { name: 'lr', values: places.map((index) => (index === 0 ? 0.01 : 0.003)) },
    { name: 'epochs', values: places.map(() => 90) },
    { name: 'warmup_epochs', values: places.map((index) => (index === 0 ? null : 5)) },
    { name: 'note', values: places.map((index) => (index === 1 ? 'long text '.repeat(60) : 'short')) },
  ],
  attributes: [{ name: 'Script', values: places.map(() => 'train.py') }],
  tags: [{ name: 'starred', values: places.map((index) => (index === 0 ? true : null)) }],
  metrics: ['val/accuracy', 'val/loss', 'train/grad_norm'].map((name, at) => ({
    name,
    isSystem: false,
    isCurve: true,
    values: places.map((index) => ({
      last: 0.9 + 0.01 * index - 0.3 * at,
      min: 0.2 - 0.02 * index,
      max: 0.93 + 0.008 * index,
    })),
  })),
  tables: [{ name: 'per_class', rowCounts: places.map((index) => (index === 1 ? null : 10)) }],
  images: [
    {
      name: 'embedding_tsne',
      images: places.map((index) => [0, 100, 200].map((step) => ({ uri: picture(index * 90 + step), step }))),
    },
  ],
};
const actions: ComparePageToHost[] = [];

function partOf(request: Exclude<ComparePageRequest, { method: 'series' }>): unknown {
  if (request.method === 'codeChanges') {
    return [
      { path: 'src/train.py', kind: 'changed' },
      { path: 'src/data/augment.py', kind: request.params.right.includes('2_') ? 'added' : 'changed' },
    ];
  }
  const place = model.runs.findIndex(({ id }) => id === request.params.runId);
  const rows = ['airplane', 'automobile', '<b>bird</b>', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'].map(
    (name, index) => [
      name,
      1000,
      0.9 + 0.01 * noiseOf(index + (index % 3 === 0 ? place : 0)),
      index === 4 ? null : 0.5,
    ],
  );
  return { columns: ['class', 'support', 'precision', 'recall'], rows, rowCount: rows.length };
}

function receive(message: ComparePageToHost): void {
  switch (message.type) {
    case 'ready':
      send({ type: 'model', model, restore: { workspaceFolder: '/w', runIds: model.runs.map(({ id }) => id) } });
      return;
    case 'request': {
      if (message.method !== 'series') {
        send({ type: 'response', id: message.id, result: partOf(message) });
        return;
      }
      const place = model.runs.findIndex(({ id }) => id === message.params.runId);
      const x = Array.from({ length: 300 }, (_, index) => index * 100);
      const values = x.map((step) => 0.9 + 0.02 * place - Math.exp(-step / 6000) + 0.02 * noiseOf(step + place * 37));
      send({ type: 'response', id: message.id, result: { x, times: x, values, totalCount: x.length } });
      return;
    }
    case 'action':
    case 'cancel':
      actions.push(message);
      return;
    default:
      message satisfies never;
  }
}

Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: ComparePageToHost) => setTimeout(() => receive(message), 5),
    getState: () => undefined,
    setState: () => {},
  }),
  runledgerActions: actions,
});
