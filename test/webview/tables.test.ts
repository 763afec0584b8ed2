import { describe, expect, it } from 'vitest';
import { confusionRows, readConfusionMatrix } from '../../webview-ui/run-page/tables/confusion.ts';
import { isNumberColumn, nextSort, sortRows } from '../../webview-ui/run-page/tables/sortRows.ts';

describe('confusion matrix', () => {
  const document = {
    schema_type: 'confusion_matrix',
    schema_version: '1.0.0',
    data: {
      class_labels: ['a', 'b', 'c'],
      matrix: [
        [8, 2, 0],
        [1, 9, 0],
        [0, 0, 0],
      ],
    },
  };

  it('has shares of each row, and scales of their own for hits and errors', () => {
    const rows = confusionRows(readConfusionMatrix(document));
    expect(rows.map(({ recall }) => recall)).toEqual([0.8, 0.9, undefined]);
    expect(rows[0]?.cells[1]).toEqual({ count: 2, share: 0.2, isDiagonal: false, strength: 1 });
    expect(rows[1]?.cells[0]?.strength).toBe(0.5);
    expect(rows[2]?.cells.every(({ strength }) => strength === 0)).toBe(true);
  });

  it('names classes by their place where labels are missing', () => {
    expect(
      readConfusionMatrix({
        data: {
          matrix: [
            [1, 0],
            [0, 1],
          ],
        },
      }).labels,
    ).toEqual(['0', '1']);
  });

  it.each([[null], [{}], [{ data: { matrix: [[1, 2]] } }], [{ data: { matrix: [['x']] } }]])(
    'refuses %j with a sentence',
    (value) => {
      expect(() => readConfusionMatrix(value)).toThrow(/Open/);
    },
  );
});

describe('sorting', () => {
  const rows = [
    ['b', 10],
    ['a', { $float: 'NaN' }],
    ['item 10', 2],
    ['item 9', null],
    ['c', { $float: '-Infinity' }],
  ] as const;

  it('puts missing values last, whichever way is up', () => {
    const column = (isDescending: boolean) => sortRows(rows, { column: 1, isDescending }).map(([name]) => name);
    expect(column(false)).toEqual(['c', 'item 10', 'b', 'a', 'item 9']);
    expect(column(true)).toEqual(['b', 'item 10', 'c', 'a', 'item 9']);
  });

  it('reads numbers in names', () => {
    expect(sortRows(rows, { column: 0, isDescending: false }).map(([name]) => name)).toEqual([
      'a',
      'b',
      'c',
      'item 9',
      'item 10',
    ]);
  });

  it('goes up, down, and back to the order of logging', () => {
    const up = nextSort(undefined, 1);
    const down = nextSort(up, 1);
    expect([up?.isDescending, down?.isDescending, nextSort(down, 1)]).toEqual([false, true, undefined]);
    expect(nextSort(up, 0)).toEqual({ column: 0, isDescending: false });
    expect(sortRows(rows, undefined)).toBe(rows);
  });

  it('knows columns of numbers', () => {
    expect(isNumberColumn(rows, 1)).toBe(true);
    expect(isNumberColumn(rows, 0)).toBe(false);
    expect(isNumberColumn([[null]], 0)).toBe(false);
  });
});
