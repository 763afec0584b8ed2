/** Stands in for the extension host of a model's page. Scenarios: versions, many, one, hostile, gone. */
import type {
  AnnotateVersionParams,
  HostToModelPage,
  ModelPageModel,
  ModelPageToHost,
  ModelRunModel,
  ModelVersionModel,
} from '../../src/protocol/modelPage.ts';
import { NOW, noiseOf } from './curves.ts';

const query = new URLSearchParams(location.search);
const scenario = query.get('scenario') ?? 'versions';
const theme = query.get('theme') ?? 'dark';
const themeClasses: Record<string, string> = { dark: 'vscode-dark', light: 'vscode-light', hc: 'vscode-high-contrast' };

document.documentElement.dataset.theme = theme;
document.addEventListener('DOMContentLoaded', () => document.body.classList.add(themeClasses[theme] ?? 'vscode-dark'));

const DAY = 86_400;
const labels = [
  'first-try',
  'baseline',
  'vgg11-bn-step',
  'trial 22',
  'resnet18-cosine-1e3',
  'resnet34-step-1e2',
  'resnet34-cosine-3e3',
];
const accuracies = [0.872, 0.913, 0.914, 0.921, 0.929, 0.934, 0.944];

function runOf(index: number): ModelRunModel {
  const accuracy = accuracies[index] ?? 0.9;
  return {
    id: `cifar10_17636744${index}_3fa9c1de`,
    label: labels[index] ?? `run ${index}`,
    number: 15 * (index + 1) + 17,
    experiment: 'cifar10-resnet',
    status: 'Completed',
    metrics: [
      { name: 'val/accuracy', last: accuracy },
      { name: 'val/loss', last: 0.451 - 0.04 * index + 0.01 * noiseOf(index) },
      { name: 'train/loss', last: 0.2 - 0.02 * index },
    ],
    parameters: [
      ['arch', index < 4 ? 'resnet18' : 'resnet34'],
      ['lr', 0.003 * (1 + (index % 3))],
      ['epochs', 90],
      ['mixup', index > 3],
    ],
    snapshotFiles: 41,
    branch: 'main',
    commit: '8c1f2e9a0b7d',
  };
}

function versionOf(index: number): ModelVersionModel {
  const version = index + 1;
  const files = [
    { path: 'model/config.json', bytes: 1220, modifiedTime: NOW },
    { path: 'model/labels.json', bytes: 214, modifiedTime: NOW },
    { path: 'model/model.pt', bytes: index > 3 ? 81_300_000 : 42_700_000, modifiedTime: NOW },
    { path: 'README.md', bytes: 1800, modifiedTime: NOW },
    { path: 'requirements.txt', bytes: 642, modifiedTime: NOW },
  ];
  return {
    kind: 'version',
    version,
    id: `cifar10-classifier:${version}`,
    createdTime: NOW - (6 - index) * 7 * DAY - 4 * 3600,
    user: 'mara',
    description:
      version === 7
        ? 'ResNet-34, cosine schedule, mixup 0.2. First version above **0.940** on the validation split; replaces version 4 in `serve/`.'
        : undefined,
    tags:
      version === 7
        ? [
            ['stage', 'production'],
            ['arch', 'resnet34'],
          ]
        : version === 4
          ? [['stage', 'previous']]
          : [],
    properties:
      version === 7
        ? [
            ['val_accuracy', '0.944'],
            ['trained_on', 'cifar10-v2'],
          ]
        : [],
    framework: index > 3 ? 'PyTorch 2.9.0' : 'PyTorch 2.8.1',
    path: 'outputs/model',
    files,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    runId: runOf(index).id,
    experiment: 'cifar10-resnet',
    run: runOf(index),
  };
}

function fromFile(version: number): ModelVersionModel {
  const { run: _none, ...rest } = versionOf(version - 1);
  return { ...rest, runId: undefined, experiment: undefined, path: '/home/mara/models/iris.pkl' };
}

const hostileName = `<img src=x onerror=alert(1)> \u202Egnp.exe ${'long '.repeat(40)}\u001b[31m`;

function hostile(): ModelPageModel {
  const version = versionOf(6);
  const run = {
    ...runOf(6),
    label: hostileName,
    branch: hostileName,
    metrics: [{ name: hostileName, last: { $float: 'NaN' as const } }, ...runOf(6).metrics],
  };
  const { run: _none, ...deleted } = versionOf(5);
  return {
    name: hostileName,
    workspace: hostileName,
    hasRuns: true,
    versions: [
      {
        ...version,
        id: `${hostileName}:7`,
        description: `${hostileName}\n\n[link](command:x) <script>alert(1)</script>`,
        tags: [
          [hostileName, hostileName],
          ['empty', ''],
          ['none', null],
        ],
        properties: [[hostileName, hostileName]],
        framework: hostileName,
        user: hostileName,
        path: hostileName,
        files: [{ path: hostileName, bytes: 1, modifiedTime: NOW }],
        run,
      },
      deleted,
      {
        kind: 'unreadable',
        version: 5,
        problem:
          'model.json is incomplete, so the model cannot be read: /home/mara/vision/.runledger/models/x/versions/5/model.json.',
      },
      { ...fromFile(4), files: [], bytes: 0 },
    ],
  };
}

function modelOf(): ModelPageModel {
  const base = { name: 'cifar10-classifier', workspace: 'vision', hasRuns: true };
  switch (scenario) {
    case 'one':
      return { ...base, versions: [fromFile(1)] };
    case 'many':
      return {
        ...base,
        versions: Array.from({ length: 60 }, (_, index) => ({ ...versionOf((59 - index) % 7), version: 60 - index })),
      };
    case 'hostile':
      return hostile();
    default:
      return { ...base, versions: [6, 5, 4, 3, 2, 1, 0].map(versionOf) };
  }
}

let model = modelOf();
/** What the page asked of the editor. */
const actions: ModelPageToHost[] = [];

function send(message: HostToModelPage): void {
  window.dispatchEvent(new MessageEvent('message', { data: JSON.parse(JSON.stringify(message)) }));
}

function sendModel(): void {
  send({ type: 'model', model, restore: { workspaceFolder: '/home/mara/vision', modelKey: 'cifar10-classifier' } });
}

function annotate({ version, description, addTags = [], removeTags = [] }: AnnotateVersionParams): void {
  const versions = model.versions.map((entry) => {
    if (entry.kind === 'unreadable' || entry.version !== version) {
      return entry;
    }
    const tags = new Map(entry.tags);
    for (const name of removeTags) {
      tags.delete(name);
    }
    for (const [name, value] of addTags) {
      tags.set(name, value);
    }
    return { ...entry, tags: [...tags], ...(description !== undefined && { description: description ?? undefined }) };
  });
  model = { ...model, versions };
}

function receive(message: ModelPageToHost): void {
  switch (message.type) {
    case 'ready':
      if (scenario === 'gone') {
        send({
          type: 'gone',
          message: 'No version of this model is left. Deleted ones are brought back by "Runledger: Restore Model…".',
        });
      } else {
        sendModel();
      }
      return;
    case 'request':
      annotate(message.params);
      send({ type: 'response', id: message.id, result: null });
      sendModel();
      return;
    case 'action':
      actions.push(message);
      return;
    default:
      message satisfies never;
  }
}

let state: unknown;
Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: ModelPageToHost) => setTimeout(() => receive(message), 10),
    getState: () => state,
    setState: (next: unknown) => {
      state = next;
    },
  }),
  runledgerSend: send,
  runledgerActions: actions,
});
