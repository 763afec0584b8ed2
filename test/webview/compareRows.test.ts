import { describe, expect, it } from 'vitest';
import { changeOf, differs, imageAt, metricRow, wantedRows } from '../../webview-ui/compare-page/compareRows.ts';

const rows = [
  { name: 'lr', values: [0.1, 0.01] },
  { name: 'arch', values: ['resnet', 'resnet'] },
  { name: 'warmup', values: [null, 5] },
];

describe('what runs have side by side', () => {
  it('differs by value and by kind, and where one has nothing', () => {
    expect(differs([1, 1, 1])).toBe(false);
    expect(differs([1, '1'])).toBe(true);
    expect(differs([null, 5])).toBe(true);
    expect(differs([{ $float: 'NaN' }, { $float: 'NaN' }])).toBe(false);
    expect(differs([])).toBe(false);
  });

  it('is found by name and by value, and left out where it is the same', () => {
    const names = (search: string, only: boolean) => wantedRows(rows, search, only).map(({ name }) => name);
    expect(names('', true)).toEqual(['lr', 'warmup']);
    expect(names('RES', false)).toEqual(['arch']);
    expect(names('res', true)).toEqual([]);
  });
});

describe('a metric of several runs', () => {
  const values = [{ last: 0.8, min: 0.1, max: 0.9 }, { last: 0.7, min: 0.2, max: 0.95 }, null];

  it('is judged by its good end, and marks the best', () => {
    const accuracy = metricRow({ name: 'val/accuracy', isSystem: false, isCurve: true, values });
    expect(accuracy).toMatchObject({ part: 'max', values: [0.9, 0.95, null] });
    expect([...accuracy.best]).toEqual([1]);
    const loss = metricRow({ name: 'loss', isSystem: false, isCurve: true, values });
    expect([loss.part, ...loss.best]).toEqual(['min', 0]);
  });

  it('is its last value where nothing tells which end is good, and none is the best', () => {
    const norm = metricRow({ name: 'grad_norm', isSystem: false, isCurve: true, values });
    expect(norm).toMatchObject({ part: 'last', values: [0.8, 0.7, null] });
    expect(norm.best.size).toBe(0);
  });

  it('tells how far it is from the baseline, and whether that is better', () => {
    expect(changeOf('loss', 0.5, 0.75)).toEqual({ difference: -0.25, isBetter: true });
    expect(changeOf('accuracy', 0.5, 0.75)).toEqual({ difference: -0.25, isBetter: false });
    expect(changeOf('grad_norm', 2, 1)).toEqual({ difference: 1, isBetter: undefined });
    expect(changeOf('loss', 0.5, 0.5)).toBeUndefined();
    expect(changeOf('loss', { $float: 'NaN' }, 1)).toBeUndefined();
    expect(changeOf('loss', null, 1)).toBeUndefined();
  });
});

it('the image of a step is the last one up to it', () => {
  const images = [{ step: 5 }, { step: 10 }];
  expect([0, 5, 7, 10, 99].map((step) => imageAt(images, step)?.step)).toEqual([5, 5, 5, 10, 10]);
  expect(imageAt([], 3)).toBeUndefined();
});
