import { describe, expect, it } from 'vitest';
import type { ChildRunModel, RunPageModel, RunStateModel } from '../../src/protocol/runPage.ts';
import { bestChild, childTable } from '../../webview-ui/run-page/children/childTable.ts';
import { applyChildren } from '../../webview-ui/run-page/runModel.ts';

const state = (status: RunStateModel['status'], startTime: number | undefined, endTime?: number): RunStateModel => ({
  status,
  startTime,
  endTime,
  exitCode: undefined,
  failure: undefined,
  displayName: undefined,
  canCancel: false,
});

function child(number: number, change: Partial<ChildRunModel> = {}): ChildRunModel {
  return {
    id: `HD_1_${number}`,
    label: `trial ${number}`,
    number,
    createdTime: 0,
    state: state('Completed', 10, 14),
    parameters: [['--lr', 0.1 * number]],
    metrics: [
      ['loss', 1],
      ['acc', 0.5 + 0.1 * number],
    ],
    ...change,
  };
}

const accuracy = { name: 'acc', goal: 'maximize' } as const;

describe('the table of child runs', () => {
  it('has a column for each parameter and metric, the primary one first', () => {
    const going = child(2, { state: state('Running', 20), metrics: [['acc', 0.9]], parameters: [['--kind', 'b']] });
    const waiting = child(3, { state: state('NotStarted', undefined), parameters: [] });
    const { columns, rows, places } = childTable([child(1), going, waiting], accuracy, 25);
    expect(columns).toEqual(['Run', 'Status', '--lr', '--kind', 'acc', 'loss', 'Duration']);
    expect(rows[0]).toEqual(['trial 1', 'Completed', 0.1, null, 0.6, 1, 4, 'HD_1_1']);
    expect(rows[1]).toEqual(['trial 2', 'Running', null, 'b', 0.9, null, 5, 'HD_1_2']);
    expect(rows[2]?.[places.duration]).toBeNull();
    expect(places).toEqual({ name: 0, status: 1, duration: 6 });
  });

  it('knows the best, whichever way is up, among those that logged the metric', () => {
    const none = child(9, { metrics: [['acc', { $float: 'NaN' }]] });
    expect(bestChild([none, child(1), child(3), child(2)], accuracy)).toBe('HD_1_3');
    expect(bestChild([none, child(1), child(3)], { ...accuracy, goal: 'minimize' })).toBe('HD_1_1');
    expect(bestChild([none], accuracy)).toBeUndefined();
    expect(bestChild([child(1)], undefined)).toBeUndefined();
  });
});

it('child runs that change replace theirs, keep what they were not told of, and go', () => {
  const { metrics: _none, ...bare } = child(2, { state: state('Failed', 10, 11) });
  const model = { children: [child(1), child(2)] } as unknown as RunPageModel;
  const changed = applyChildren(model, { type: 'children', rows: [bare, child(3)], removed: ['HD_1_1'] });
  expect(changed.children.map(({ id }) => id)).toEqual(['HD_1_2', 'HD_1_3']);
  expect(changed.children[0]).toMatchObject({ state: { status: 'Failed' }, metrics: child(2).metrics });
});
