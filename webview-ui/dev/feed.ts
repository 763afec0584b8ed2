/** Stands in for the extension host: answers the page's messages with an invented run, and lets it go on. */
import type {
  AnnotateParams,
  HostToRunPage,
  LogMatchesModel,
  RunPageRequest,
  RunPageToHost,
  TableModel,
} from '../../src/protocol/runPage.ts';
import {
  crowdedCurves,
  curves,
  heavyCurves,
  hostileCurves,
  manyCurves,
  metricOf,
  noiseOf,
  pointsOf,
} from './curves.ts';
import { documentOf } from './documents.ts';
import { logText } from './logText.ts';
import { previewOf, snapshotFiles } from './previews.ts';
import { modelOf } from './scenarios.ts';
import { sampled } from './series.ts';

const query = new URLSearchParams(location.search);
const scenario = query.get('scenario') ?? 'running';
const theme = query.get('theme') ?? 'dark';
const isLive = query.has('live');
const themeClasses: Record<string, string> = { dark: 'vscode-dark', light: 'vscode-light', hc: 'vscode-high-contrast' };

document.documentElement.dataset.theme = theme;
document.addEventListener('DOMContentLoaded', () => document.body.classList.add(themeClasses[theme] ?? 'vscode-dark'));

function send(message: HostToRunPage): void {
  window.dispatchEvent(new MessageEvent('message', { data: JSON.parse(JSON.stringify(message)) }));
}

const text = logText(Number(query.get('lines') ?? 600), scenario === 'failed');
/** What the page asked of the editor. */
const actions: RunPageToHost[] = [];
let version = 1;
let step = 21_120;
let logEnd = new TextEncoder().encode(text).length;

function table(metric: string): TableModel {
  if (metric === 'val/roc') {
    const rows = Array.from({ length: 101 }, (_, index) => [index / 100, (index / 100) ** 0.18]);
    return { columns: ['false_positive_rate', 'true_positive_rate'], rows };
  }
  if (metric === 'predictions') {
    const rows = Array.from({ length: 20_000 }, (_, index) => [
      `img_${index}.png`,
      index % 10,
      (index * 7) % 10,
      0.5 + 0.5 * Math.abs(noiseOf(index)),
    ]);
    return { columns: ['image', 'truth', 'predicted', 'confidence'], rows };
  }
  const names = ['airplane', 'auto', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
  return {
    columns: ['class', 'support', 'precision', 'recall', 'f1'],
    rows: names.map((name, index) => [
      name,
      488 + index * 3,
      index === 4 ? null : 0.9 + 0.05 * noiseOf(index),
      0.92 + 0.04 * noiseOf(index + 9),
      index === 7 ? { $float: 'NaN' } : 0.91 + 0.04 * noiseOf(index + 20),
    ]),
  };
}

function confusion(): unknown {
  const class_labels = ['airplane', 'auto', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
  const matrix = class_labels.map((_, row) =>
    class_labels.map((__, column) =>
      row === column
        ? 430 + Math.round(50 * noiseOf(row))
        : row + column === 8
          ? 40
          : noiseOf(row * 10 + column) > 0.2
            ? Math.round(6 * Math.abs(noiseOf(row + column * 7)))
            : 0,
    ),
  );
  return { schema_type: 'confusion_matrix', schema_version: '1.0.0', data: { class_labels, matrix } };
}

function searchOf(wanted: string, isCaseSensitive: boolean): LogMatchesModel {
  const fold = (line: string): string => (isCaseSensitive ? line : line.toLowerCase());
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours, which nobody looks for.
  const shown = text.replaceAll(/\u001b\[[\d;]*m/g, '').split('\n');
  const lines = shown.flatMap((line, index) => (fold(line).includes(fold(wanted)) ? [index] : []));
  return { lines, count: lines.length };
}

let model = modelOf(scenario);

function annotate({ displayName, description, notes, addTags = [], removeTags = [] }: AnnotateParams): null {
  const tags = new Map(model.annotations.tags);
  for (const name of removeTags) {
    tags.delete(name);
  }
  for (const [name, value] of addTags) {
    tags.set(name, value);
  }
  const annotations = {
    ...model.annotations,
    tags: [...tags],
    ...(description !== undefined && { description: description ?? undefined }),
    ...(notes !== undefined && { notes: notes ?? undefined }),
  };
  const state = { ...model.state, ...(displayName !== undefined && { displayName: displayName ?? undefined }) };
  model = { ...model, annotations, state };
  send({ type: 'delta', baseVersion: version, version: ++version, annotations, state });
  return null;
}

function answer(request: RunPageRequest): unknown {
  switch (request.method) {
    case 'series': {
      const curve = [...curves, ...manyCurves, ...heavyCurves, ...hostileCurves, ...crowdedCurves].find(
        ({ name }) => name === request.params.metric,
      );
      return curve === undefined ? undefined : sampled(pointsOf(curve), request.params);
    }
    case 'table':
      return table(request.params.metric);
    case 'document':
      return request.params.path.includes('confusion') ? confusion() : documentOf(request.params.path);
    case 'followLog':
      return { path: request.params.path, start: 0, end: logEnd, text };
    case 'stopLog':
      return null;
    case 'readLog':
      return { path: request.params.path, start: 0, end: logEnd, text, firstLine: 0 };
    case 'searchLog':
      return searchOf(request.params.text, request.params.isCaseSensitive);
    case 'snapshot':
      return snapshotFiles;
    case 'preview':
      return previewOf(request.params.path);
    case 'annotate':
      return annotate(request.params);
    default:
      return request satisfies never;
  }
}

function tick(): void {
  step += 16;
  const curve = curves[2];
  if (curve === undefined) {
    return;
  }
  const value = 0.06 + 0.01 * noiseOf(step);
  const summary = { ...metricOf(curve), last: value, lastX: step };
  send({
    type: 'delta',
    baseVersion: version,
    version: ++version,
    metrics: [summary],
    points: [{ metric: curve.name, x: [step], times: [Date.now() / 1000], values: [value] }],
  });
  const line = `\r\nstep ${step} loss=${value.toFixed(4)}`;
  send({ type: 'log', log: { path: 'logs/std_log.txt', start: logEnd, end: logEnd + line.length, text: line } });
  logEnd += line.length;
}

function receive(message: RunPageToHost): void {
  switch (message.type) {
    case 'ready':
    case 'resync':
      if (scenario === 'gone') {
        send({
          type: 'gone',
          message: 'This run was deleted. It can be restored from the trash in the Runledger view.',
        });
        return;
      }
      send({
        type: 'model',
        version,
        model,
        restore: { workspaceFolder: '/home/mara/vision', runId: 'cifar10_1763674412_3fa9c1de' },
      });
      return;
    case 'request': {
      const result = answer(message);
      send(
        result === undefined
          ? { type: 'response', id: message.id, error: 'There is no such series in this run.' }
          : { type: 'response', id: message.id, result },
      );
      return;
    }
    case 'cancel':
      return;
    case 'layout':
      actions.push(message);
      return;
    case 'action':
      actions.push(message);
      return;
    default:
      message satisfies never;
  }
}

let state: unknown = query.has('tab')
  ? { workspaceFolder: '/home/mara/vision', runId: 'r', tab: query.get('tab') }
  : undefined;
Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: RunPageToHost) => setTimeout(() => receive(message), 10),
    getState: () => state,
    setState: (next: unknown) => {
      state = next;
    },
  }),
  /** For tests and screenshots: one more point of `train/loss`. */
  runledgerTick: tick,
  runledgerSend: send,
  runledgerActions: actions,
});
if (isLive) {
  setInterval(tick, 500);
}
