import { describe, expect, it } from 'vitest';
import { runReferences } from '../../src/extension/terminal/runReferences.ts';

/** At each place, what may be the id, the first idea first. */
function ideas(line: string): string[][] {
  return runReferences(line).map((place) => {
    for (const { start, length, runId } of place) {
      const text = line.slice(start, start + length);
      expect(text === runId || text.includes('/run/')).toBe(true);
    }
    return place.map(({ runId }) => runId);
  });
}

describe('runs that a terminal names', () => {
  it('are found by the ids of submitted scripts, whose experiments may have blanks', () => {
    expect(ideas('Run digits_1763674412_3fa9c1de (digits, number 5)')).toEqual([
      ['digits_1763674412_3fa9c1de', 'Run digits_1763674412_3fa9c1de'],
    ]);
    expect(ideas('"my runs_1763674412_3fa9c1de"')).toEqual([
      ['runs_1763674412_3fa9c1de', 'my runs_1763674412_3fa9c1de'],
    ]);
    expect(ideas('größe-v1.2_1763674412_3fa9c1de,')).toEqual([['größe-v1.2_1763674412_3fa9c1de']]);
  });

  it('are found by the ids of sweeps, trials and interactive runs', () => {
    const id = '0c5f9e1e-7a7e-4b8f-9d44-2f6f1f0a9c11';
    expect(ideas(`HD_${id} HD_${id}_12 ${id}.`)).toEqual([[`HD_${id}`], [`HD_${id}_12`], [id]]);
  });

  it('are found by links, without what follows a link in a sentence', () => {
    expect(ideas('See vscode://runledger.runledger/run/my%20runs_1763674412_3fa9c1de. Done')).toEqual([
      ['my runs_1763674412_3fa9c1de'],
    ]);
    const [[first] = []] = runReferences('<code-oss://runledger.runledger/run/a_1763674412_3fa9c1de>');
    expect(first).toEqual({ start: 1, length: 56, runId: 'a_1763674412_3fa9c1de' });
    expect(ideas('vscode://runledger.runledger/run/%E0%A4%A')).toEqual([['%E0%A4%A']]);
  });

  it('are not found in other words', () => {
    expect(ideas('epoch_1763674412_loss 3fa9c1de x_1763674412_3fa9c1def https://example.org/run/1')).toEqual([]);
    expect(ideas(`sha_0c5f9e1e-7a7e-4b8f-9d44-2f6f1f0a9c11 ${'a '.repeat(5000)}`)).toEqual([]);
  });
});
