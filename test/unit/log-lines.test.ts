import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countLines, readLogAround, searchLog } from '../../src/core/logs/logLines.ts';
import { temporaryFolder } from '../support/temporaryStore.ts';

async function logOf(text: string | Buffer): Promise<string> {
  const file = join(await temporaryFolder(), 'std_log.txt');
  await writeFile(file, text);
  return file;
}

const everything = 10_000;

describe('searching a log', () => {
  it('finds what a reader sees, in the whole file, whatever its case', async () => {
    const file = await logOf('epoch 1 Loss=\u001b[34m0.5\u001b[0m\nother\nbar  10%\rbar 100%\r\nLOSS=0.5');
    const search = (text: string, isCaseSensitive = false) => searchLog(file, { text, isCaseSensitive }, everything);
    expect(await search('loss=0.5')).toEqual({ lines: [0, 3], count: 2 });
    expect(await search('LOSS', true)).toEqual({ lines: [3], count: 1 });
    expect(await search(' 10%')).toEqual({ lines: [], count: 0 });
    expect(await search('100%')).toEqual({ lines: [2], count: 1 });
    expect(await searchLog(file, { text: 'loss', isCaseSensitive: false }, 1)).toEqual({ lines: [0], count: 2 });
  });

  it('finds across the pieces that are read, and characters of several bytes', async () => {
    const filler = 'ä'.repeat(1023);
    const lines = Array.from(
      { length: 2000 },
      (_, index) => `${filler} line ${index}${index % 500 === 7 ? ' Ωmega' : ''}`,
    );
    const file = await logOf(lines.join('\n'));
    expect(await searchLog(file, { text: 'ωMEGA', isCaseSensitive: false }, everything)).toEqual({
      lines: [7, 507, 1007, 1507],
      count: 4,
    });
  });

  it('can be stopped, and finds nothing in a log that is not there', async () => {
    const file = await logOf('a\n');
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(searchLog(file, { text: 'a', isCaseSensitive: true }, 1, stop.signal)).rejects.toThrow('stopped');
    expect(await searchLog(`${file}.gone`, { text: 'a', isCaseSensitive: true }, 1)).toEqual({ lines: [], count: 0 });
  });
});

describe('a stretch of a log', () => {
  it('holds whole lines, and says which comes first', async () => {
    const file = await logOf(Array.from({ length: 100 }, (_, index) => `line ${index}\n`).join(''));
    const stretch = await readLogAround(file, 50, 2, 40);
    expect(stretch).toMatchObject({ firstLine: 48, text: 'line 48\nline 49\nline 50\nline 51\nline 52\n' });
    expect(await countLines(file, stretch.start)).toBe(48);
    expect(await readLogAround(file, 99, 0, 1000)).toMatchObject({ firstLine: 99, text: 'line 99\n' });
    expect(await readLogAround(file, 0, 5, 8)).toMatchObject({ start: 0, firstLine: 0, text: 'line 0\n' });
  });

  it('begins where its line does, whatever the log holds', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\n', ' '));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 30 }), fc.nat(29), async (lines, wanted) => {
        const index = wanted % lines.length;
        const file = await logOf(lines.join('\n'));
        const { firstLine, start, text } = await readLogAround(file, index, 0, 1_000_000);
        expect(firstLine).toBe(index);
        expect(text).toBe(lines.slice(index).join('\n'));
        expect(start).toBe(
          Buffer.byteLength(
            lines
              .slice(0, index)
              .map((each) => `${each}\n`)
              .join(''),
          ),
        );
      }),
      { numRuns: 40 },
    );
  });
});
