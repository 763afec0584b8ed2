import { describe, expect, it } from 'vitest';
import {
  precisionRecallCurves,
  readAccuracyTable,
  rocCurves,
} from '../../webview-ui/run-page/tables/documents/accuracyTable.ts';
import {
  predictionsChart,
  readPredictions,
  readResiduals,
  residualsChart,
} from '../../webview-ui/run-page/tables/documents/regression.ts';
import { rowsWith } from '../../webview-ui/run-page/tables/tableSection.ts';

/** Counts of a classifier over scores of members and of others, at each threshold. */
function countsOf(members: readonly number[], others: readonly number[], thresholds: readonly number[]): number[][] {
  return thresholds.map((threshold) => {
    const [tp, fp] = [members, others].map((scores) => scores.filter((score) => score >= threshold).length);
    return [tp ?? 0, fp ?? 0, others.length - (fp ?? 0), members.length - (tp ?? 0)];
  });
}

const accuracy = (tables: unknown, class_labels: unknown = ['a', 'b']) =>
  readAccuracyTable({ schema_type: 'accuracy_table', data: { probability_tables: tables, class_labels } });

describe('an accuracy table', () => {
  const members = [0.9, 0.8, 0.7, 0.4];
  const others = [0.6, 0.5, 0.3, 0.2, 0.1];
  const thresholds = [0, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 1];
  const table = accuracy([countsOf(members, others, thresholds), countsOf([], others, thresholds)]);

  it('has under its ROC curve the share of pairs that are in the right order', () => {
    const pairs = members.flatMap((member) => others.map((other) => member > other));
    const [first, empty] = rocCurves(table);
    expect(first?.area).toBeCloseTo(pairs.filter(Boolean).length / pairs.length);
    expect(first?.points[0]).toEqual({ x: 0, y: 0 });
    expect(first?.points.at(-1)).toEqual({ x: 1, y: 1 });
    expect(empty).toEqual({ label: 'b', points: [], area: undefined });
  });

  it('has precision over recall from where nothing is found to where everything is', () => {
    const [first, empty] = precisionRecallCurves(table);
    expect(first?.points[0]).toEqual({ x: 0, y: 1 });
    expect(first?.points.at(-1)).toEqual({ x: 1, y: 4 / 9 });
    expect(first?.points).toContainEqual({ x: 1, y: 4 / 6 });
    expect(first?.area).toBeGreaterThan(0.85);
    expect(empty?.area).toBeUndefined();
  });

  it('does without labels, and takes percentiles where there are no probabilities', () => {
    const tables = [countsOf(members, others, thresholds)];
    expect(accuracy(tables, null).labels).toEqual(['0']);
    expect(readAccuracyTable({ data: { percentile_tables: tables, class_labels: [1] } }).labels).toEqual(['1']);
  });

  it.each([undefined, {}, { data: { probability_tables: [] } }, { data: { probability_tables: [[[1, 2, 3]]] } }])(
    'is refused where it is none: %j',
    (document) => {
      expect(() => readAccuracyTable(document)).toThrow('Open it to see what was logged.');
    },
  );
});

describe('residuals and predictions', () => {
  const bins = { bin_edges: [-2, 0, 1, 4], bin_counts: [3, 0, 5] };

  it('keep each count over the whole width of its bin', () => {
    const { series, x } = residualsChart('r', readResiduals({ data: bins }));
    expect(series[0]?.points).toEqual([
      { x: -2, y: 3 },
      { x: 0, y: 0 },
      { x: 1, y: 5 },
      { x: 4, y: 5 },
    ]);
    expect(x).toEqual({ min: -2, max: 4 });
  });

  it('show means with a band, at the middle of bins that hold something', () => {
    const data = { ...bins, bin_averages: [-1.5, 0, 3], bin_errors: [0.5, 0, 1] };
    const { series } = predictionsChart('p', readPredictions({ data }));
    const points = (label: string) => series.find((each) => each.label === label)?.points;
    expect(points('mean prediction')).toEqual([
      { x: -1, y: -1.5 },
      { x: 2.5, y: 3 },
    ]);
    expect(points('below')).toEqual([
      { x: -1, y: -2 },
      { x: 2.5, y: 2 },
    ]);
    const places = series.map(({ label }) => label);
    expect(places.indexOf('above') - places.indexOf('below')).toBe(1);
  });

  it('are refused where bins do not fit', () => {
    expect(() => readResiduals({ data: { bin_edges: [0, 1], bin_counts: [1, 2] } })).toThrow('bins');
    expect(() => readPredictions({ data: bins })).toThrow('each bin');
  });
});

describe('rows that are filtered', () => {
  it('hold the text in a cell, whatever its kind and case', () => {
    const rows = [
      ['Cat', 0.125],
      ['dog', { $float: 'NaN' } as const],
      [null, true],
    ];
    expect(rowsWith(rows, 'cat')).toEqual([rows[0]]);
    expect(rowsWith(rows, '.125')).toEqual([rows[0]]);
    expect(rowsWith(rows, 'nan')).toEqual([rows[1]]);
    expect(rowsWith(rows, 'true')).toEqual([rows[2]]);
    expect(rowsWith(rows, '<')).toEqual([]);
  });
});
