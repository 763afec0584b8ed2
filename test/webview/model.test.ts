import { describe, expect, it } from 'vitest';
import type { ModelMetricModel, ModelVersionModel } from '../../src/protocol/modelPage.ts';
import { bestVersion, chosenMetrics, metricOf } from '../../webview-ui/model-page/chosenMetrics.ts';
import { comparedVersions } from '../../webview-ui/model-page/comparedVersions.ts';
import { loadCode } from '../../webview-ui/model-page/loadCode.ts';
import { ticksOf } from '../../webview-ui/model-page/metricByVersion.ts';

function version(number: number, metrics: Readonly<Record<string, ModelMetricModel['last']>>): ModelVersionModel {
  return {
    kind: 'version',
    version: number,
    id: `digits:${number}`,
    createdTime: number,
    user: undefined,
    description: undefined,
    tags: number > 1 ? [['stage', 'trial']] : [],
    properties: [],
    framework: undefined,
    path: 'outputs/model.pkl',
    files: [],
    bytes: 0,
    runId: `run_${number}`,
    experiment: 'digits',
    run: {
      id: `run_${number}`,
      label: `run ${number}`,
      number,
      experiment: 'digits',
      status: 'Completed',
      metrics: Object.entries(metrics).map(([name, last]) => ({ name, last })),
      parameters: [
        ['lr', number / 10],
        ['depth', 3],
      ],
      snapshotFiles: 2,
      branch: undefined,
      commit: undefined,
    },
  };
}

const versions = [
  version(3, { 'train/loss': 0.1, 'val/accuracy': { $float: 'NaN' }, 'val/loss': 0.4, note: 'x', batches: 10 }),
  version(2, { 'train/loss': 0.2, 'val/accuracy': 0.8, 'val/loss': 0.3, batches: 10, rare_accuracy: 1 }),
  version(1, { 'train/loss': 0.3, 'val/accuracy': 0.9, 'val/loss': 0.5, batches: 10 }),
];

describe('the metrics of a model', () => {
  it('are those that most versions have, measured on held-out data, and that say which end is good', () => {
    expect(chosenMetrics(versions, 3)).toEqual(['val/accuracy', 'val/loss', 'train/loss']);
    expect(chosenMetrics([], 3)).toEqual([]);
    expect(chosenMetrics(versions, 9)).not.toContain('note');
  });

  it('have a best version where the name says what is good, and there is another one', () => {
    expect(bestVersion(versions, 'val/accuracy')).toBe(1);
    expect(bestVersion(versions, 'val/loss')).toBe(2);
    expect(bestVersion(versions, 'batches')).toBeUndefined();
    expect(bestVersion(versions, 'rare_accuracy')).toBeUndefined();
    expect(versions[0] && metricOf(versions[0], 'val/accuracy')).toBeNaN();
  });
});

describe('two versions side by side', () => {
  const [newer, , older] = versions;
  const groups = newer === undefined || older === undefined ? [] : comparedVersions(older, newer);
  const rowsOf = (title: string) => groups.find((group) => group.title === title)?.rows ?? [];

  it('have what differs first, and say which is better', () => {
    expect(rowsOf('Parameters')).toMatchObject([
      { name: 'lr', left: '0.1', right: '0.3', isChanged: true },
      { name: 'depth', left: '3', right: '3', isChanged: false },
    ]);
    const metrics = Object.fromEntries(rowsOf('Metrics').map(({ name, better }) => [name, better]));
    expect(metrics).toEqual({
      'train/loss': 'right',
      'val/loss': 'right',
      'val/accuracy': undefined,
      note: undefined,
      batches: undefined,
    });
    expect(rowsOf('Tags')).toMatchObject([{ name: 'stage', left: undefined, right: 'trial', isChanged: true }]);
    expect(rowsOf('Properties')).toEqual([]);
  });
});

describe('the axis of a metric by version', () => {
  it.each([
    [0.872, 0.944],
    [0, 0],
    [5, 5],
    [-3, 12_000],
    [1e-9, 3e-9],
    [-0.2, -0.1],
  ])('has a few round ticks that hold %d to %d', (low, high) => {
    const ticks = ticksOf(low, high);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks.length).toBeLessThanOrEqual(6);
    const slack = Math.max(Math.abs(low), Math.abs(high)) * 1e-6;
    expect(ticks[0]).toBeLessThanOrEqual(low + slack);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(high - slack);
  });
});

describe('the code that loads a version', () => {
  it('quotes the name', () => {
    expect(loadCode('a "b" \\ ü', 3)).toContain('Model.get_model_path("a \\"b\\" \\\\ ü", version=3)');
  });
});
