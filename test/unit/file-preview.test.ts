import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { previewFile } from '../../src/extension/run-page/filePreview.ts';
import { temporaryFolder } from '../support/temporaryStore.ts';

async function preview(name: string, content: string | Buffer) {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, content);
  return await previewFile(file, `page:/${name}`);
}

describe('the preview of a file', () => {
  it('is a table where the file is one: numbers as numbers, codes as text', async () => {
    expect(await preview('a.csv', '\ufeffid,score,code\n"a, b",0.5,007\n<b>,,12\nc,1e3,\n')).toEqual({
      kind: 'table',
      isCut: false,
      table: {
        columns: ['id', 'score', 'code'],
        rows: [
          ['a, b', 0.5, '007'],
          ['<b>', null, '12'],
          ['c', 1000, null],
        ],
      },
    });
    expect(await preview('ragged.tsv', 'a\tb\n1\n1\t2\t3\n')).toMatchObject({
      table: {
        columns: ['a', 'b', 'column 3'],
        rows: [
          [1, null, null],
          [1, 2, 3],
        ],
      },
    });
  });

  it('of a long file is its beginning, cut between lines of a table and between characters of a text', async () => {
    const table = await preview('long.csv', `a,b\n${'x,1\n'.repeat(600_000)}`);
    expect(table).toMatchObject({ kind: 'table', isCut: true });
    expect(table.kind === 'table' && table.table.rows.every((row) => row[1] === 1)).toBe(true);
    const text = await preview('long.txt', `a${'ä'.repeat(1_500_000)}`);
    expect(text.kind === 'text' && text.isCut && !text.text.includes('\ufffd')).toBe(true);
  });

  it('is text as it is, an address of an image, or nothing of what is no text', async () => {
    expect(await preview('notes.md', '<script>')).toEqual({ kind: 'text', text: '<script>', isCut: false });
    expect(await preview('empty.csv', '')).toEqual({ kind: 'text', text: '', isCut: false });
    expect(await preview('plot.PNG', 'x')).toEqual({ kind: 'image', uri: 'page:/plot.PNG' });
    expect(await preview('model.pkl', Buffer.from([0x80, 4, 0, 1]))).toEqual({ kind: 'binary' });
  });
});
