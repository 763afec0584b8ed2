import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completionsAt } from '../../src/core/run-query/completions.ts';
import { type KnownNames, readKnownNames } from '../../src/core/run-query/knownNames.ts';
import { parseQuery } from '../../src/core/run-query/parseQuery.ts';
import { naiveRun } from '../support/naiveFilter.ts';
import { indexOf } from '../support/plainIndex.ts';

const known: KnownNames = {
  metrics: ['loss', 'train/loss', 'val loss', 'accuracy'],
  parameters: ['lr', 'batch size'],
  tags: ['team', 'constructor'],
  properties: ['azureml.git.branch'],
  experiments: ['Iris', 'two words'],
  tagValues: { team: ['speech', 'vision', 'in'] },
};

/** Labels at the bar. */
function labelsAt(marked: string): string[] {
  return completionsAt(marked.replace('|', ''), marked.indexOf('|'), known).map(({ label }) => label);
}

/** The query after the completion with this label was taken at the bar. */
function taken(marked: string, label: string): string | undefined {
  const query = marked.replace('|', '');
  const item = completionsAt(query, marked.indexOf('|'), known).find((candidate) => candidate.label === label);
  return item && `${query.slice(0, item.start)}${item.insertText}|${query.slice(item.end)}`;
}

describe('completion', () => {
  it.each([
    ['|', ['metrics.', 'params.', 'tags.', 'properties.', 'status', 'order by']],
    ['st|', ['status', 'started']],
    ['metrics.|', ['metrics.loss', 'metrics.train/loss', 'metrics.val loss', 'metrics.accuracy']],
    ['metrics.l|', ['metrics.loss']],
    ['loss|', ['metrics.loss', 'metrics.train/loss', 'metrics.val loss']],
    [
      'params.lr |',
      ['=', '!=', '<', '<=', '>', '>=', 'in', 'not in', 'contains', 'like', 'ilike', 'is null', 'is not null'],
    ],
    ['min(metrics.loss) |', ['=', '<']],
    ['metrics."val loss" |', ['=']],
    ['params.lr not |', ['in', 'contains', 'like', 'ilike']],
    ['tags.x is |', ['null', 'not null']],
    ['status = |', ['Running', 'Failed', 'NotResponding']],
    ['status = r|', ['Running']],
    ['status in (|', ['Running']],
    ['status not in (Running, f|', ['Failed']],
    ['status in (Running) |', ['and', 'or', 'order by']],
    ['experiment = |', ['Iris', 'two words']],
    ['tags.team = |', ['speech', 'vision', 'in']],
    ['created > |', ['-7d', 'today']],
    ['metrics.loss < 1 |', ['and', 'or', 'order by']],
    ['metrics.loss < 1 and |', ['metrics.', 'status', 'not']],
    ['not |', ['metrics.', 'status']],
    ['has |', ['tags.']],
    ['(|', ['metrics.', 'status']],
    ['max(|', ['metrics.loss']],
    ['order by |', ['metrics.', 'created']],
    ['resnet order by metrics.loss |', ['desc', 'asc']],
    ['order by metrics.loss desc, |', ['metrics.', 'created']],
  ])('%j offers %j', (marked, labels) => {
    expect(labelsAt(marked)).toEqual(expect.arrayContaining(labels));
  });

  it('offers first what begins as the word does', () => {
    expect(labelsAt('te|')[0]).toBe('tags.team');
    expect(labelsAt('cr|')[0]).toBe('created');
    expect(labelsAt('status = |')).not.toContain('metrics.');
    expect(labelsAt('metrics.loss = |')).toEqual([]);
    expect(labelsAt('tags.constructor = |')).toEqual([]);
    expect(labelsAt('status|')).toEqual([]);
  });

  it.each([
    ['metrics.l| < 1', 'metrics.val loss', undefined],
    ['metrics.v| < 1', 'metrics.val loss', 'metrics."val loss"| < 1'],
    ['a and metrics.tr|xyz < 1', 'metrics.train/loss', 'a and metrics.train/loss| < 1'],
    ['metrics."val l|', 'metrics.val loss', 'metrics."val loss"|'],
    ['experiment = "two|', 'two words', 'experiment = "two words"|'],
    ['tags.team = i|', 'in', 'tags.team = "in"|'],
    ['status = Running a|', 'and', 'status = Running and|'],
  ])('%j with %j is %j', (marked, label, expected) => {
    expect(taken(marked, label)).toBe(expected);
  });

  it('gives what replaces a part of the query, at any place of any text', () => {
    const piece = fc.constantFrom(
      'metrics.',
      '"',
      'status',
      '=',
      'in',
      '(',
      ')',
      ',',
      'order',
      'by',
      'not',
      ' ',
      '\\',
      'é',
    );
    const texts = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(texts, fc.nat(60), (text, place) => {
        const offset = Math.min(place, text.length);
        for (const { start, end, insertText, label } of completionsAt(text, offset, known)) {
          expect(start).toBeLessThanOrEqual(offset);
          expect(end).toBeGreaterThanOrEqual(offset);
          expect(end).toBeLessThanOrEqual(text.length);
          expect([insertText, label]).not.toContain('');
        }
      }),
    );
  });

  it('knows the names of an index', () => {
    const database = indexOf([
      naiveRun({ metrics: new Map([['loss', { last: 1, min: 1, max: 1, count: 1 }]]), tags: new Map([['a b', 'x']]) }),
      naiveRun({
        run: 2,
        id: 'two',
        number: 2,
        tags: new Map([
          ['a b', null],
          ['and', 'y'],
        ]),
        parameters: new Map([['x.y', 1]]),
      }),
      naiveRun({ run: 3, id: 'three', number: 3, tags: new Map([['a b', 'z']]), properties: new Map([['loss', '']]) }),
    ]);
    expect(readKnownNames(database)).toEqual({
      metrics: expect.arrayContaining(['loss']),
      parameters: ['x.y'],
      tags: ['a b', 'and'],
      properties: ['loss'],
      experiments: ['Iris'],
      tagValues: { 'a b': ['x', 'z'], and: ['y'] },
    });
    expect(readKnownNames(indexOf([]))).toMatchObject({ parameters: [], tags: [], experiments: [], tagValues: {} });
  });

  it('makes queries that are understood', () => {
    for (const { insertText } of completionsAt('status = ', 9, known)) {
      expect(() => parseQuery(`status = ${insertText}`)).not.toThrow();
    }
    for (const { insertText } of completionsAt('metrics.', 8, known)) {
      expect(() => parseQuery(`${insertText} is null order by ${insertText} desc`)).not.toThrow();
    }
  });
});
