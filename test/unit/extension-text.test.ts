import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunledgerError } from '../../src/core/base/errors.ts';
import { joinArguments, splitArguments } from '../../src/extension/submit/splitArguments.ts';
import {
  escapeMarkdown,
  firstLine,
  formatAge,
  formatDuration,
  formatFullDate,
} from '../../src/extension/text/format.ts';

describe('a line of arguments', () => {
  it.each([
    ['', []],
    ['  --lr 0.1\t--epochs  10 ', ['--lr', '0.1', '--epochs', '10']],
    [`--name "two words" --empty ''`, ['--name', 'two words', '--empty', '']],
    [`a"b c"'d e'f`, ['ab cd ef']],
    ['a\\ b \\"c\\"', ['a b', '"c"']],
    [`"a \\"b\\" \\n \\\\"`, ['a "b" \\n \\']],
    [`'a \\ b'`, ['a \\ b']],
    ['$HOME *.py # no > expansion', ['$HOME', '*.py', '#', 'no', '>', 'expansion']],
    ['one \\\ntwo', ['one', 'two']],
  ])('%j splits as in a shell', (line, words) => {
    expect(splitArguments(line)).toEqual(words);
  });

  it.each(['"open', "it's", '--name "a\\"'])('%j is refused, since a quote is open', (line) => {
    expect(() => splitArguments(line)).toThrow(RunledgerError);
  });

  it('gives back any arguments that were joined', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
        expect(splitArguments(joinArguments(words))).toEqual(words);
      }),
    );
  });
});

describe('times', () => {
  it.each([
    [0, '0 s'],
    [0.184, '0.18 s'],
    [8.9, '8 s'],
    [24 * 60 + 8, '24 min 08 s'],
    [72 * 60 + 59, '1 h 12 min'],
    [76 * 3600, '3 d 4 h'],
    [-5, '0 s'],
  ])('%d s last %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [-3, 'now'],
    [59, 'now'],
    [60, '1 min'],
    [4 * 3600 + 1800, '4 h'],
    [50 * 3600, '2 d'],
    [800 * 86400, '2 y'],
  ])('%d s ago is %s', (seconds, text) => {
    expect(formatAge(seconds)).toBe(text);
  });

  it('are written in full with the month as a word', () => {
    expect(formatFullDate(new Date(2026, 10, 20, 21, 33, 32).getTime() / 1000, 'en-GB')).toBe('20 Nov 2026, 21:33:32');
  });
});

describe('text of a run', () => {
  it('is cut to its first line', () => {
    expect(firstLine('CUDA out of memory\nTried to allocate', 80)).toBe('CUDA out of memory');
    expect(firstLine('0123456789', 5)).toBe('0123…');
  });

  it('stays literal in Markdown', () => {
    const escaped = escapeMarkdown('[x](command:evil) ![i](http://h/p) <b>&amp; `c` $(zap) https://h');
    expect(escaped).not.toMatch(/(^|[^\\])[[\](`$]/);
    expect(escaped).not.toContain('<b>');
    expect(escaped).not.toContain('://');
  });
});
