import { describe, expect, it } from 'vitest';
import { parameterLine, parametersOf } from '../../src/extension/submit/parameterLine.ts';

const defaults = { rounds: 3, rate: 0.5, name: 'two words', fast: true };

describe('the line of parameters', () => {
  it('shows the defaults, and gives nothing where they are left as they are', () => {
    const line = parameterLine(defaults);
    expect(line).toBe("rounds=3 rate=0.5 'name=two words' fast=true");
    expect(parametersOf(line, defaults)).toEqual({});
  });

  it('gives the values that were changed, as they are written', () => {
    expect(parametersOf('rounds=7 name="a=b c" fast=true', defaults)).toEqual({ rounds: '7', name: 'a=b c' });
    expect(parametersOf('', defaults)).toEqual({});
    expect(parametersOf('name=', defaults)).toEqual({ name: '' });
  });

  it.each([
    ['rounds', 'rounds has no value: write rounds=value.'],
    ['pace=1', 'The pipeline has no parameter "pace".'],
    ['toString=1', 'The pipeline has no parameter "toString".'],
  ])('says what is wrong with %s', (line, message) => {
    expect(() => parametersOf(line, defaults)).toThrow(message);
  });
});
