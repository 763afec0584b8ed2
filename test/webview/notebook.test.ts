import { describe, expect, it } from 'vitest';
import { runSummaryOf } from '../../webview-ui/notebook-renderer/runSummary.ts';

/** As the SDK writes it. */
const output = {
  format: 1,
  workspaceFolder: '/projects/digits',
  experiment: 'digits',
  runId: 'digits_1763674412_3fa9c1de',
  number: 12,
  displayName: 'resnet',
  type: 'hyperdrive',
  status: 'Running',
  startTime: 100,
  duration: null,
  error: null,
  link: 'vscode://runledger.runledger/run/digits_1763674412_3fa9c1de',
  metrics: {
    loss: {
      kind: 'metric',
      points: [
        [0, 2, 100],
        [1, { $float: 'NaN' }, 101],
        [2, 1, 102],
      ],
      count: 5000,
    },
    flags: { kind: 'list', values: [true, false] },
    epochs: { kind: 'metric', points: [[null, 20, 100]] },
    worst: { kind: 'metric', points: [[null, { $float: '-Infinity' }, 100]] },
    optimizer: {
      kind: 'metric',
      points: [
        [0, 'adam', 100],
        [1, 'sgd', 101],
      ],
    },
    scores: { kind: 'table', columns: { class: ['cat', 'dog'], f1: [0.9, null] } },
    picture: { kind: 'image', images: [{ path: 'images/a.png', step: null }] },
    empty: { kind: 'metric', points: [] },
    'system/cpu_percent': {
      kind: 'metric',
      points: [
        [0, 1, 100],
        [1, 2, 101],
      ],
    },
  },
  children: [
    {
      runId: 'HD_1_0',
      displayName: 'trial 0',
      status: 'Completed',
      best_metric: 0.9,
      hyperparameters: { '--lr': 0.12345678, '--n': 3 },
    },
    { runId: 'HD_1_1', displayName: 'trial 1', status: 'Failed', best_metric: null, is_reused: true },
  ],
  best: { runId: 'HD_1_0', metric: 'accuracy', value: 0.9 },
};

describe('a run in the output of a notebook', () => {
  it('has a curve for each series of numbers, and values for the rest', () => {
    const summary = runSummaryOf(output);
    expect(summary).toMatchObject({
      runId: 'digits_1763674412_3fa9c1de',
      status: 'Running',
      duration: undefined,
      error: undefined,
      primaryMetric: 'accuracy',
    });
    expect(summary?.curves).toEqual([
      { name: 'loss', series: { x: [0, 1, 2], times: [100, 101, 102], values: [2, 'NaN', 1], totalCount: 5000 } },
      { name: 'flags', series: { x: [0, 1], times: [Number.NaN, Number.NaN], values: [1, 0], totalCount: 2 } },
    ]);
    expect(summary?.values).toEqual([
      { name: 'epochs', last: 20, count: 1 },
      { name: 'worst', last: { $float: '-Infinity' }, count: 1 },
      { name: 'optimizer', last: 'sgd', count: 2 },
      { name: 'scores', last: 'class: dog, f1: ', count: 2 },
    ]);
    expect(summary?.children).toEqual([
      { runId: 'HD_1_0', displayName: 'trial 0', status: 'Completed', metric: 0.9, note: '--lr 0.123, --n 3' },
      { runId: 'HD_1_1', displayName: 'trial 1', status: 'Failed', metric: undefined, note: 'reused' },
    ]);
  });

  it('is none where the output is something else, and takes nothing as given', () => {
    for (const json of [null, 'text', [], {}, { runId: 3 }]) {
      expect(runSummaryOf(json)).toBeUndefined();
    }
    const odd = {
      runId: 'a',
      status: 'Dancing',
      metrics: { x: { kind: 'metric', points: 'none' }, y: null },
      children: [null],
    };
    expect(runSummaryOf(odd)).toMatchObject({ status: undefined, curves: [], values: [], children: [{ runId: '' }] });
  });
});
