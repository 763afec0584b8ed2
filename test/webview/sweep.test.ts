import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChildRunModel, StepModel } from '../../src/protocol/runPage.ts';
import { rankCorrelation } from '../../webview-ui/run-page/children/rankCorrelation.ts';
import { layoutSteps, pathThrough, stepHeight, stepWidth } from '../../webview-ui/run-page/children/stepLayout.ts';
import { isInRanges, trialAxes, trialLines } from '../../webview-ui/run-page/children/trialAxes.ts';
import { colourSources, trialColours } from '../../webview-ui/run-page/children/trialColours.ts';

const state = {
  status: 'Completed',
  startTime: 1,
  endTime: 2,
  exitCode: 0,
  failure: undefined,
  displayName: undefined,
  canCancel: false,
} as const;

function trial(number: number, parameters: ChildRunModel['parameters'], accuracy?: number): ChildRunModel {
  return {
    id: `t${number}`,
    label: `trial ${number}`,
    number,
    createdTime: 0,
    state,
    parameters,
    metrics: accuracy === undefined ? [] : [['acc', accuracy]],
  };
}

const primary = { name: 'acc', goal: 'maximize' } as const;

describe('the colours of trials', () => {
  const trials = [trial(0, [['--kind', 'b']], 0.5), trial(1, [['--kind', 'a']], 0.9), trial(2, [['--kind', 'b']])];
  const range = { low: 'red', high: 'blue', series: ['one', 'two'] };

  it('are of whatever they were given and measured', () => {
    expect(colourSources(trials)).toEqual([
      { kind: 'parameter', name: '--kind' },
      { kind: 'metric', name: 'acc' },
    ]);
  });

  it('tell categories apart, and numbers by how high they are; without a value there is none', () => {
    const ofKind = trialColours(trials, { kind: 'parameter', name: '--kind' }, range).colours;
    expect([...ofKind]).toEqual([
      ['t0', 'two'],
      ['t1', 'one'],
      ['t2', 'two'],
    ]);
    const ofMetric = trialColours(trials, { kind: 'metric', name: 'acc' }, range).colours;
    expect([...ofMetric]).toEqual([
      ['t0', 'color-mix(in oklab, blue 0%, red)'],
      ['t1', 'color-mix(in oklab, blue 100%, red)'],
    ]);
  });
});

describe('the axes of a sweep', () => {
  const trials = [
    trial(
      0,
      [
        ['--lr', 0.0001],
        ['--kind', 'b'],
        ['--batch', 64],
      ],
      0.5,
    ),
    trial(
      1,
      [
        ['--lr', 0.1],
        ['--kind', 'a'],
        ['--batch', 256],
      ],
      0.9,
    ),
    trial(2, [
      ['--lr', 0.01],
      ['--kind', 'b'],
      ['--batch', 64],
    ]),
    trial(
      3,
      [
        ['--lr', { $float: 'NaN' }],
        ['--kind', 'b'],
        ['--batch', 64],
      ],
      0.7,
    ),
  ];
  const axes = trialAxes(trials, primary);
  const lines = trialLines(trials, axes, primary);

  it('are the hyperparameters and the primary metric, logarithmic where values are far apart', () => {
    expect(axes.map(({ label, kind }) => [label, kind])).toEqual([
      ['lr', 'log'],
      ['kind', 'category'],
      ['batch', 'linear'],
      ['acc', 'linear'],
    ]);
    expect(axes[2]?.ticks.map(({ label }) => label)).toEqual(['64', '256']);
    expect(axes[1]?.ticks.map(({ label, value }) => [label, value])).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
  });

  it('place each value, and leave out what is missing or no number', () => {
    expect(lines[0]?.places).toEqual([0, 1, 0, 0]);
    expect(lines[1]?.places).toEqual([1, 0, 1, 1]);
    expect(lines[2]?.places[0]).toBeCloseTo(2 / 3);
    expect(lines[2]?.places[3]).toBeUndefined();
    expect(lines[3]?.places[0]).toBeUndefined();
  });

  it('choose the trials that lie in every stretch', () => {
    const ranges = new Map([
      [0, { from: 0, to: 0.7 }],
      [1, { from: 0.5, to: 1 }],
    ]);
    expect(lines.filter((line) => isInRanges(line, ranges)).map(({ id }) => id)).toEqual(['t0', 't2']);
    expect(lines.filter((line) => isInRanges(line, new Map()))).toHaveLength(4);
  });

  it('do with one value, and with none', () => {
    const [axis] = trialAxes([trial(0, [['--lr', 3]])], undefined);
    expect(axis?.placeOf(3)).toBe(0.5);
    expect(trialAxes([], primary).map(({ ticks }) => ticks)).toEqual([[]]);
  });
});

describe('rank correlation', () => {
  it('is that of the order alone', () => {
    expect(
      rankCorrelation([
        [1, 1],
        [2, 10],
        [3, 100],
      ]),
    ).toBeCloseTo(1);
    expect(
      rankCorrelation([
        [1, 3],
        [2, 2],
        [3, 1],
      ]),
    ).toBeCloseTo(-1);
    expect(
      rankCorrelation([
        [1, 1],
        [1, 2],
        [2, 3],
        [3, 3],
      ]),
    ).toBeCloseTo(8 / 9);
    expect(
      rankCorrelation([
        [1, 1],
        [1, 2],
        [1, 3],
      ]),
    ).toBeUndefined();
    expect(
      rankCorrelation([
        [1, 1],
        [2, 2],
      ]),
    ).toBeUndefined();
  });
});

describe('the graph of steps', () => {
  /** Steps that wait for earlier ones only, as a pipeline has them. */
  const pipeline = fc.array(fc.array(fc.nat(30), { maxLength: 3 }), { minLength: 1, maxLength: 12 }).map((waits) =>
    waits.map(
      (after, index): StepModel => ({
        id: `s${index}`,
        name: `step ${index}`,
        type: 'PythonScriptStep',
        target: undefined,
        after: index === 0 ? [] : [...new Set(after.map((place) => `s${place % index}`))],
      }),
    ),
  );

  it('goes from left to right, without overlaps, inside its bounds', () => {
    fc.assert(
      fc.property(pipeline, (steps) => {
        const { steps: places, lines, width, height } = layoutSteps(steps);
        const byId = new Map(places.map((place) => [place.step.id, place]));
        for (const { step, x, y } of places) {
          expect(x >= 0 && y >= 0 && x + stepWidth <= width && y + stepHeight <= height).toBe(true);
          for (const id of step.after) {
            expect((byId.get(id)?.x ?? 0) + stepWidth).toBeLessThan(x);
          }
          for (const other of places) {
            const isApart =
              other.step === step || Math.abs(other.x - x) >= stepWidth || Math.abs(other.y - y) >= stepHeight;
            expect(isApart).toBe(true);
          }
        }
        expect(lines).toHaveLength(steps.reduce((sum, { after }) => sum + after.length, 0));
        for (const { x, y } of lines.flat()) {
          expect(x >= 0 && y >= 0 && x <= width && y <= height).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('draws smooth lines', () => {
    expect(
      pathThrough([
        { x: 0, y: 0 },
        { x: 10, y: 4 },
      ]),
    ).toBe('M0,0 C5,0 5,4 10,4');
    expect(pathThrough([])).toBe('');
  });
});
