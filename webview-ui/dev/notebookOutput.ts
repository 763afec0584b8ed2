/** Stands in for a notebook: shows a run in an output, as VS Code has the renderer do, and lets it go on. `?live` */
import { activate } from '../notebook-renderer/main.ts';

const query = new URLSearchParams(location.search);
const themeClasses: Record<string, string> = { dark: 'vscode-dark', light: 'vscode-light', hc: 'vscode-high-contrast' };

const start = 1_763_674_412;

function points(count: number, value: (step: number) => number): unknown[] {
  return Array.from({ length: count }, (_, step) => [step, value(step), start + step * 2]);
}

const runId = 'digits_1763674412_3fa9c1de';

function displayName(): string {
  if (query.has('unnamed')) {
    return runId;
  }
  return query.has('hostile') ? '<img src=x onerror=alert(1)> \u202eevil' : 'resnet wide';
}

function summary(count: number, isOver: boolean): unknown {
  const noise = (step: number): number => Math.sin(step * 12.9898) * 0.02;
  return {
    format: 1,
    workspaceFolder: '/projects/digits',
    experiment: 'digits',
    runId,
    number: 12,
    displayName: displayName(),
    type: 'azureml.scriptrun',
    status: isOver ? 'Completed' : 'Running',
    startTime: start,
    duration: isOver ? 412 : null,
    error: query.has('failed') ? 'ValueError: no data\n  File "train.py", line 12' : null,
    metrics: {
      'train/loss': { kind: 'metric', points: points(count, (step) => 2 / (1 + step / 20) + noise(step)) },
      'val/accuracy': { kind: 'metric', points: points(count, (step) => 1 - 0.8 / (1 + step / 30) + noise(step)) },
      'learning rate': { kind: 'metric', points: points(count, (step) => 0.01 * 0.98 ** step) },
      gaps: { kind: 'metric', points: points(count, (step) => step / 3).map(gap) },
      epochs: { kind: 'metric', points: [[null, 20, start]] },
      optimizer: { kind: 'metric', points: [[null, 'adam', start]] },
      scores: { kind: 'row', columns: { class: ['cat', 'dog'], f1: [0.91, 0.88] } },
      'system/cpu_percent': { kind: 'metric', points: points(count, () => 50) },
    },
    children: query.has('sweep')
      ? [0.941, 0.917, null].map((value, index) => ({
          runId: `HD_0_${index}`,
          displayName: `trial ${index}`,
          status: value === null ? 'Failed' : 'Completed',
          best_metric: value,
          hyperparameters: { '--lr': 0.1 ** index, '--batch-size': 32 },
        }))
      : [],
    best: query.has('sweep') ? { runId: 'HD_0_0', metric: 'val/accuracy', value: 0.941 } : null,
  };
}

function gap(point: unknown, index: number): unknown {
  const [step, value, time] = point as unknown[];
  return [step, index % 7 === 3 ? { $float: 'NaN' } : value, time];
}

document.documentElement.dataset.theme = query.get('theme') ?? 'dark';
document.body.style.background = 'var(--vscode-editor-background)';
document.body.className = themeClasses[query.get('theme') ?? 'dark'] ?? 'vscode-dark';
const output = document.createElement('div');
document.body.append(output);
const renderer = activate({
  postMessage: (message) => document.body.setAttribute('data-message', JSON.stringify(message)),
});
let count = 120;
const show = (isOver: boolean): void =>
  (renderer as { renderOutputItem(item: object, element: HTMLElement): void }).renderOutputItem(
    { json: () => summary(count, isOver) },
    output,
  );
show(!query.has('live'));
if (query.has('live')) {
  setInterval(() => {
    count += 5;
    show(false);
  }, 500);
}
