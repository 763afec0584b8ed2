import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunledgerError } from '../../src/core/base/errors.ts';
import { parseQuery } from '../../src/core/run-query/parseQuery.ts';
import { printQuery } from '../../src/core/run-query/printQuery.ts';
import { QueryError } from '../../src/core/run-query/queryError.ts';
import { timeSpan } from '../../src/core/run-query/queryTimes.ts';
import { anyQuery } from '../support/anyQuery.ts';

/** A query in the one way in which each is printed. */
const understood: readonly (readonly [query: string, printed: string])[] = [
  ['', ''],
  ['  \n ', ''],
  [
    'metrics.loss < 0.1 and params.lr = 0.01 and tags.team = "vision" and status in (Running, Failed) and created > -7d',
    'metrics.loss < 0.1 and params.lr = 0.01 and tags.team = "vision" and status in ("Running", "Failed") and created > -7d',
  ],
  ['order by metrics.acc desc, created', 'order by metrics.acc desc, created'],
  ['METRIC.Loss>=1E-3 ORDER BY max(metrics.Loss) DESC', 'metrics.Loss >= 1E-3 order by max(metrics.Loss) desc'],
  ['a or b and c', '"a" or ("b" and "c")'],
  ['(a or b) and not c', '("a" or "b") and not "c"'],
  ['((metrics.x=1))', 'metrics.x = 1'],
  ["metrics.'val loss' <> .5", 'metrics."val loss" != .5'],
  ['metrics.`say "hi"` == -inf', 'metrics."say \\"hi\\"" = -inf'],
  ['metrics.train/loss < +Infinity', 'metrics.train/loss < +Infinity'],
  ['metrics.loss = nan', 'metrics.loss = nan'],
  ['params.model.lr = true', 'params.model.lr = true'],
  ['parameters.a-b:c = "true"', 'params.a-b:c = "true"'],
  ['tags.x = Running', 'tags.x = "Running"'],
  ['status = running', 'status = "Running"'],
  ['attributes.start_time >= 2026-11-21', 'started >= 2026-11-21'],
  ['ended < "2026-11-21 10:00"', 'ended < "2026-11-21 10:00"'],
  ['created = today or created != Yesterday', 'created = today or created != Yesterday'],
  ['duration > 1h30m or duration < 90', 'duration > 1h30m or duration < 90'],
  ['number in (1, 2,3)', 'number in (1, 2, 3)'],
  ['name not in ("a", b)', 'name not in ("a", "b")'],
  [
    'name contains wide and id not like "x%" and script ilike _',
    'name contains "wide" and id not like "x%" and script ilike "_"',
  ],
  ['tags.starred is null', 'tags.starred is null'],
  ['tags.starred is not null', 'tags.starred is not null'],
  ['has tags.starred', 'tags.starred is not null'],
  ['not has metrics.x', 'metrics.x is null'],
  ['not not params.x = 1', 'not not params.x = 1'],
  ['resnet vision', '"resnet" "vision"'],
  ['resnet "50 layers" and status = Failed', '"resnet" "50 layers" and status = "Failed"'],
  ['status failed', '"status" "failed"'],
  ['train.py', '"train.py"'],
  ['order matters', '"order" "matters"'],
  ['resnet order by created', '"resnet" order by created'],
  [
    'min(metrics.x) < 1 and count(metrics.x) > 10 and last(metrics.x) = 2',
    'min(metrics.x) < 1 and count(metrics.x) > 10 and metrics.x = 2',
  ],
  ['tags.path = "C:\\\\data" and tags.other = "C:\\data"', 'tags.path = "C:\\\\data" and tags.other = "C:\\\\data"'],
];

/** What is wrong, and where a caret stands. */
const refused: readonly (readonly [query: string, message: RegExp, position: number, length: number])[] = [
  ['statsu = Failed', /no field "statsu"\. Did you mean "status"\?/, 0, 6],
  ['metrcs.loss < 1', /Did you mean "metrics\.loss"\?/, 0, 11],
  ['loss < 1', /written metrics\.loss, a parameter params\.loss/, 0, 4],
  ['metrics.loss', /Expected an operator after metrics\.loss/, 12, 0],
  ['metrics.loss 0.1', /Expected an operator after metrics\.loss/, 13, 3],
  ['(metrics."val loss" 0.1)', /Expected an operator after metrics\."val loss":/, 20, 3],
  ['metrics.loss << 0.1', /Expected a number or a text/, 14, 1],
  ['metrics. < 1', /Expected a name after "metrics\."/, 8, 0],
  ['metrics."" < 1', /Expected a name after/, 8, 0],
  ['min(metrics.x) < y', /Expected a number/, 17, 1],
  ['min(params.x) < 1', /only metrics have a min/, 4, 8],
  ['status = Runing', /no state "Runing"\. Did you mean "Running"\?/, 9, 6],
  ['status = 7', /Expected a state: NotStarted, .*NotResponding\./, 9, 1],
  ['status < Failed', /compared with =, !=, in or not in/, 7, 1],
  ['status like F', /status is no text/, 7, 4],
  ['created > 7', /Expected a time, such as -7d/, 10, 1],
  ['created > 2026-02-30', /Expected a time/, 10, 10],
  ['created = -7d', /use < or >/, 8, 1],
  ['duration > x', /Expected a duration/, 11, 1],
  ['number = x', /Expected a number, such as 12/, 9, 1],
  ['params.x < true', /compared with = or !=/, 9, 1],
  ['metrics.x > nan', /nan is compared with = or !=/, 10, 1],
  ['params.lr = null', /asked with "is null"/, 12, 4],
  ['params.lr = and', /Expected a value/, 12, 3],
  ['params.lr in 1', /Expected a list in parentheses/, 13, 1],
  ['params.lr in (1 2)', /Expected a comma or "\)"/, 16, 1],
  ['params.lr in ()', /Expected a value/, 14, 1],
  ['params.lr not 1', /Expected "in", "like"/, 14, 1],
  ['tags.x is nul', /Expected "null" or "not null"/, 10, 3],
  ['status = Failed resnet', /Expected "and", "or", "order by", or the end/, 16, 6],
  ['status and metrics.x < 1', /Expected an operator after status/, 7, 3],
  ['a and', /Expected a condition/, 5, 0],
  ['and a', /Expected a condition/, 0, 3],
  ['(a', /Expected "\)"/, 2, 0],
  ['a)', /Expected "and"/, 1, 1],
  ['order by', /Expected a field/, 8, 0],
  ['order by created up', /Expected a comma, asc, desc, or the end/, 17, 2],
  ["name = 'res", /no ' at its end/, 7, 4],
  ['!a', /write "not"/, 0, 1],
  ['a\0b', /NUL/, 1, 1],
  [`${'('.repeat(101)}a`, /more than 100 deep/, 101, 1],
  ['x'.repeat(10_001), /at most 10,000 characters/, 10_000, 0],
];

function errorOf(query: string): QueryError | undefined {
  try {
    parseQuery(query);
    return undefined;
  } catch (error) {
    if (error instanceof QueryError) {
      return error;
    }
    throw error;
  }
}

describe('a filter', () => {
  it.each(understood)('%j is understood', (query, printed) => {
    expect(printQuery(parseQuery(query))).toBe(printed);
    expect(printQuery(parseQuery(printed))).toBe(printed);
  });

  it.each(refused)('%j is refused', (query, message, position, length) => {
    const error = errorOf(query);
    expect(error?.message).toMatch(message);
    expect({ position: error?.position, length: error?.length }).toEqual({ position, length });
  });

  it('is read back as it was, whatever it asks', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const printed = printQuery(query);
        expect(parseQuery(printed)).toEqual(query);
      }),
      { numRuns: 500 },
    );
  });

  it('ends with an error of its own, whatever it holds', () => {
    const piece = fc.constantFrom(
      ...['metrics.', 'params.x', 'status', '=', '<', '(', ')', ',', 'and', 'not', 'in', 'is', 'null', 'order', 'by'],
      ...['like', 'has', 'min', '"', "'", '`', '\\', '-7d', '1e3', ' ', '!', 'ß', '😀', '\n'],
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const error = errorOf(text);
        if (error !== undefined) {
          expect(RunledgerError.is(error, 'invalid-argument')).toBe(true);
          expect(error.message).toMatch(/[.?]$/);
          expect(error.position).toBeGreaterThanOrEqual(0);
          expect(error.position + error.length).toBeLessThanOrEqual(text.length);
          const [line = '', pointer = ''] = error.pointer.split('\n');
          expect(pointer).toMatch(/^ *\^~*$/);
          expect(pointer.length).toBeLessThanOrEqual([...line].length + 1);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the pointer of an error', () => {
  const pointerOf = (query: string): string | undefined => errorOf(query)?.pointer;

  it('marks what is wrong', () => {
    expect(pointerOf('metrics.x < 1 and statsu = Failed')).toBe(
      'metrics.x < 1 and statsu = Failed\n                  ^~~~~~',
    );
    expect(pointerOf('a and')).toBe('a and\n     ^');
  });

  it('stands in its line, below what a terminal shows of it', () => {
    expect(pointerOf('tags.😀 = "é" and\n\tstatsu = \u001b[31m1')).toBe(' statsu =  [31m1\n ^~~~~~');
  });
});

describe('a time', () => {
  const spanOf = (text: string, now: number) => {
    const { condition } = parseQuery(`created >= "${text}"`);
    if (condition?.kind !== 'compare' || condition.value.kind !== 'time') {
      throw new Error('No time.');
    }
    return timeSpan(condition.value.time, now);
  };
  const noon = new Date(2026, 2, 10, 12, 30).getTime() / 1000;
  const midnight = (month: number, day: number): number => new Date(2026, month - 1, day).getTime() / 1000;

  it.each([
    ['now', 0],
    ['-45s', 45],
    ['-30m', 1800],
    ['-30min', 1800],
    ['-2h', 7200],
    ['-1.5d', 129_600],
    ['-1W', 604_800],
  ])('%s is so long ago', (text, seconds) => {
    expect(spanOf(text, noon)).toEqual({ start: noon - seconds, end: noon - seconds });
  });

  it('is a local day, from midnight to midnight', () => {
    expect(spanOf('today', noon)).toEqual({ start: midnight(3, 10), end: midnight(3, 11) });
    expect(spanOf('yesterday', midnight(3, 1))).toEqual({ start: midnight(2, 28), end: midnight(3, 1) });
    expect(spanOf('2026-03-29', 0)).toEqual({ start: midnight(3, 29), end: midnight(3, 30) });
  });

  it('is as exact as it was written', () => {
    const start = Date.UTC(2026, 10, 21, 8, 15) / 1000;
    expect(spanOf('2026-11-21T08:15Z', 0)).toEqual({ start, end: start + 60 });
    expect(spanOf('2026-11-21T10:15:00+02:00', 0)).toEqual({ start, end: start + 1 });
    expect(spanOf('2026-11-21 03:45:00.5-0430', 0)).toEqual({ start: start + 0.5, end: start + 0.5 });
    const local = new Date(2026, 10, 21, 10, 0).getTime() / 1000;
    expect(spanOf('2026-11-21 10:00', 0)).toEqual({ start: local, end: local + 60 });
  });
});
