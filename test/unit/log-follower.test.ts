import { appendFile, mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { followLog, type LogChunk, readLogFrom, readLogTail } from '../../src/core/logs/logFollower.ts';
import { temporaryFolder } from '../support/sourceFolder.ts';

async function logFile(content: string | Buffer = ''): Promise<string> {
  const path = join(await temporaryFolder(), 'std_log.txt');
  await writeFile(path, content);
  return path;
}

/** Follows a log; `until` waits for the next chunk until what came so far is as wanted. */
function follow(path: string, from = 0) {
  const chunks: LogChunk[] = [];
  let wake = (): void => {};
  const follower = followLog(path, from, (chunk) => {
    chunks.push(chunk);
    wake();
  });
  onTestFinished(() => follower.dispose());
  return {
    chunks,
    follower,
    text: () => chunks.map((chunk) => chunk.text).join(''),
    async until(isWanted: (text: string) => boolean): Promise<void> {
      while (!isWanted(this.text())) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

describe('the tail of a log', () => {
  it('starts at a line where there is one', async () => {
    const path = await logFile('first line\nsecond line\nthird line\n');
    expect(await readLogTail(path, 1000)).toEqual({ start: 0, end: 34, text: 'first line\nsecond line\nthird line\n' });
    expect(await readLogTail(path, 15)).toEqual({ start: 23, end: 34, text: 'third line\n' });
  });

  it('does not cut a character at either end', async () => {
    const text = 'ä€😀'.repeat(50);
    const bytes = Buffer.from(text);
    const path = await logFile(bytes);
    for (let size = 1; size < 20; size++) {
      const tail = await readLogTail(path, size);
      expect(tail.text).not.toContain('\uFFFD');
      expect(bytes.subarray(tail.start, tail.end).toString()).toBe(tail.text);
      expect(tail.end).toBe(bytes.length);
    }
    for (let missing = 1; missing < 4; missing++) {
      await writeFile(path, bytes.subarray(0, bytes.length - missing));
      const tail = await readLogTail(path, 1000);
      expect(tail).toMatchObject({ start: 0, end: bytes.length - 4 });
      expect(tail.text).not.toContain('\uFFFD');
    }
  });

  it('replaces what is no text', async () => {
    const path = await logFile(Buffer.from([0x61, 0xff, 0xfe, 0x0a, 0xc0, 0x80, 0x62, 0x0a]));
    const { text, end } = await readLogTail(path, 1000);
    expect(text).toBe('a\uFFFD\uFFFD\n\uFFFD\uFFFDb\n');
    expect(end).toBe(8);
  });

  it('of one line that is too long is its end', async () => {
    const path = await logFile('x'.repeat(5000));
    expect(await readLogTail(path, 100)).toEqual({ start: 4900, end: 5000, text: 'x'.repeat(100) });
  });

  it('of a file that is not there is empty', async () => {
    const path = join(await temporaryFolder(), 'logs', 'none.txt');
    expect(await readLogTail(path, 100)).toEqual({ start: 0, end: 0, text: '' });
    expect(await readLogFrom(path, 7)).toEqual({ start: 7, end: 7, text: '' });
  });

  it('of a folder is an error', async () => {
    await expect(readLogTail(await temporaryFolder(), 100)).rejects.toMatchObject({ reason: 'unreadable' });
  });
});

describe('following a log', () => {
  it('tells what is there, and then what is appended, without gaps', async () => {
    const path = await logFile('one\n');
    const log = follow(path);
    await log.until((text) => text === 'one\n');
    await appendFile(path, 'two\n');
    await log.until((text) => text === 'one\ntwo\n');
    await appendFile(path, 'three\n');
    await log.until((text) => text === 'one\ntwo\nthree\n');
    let end = 0;
    for (const chunk of log.chunks) {
      expect(chunk.start).toBe(end);
      end = chunk.end;
    }
    expect(end).toBe(14);
  });

  it('goes on from an offset', async () => {
    const path = await logFile('one\ntwo\n');
    const log = follow(path, 4);
    await log.until((text) => text === 'two\n');
    expect(log.chunks[0]).toEqual({ start: 4, end: 8, text: 'two\n' });
  });

  it('waits for a file, and for the folders above it', async () => {
    const path = join(await temporaryFolder(), 'artifacts', 'logs', 'std_log.txt');
    const log = follow(path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'hello\n');
    await log.until((text) => text === 'hello\n');
  });

  it('keeps a character together that arrives in parts', async () => {
    const path = await logFile('a');
    const log = follow(path);
    await log.until((text) => text === 'a');
    const bytes = Buffer.from('😀b');
    await appendFile(path, bytes.subarray(0, 2));
    await appendFile(path, bytes.subarray(2));
    await log.until((text) => text.endsWith('b'));
    expect(log.text()).toBe('a😀b');
  });

  it('reads large amounts in order', async () => {
    const path = await logFile();
    const log = follow(path);
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} é\n`);
    for (let start = 0; start < lines.length; start += 1000) {
      await appendFile(path, lines.slice(start, start + 1000).join(''));
    }
    await log.until((text) => text.endsWith('line 19999 é\n'));
    expect(log.text()).toBe(lines.join(''));
    expect(log.chunks.length).toBeLessThan(100);
  });

  it('starts again where the file was cut, or is another one', async () => {
    const path = await logFile('a long first text\n');
    const log = follow(path);
    await log.until((text) => text.endsWith('text\n'));
    await truncate(path, 0);
    await appendFile(path, 'cut\n');
    await log.until((text) => text.endsWith('cut\n'));
    expect(log.chunks.at(-1)?.start).toBe(0);
    await writeFile(`${path}.new`, 'another, and longer than before\n');
    await rename(`${path}.new`, path);
    await log.until((text) => text.endsWith('before\n'));
    expect(log.chunks.at(-1)?.start).toBe(0);
  });

  it('survives that the folder goes away and comes back', async () => {
    const path = join(await temporaryFolder(), 'logs', 'std_log.txt');
    await mkdir(dirname(path));
    await writeFile(path, 'one\n');
    const log = follow(path);
    await log.until((text) => text === 'one\n');
    await rm(dirname(path), { recursive: true });
    await mkdir(dirname(path));
    await writeFile(path, 'two, again\n');
    await log.until((text) => text.endsWith('two, again\n'));
  });

  it('tells nothing after it was disposed', async () => {
    const path = await logFile('one\n');
    const log = follow(path);
    await log.until((text) => text === 'one\n');
    log.follower.dispose();
    const other = follow(path);
    await appendFile(path, 'two\n');
    await other.until((text) => text === 'one\ntwo\n');
    expect(log.text()).toBe('one\n');
  });
});
