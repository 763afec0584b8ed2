import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { findCommand } from '../../scripts/support/childProcess.ts';
import { aheadInOrder } from '../../src/core/base/aheadInOrder.ts';
import { deflatedPart, endOfParts } from '../../src/core/base/deflateParts.ts';
import { ZipReader } from '../../src/core/base/zipReader.ts';
import {
  centralHeader,
  endOfCentralDirectory,
  localHeader,
  storedMethod,
  type ZipRecord,
} from '../../src/core/base/zipRecords.ts';
import { ZipWriter } from '../../src/core/base/zipWriter.ts';
import { repositoryRoot, runProgram, temporaryFolder } from '../support/sourceFolder.ts';

const text = (bytes: number): Buffer => Buffer.alloc(bytes, 'the same line, again and again\n');

/** Half and half, as pickled models and notebooks are. */
const mixed = (bytes: number): Buffer => Buffer.concat([randomBytes(bytes / 2), text(bytes / 2)]);

/** Names, hashes and modes in the order of the zip, by Python's reader, which checks all that it reads. */
async function readByPython(path: string): Promise<[name: string, sha256: string, mode: string][]> {
  const program = `
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps([(i.filename, hashlib.sha256(z.read(i)).hexdigest(), oct(i.external_attr >> 16)) for i in z.infolist()]))
`;
  const { stdout, stderr } = await runProgram('python3', ['-c', program, path], repositoryRoot);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as [string, string, string][];
}

async function sha256Of(zip: ZipReader, path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of await zip.content(path)) {
    hash.update(part as Buffer);
  }
  return hash.digest('hex');
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

async function* inParts(content: Buffer, partBytes: number): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < content.length; offset += partBytes) {
    yield content.subarray(offset, offset + partBytes);
  }
}

describe('a zip', () => {
  it('holds whole files and files in parts, whatever is in them, in the order in which they were added', async () => {
    const files: Record<string, Buffer> = {
      'random.bin': randomBytes(300_000),
      'text.txt': text(300_000),
      'mixed.bin': mixed(300_000),
      'one byte': Buffer.from('x'),
      empty: Buffer.alloc(0),
      'フォルダ/é.py': Buffer.from('print(1)\n'),
      'parts/random.bin': randomBytes(3_000_000),
      'parts/text.txt': text(3_000_000),
      'parts/mixed.bin': mixed(3_000_000),
      'parts/empty': Buffer.alloc(0),
      'last.txt': text(10),
    };
    const path = join(await temporaryFolder(), 'a.zip');
    const zip = await ZipWriter.create(path, 1);
    // All at once, so that those behind are packed before those in front.
    await Promise.all(
      Object.entries(files).map(([name, content]) =>
        zip.add(name.startsWith('parts/') ? inParts(content, 256 * 1024) : content, {
          name,
          mode: name === 'text.txt' ? 0o755 : 0o644,
        }),
      ),
    );
    await zip.finish();

    expect(await readByPython(path)).toEqual(
      Object.entries(files).map(([name, content]) => [
        name,
        sha256(content),
        name === 'text.txt' ? '0o100755' : '0o100644',
      ]),
    );
    const reader = await ZipReader.open(path);
    expect(reader.entries.map(({ path: name, bytes }) => [name, bytes])).toEqual(
      Object.entries(files).map(([name, content]) => [name, content.length]),
    );
    for (const [name, content] of Object.entries(files)) {
      expect(await sha256Of(reader, name), name).toBe(sha256(content));
    }
    reader.close();
    const unzip = findCommand('unzip');
    if (unzip !== undefined) {
      expect(await runProgram(unzip, ['-tqq', path], repositoryRoot)).toMatchObject({ code: 0, stderr: '' });
    }
    // What cannot be made smaller is no larger for it, and the rest of the file is none the worse.
    const random = 300_000 * 1.5 + 3_000_000 * 1.5;
    expect((await stat(path)).size).toBeGreaterThan(random);
    expect((await stat(path)).size).toBeLessThan(random * 1.03);
  });

  it('keeps the time of a file, whatever the time zone, to the second', async () => {
    const path = join(await temporaryFolder(), 'a.zip');
    const zip = await ZipWriter.create(path);
    const times = ['2024-02-29T12:34:57Z', '1975-01-01T00:00:01Z'].map((time) => new Date(time));
    for (const [index, date] of times.entries()) {
      await zip.add(Buffer.from('x'), { name: `${index}`, date });
    }
    await zip.finish();
    const reader = await ZipReader.open(path);
    expect(reader.entries.map(({ modifiedTime }) => modifiedTime)).toEqual(times);
    reader.close();
  });

  it('holds more files than its old form can count', async () => {
    const path = join(await temporaryFolder(), 'a.zip');
    const zip = await ZipWriter.create(path);
    const count = 65_536;
    for (let index = 0; index < count; index += 1) {
      await zip.add(Buffer.alloc(0), { name: `${index}` });
    }
    await zip.finish();
    const listing = 'import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).namelist()))';
    expect((await runProgram('python3', ['-c', listing, path], repositoryRoot)).stdout.trim()).toBe(`${count}`);
    const reader = await ZipReader.open(path);
    expect(reader.entries).toHaveLength(count);
    reader.close();
  });

  it.runIf(process.platform === 'linux')('tells sizes and places beyond 4 GiB', async () => {
    const path = join(await temporaryFolder(), 'a.zip');
    const file = await open(path, 'wx');
    const common = { mode: 0o644, date: new Date(), method: storedMethod, isStreamed: true } as const;
    const bytes = 5 * 2 ** 30;
    // A hole, which takes no space; nobody reads it.
    const large: ZipRecord = { ...common, name: Buffer.from('large'), crc32: 0, packedBytes: bytes, bytes, offset: 0 };
    const content = Buffer.from('behind it');
    const behind: ZipRecord = {
      ...common,
      ...{ name: Buffer.from('behind'), crc32: crc32(content), packedBytes: content.length, bytes: content.length },
      offset: localHeader(large).length + bytes,
      isStreamed: false,
    };
    await file.write(localHeader(large));
    const table = Buffer.concat([centralHeader(large), centralHeader(behind)]);
    const offset = behind.offset + localHeader(behind).length + content.length;
    const end = endOfCentralDirectory({ entries: 2, bytes: table.length, offset });
    const rest = Buffer.concat([localHeader(behind), content, table, end]);
    await file.write(rest, 0, rest.length, behind.offset);
    await file.close();

    const program =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.getinfo("large").file_size, z.read("behind").decode())';
    expect((await runProgram('python3', ['-c', program, path], repositoryRoot)).stdout.trim()).toBe(
      `${bytes} behind it`,
    );
    const reader = await ZipReader.open(path);
    expect(reader.entries.map((entry) => entry.bytes)).toEqual([bytes, content.length]);
    expect(await reader.text('behind', 100)).toBe('behind it');
    reader.close();
  });

  it('takes no more files after one that failed, and lets go of its own', async () => {
    const path = join(await temporaryFolder(), 'a.zip');
    const zip = await ZipWriter.create(path);
    const failing = (async function* () {
      yield text(100);
      throw new Error('the disk is gone');
    })();
    const first = zip.add(failing, { name: 'first' });
    const second = zip.add(text(100), { name: 'second' });
    await expect(first).rejects.toThrow('the disk is gone');
    await expect(second).rejects.toThrow('the disk is gone');
    await expect(zip.finish()).rejects.toThrow('the disk is gone');
    await zip.abandon();
    await expect(ZipWriter.create(path)).rejects.toMatchObject({ code: 'EEXIST' });
  });
});

describe('parts of a deflate stream', () => {
  it('are what went into them, at the edges of blocks too', async () => {
    for (const bytes of [1, 16 * 1024, 65_534, 65_535, 65_536, 131_070, 131_071, 400_000]) {
      const parts = [randomBytes(bytes), text(bytes), mixed(bytes + (bytes % 2)), Buffer.alloc(bytes)];
      const packed = await Promise.all(parts.map((part) => deflatedPart(part, 1)));
      const stream = Buffer.concat([...packed.flat(), endOfParts]);
      expect(inflateRawSync(stream).equals(Buffer.concat(parts)), `${bytes} bytes`).toBe(true);
    }
  });
});

describe('what is done ahead', () => {
  it('comes in order, with no more at once than was said', async () => {
    const items = [50, 1, 20, 2, 30, 3, 10, 4];
    let running = 0;
    let most = 0;
    const results: number[] = [];
    const ahead = aheadInOrder(items, 3, async (milliseconds) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      running -= 1;
      return milliseconds;
    });
    for await (const result of ahead) {
      results.push(result);
    }
    expect(results).toEqual(items);
    expect(most).toBe(3);
  });

  it('tells a failure in its turn, and hands back what nobody took', async () => {
    const taken: string[] = [];
    const discarded: string[] = [];
    const stopped = new AbortController();
    const ahead = aheadInOrder(
      ['a', 'fails', 'late', 'behind'],
      3,
      async (item) => {
        if (item === 'fails') {
          throw new Error('fails');
        }
        if (item === 'late') {
          await once(stopped.signal, 'abort');
        }
        return item;
      },
      async (item) => void discarded.push(item),
    );
    setTimeout(() => stopped.abort(), 20);
    await expect(
      (async () => {
        for await (const item of ahead) {
          taken.push(item);
        }
      })(),
    ).rejects.toThrow('fails');
    expect(taken).toEqual(['a']);
    // That was begun when 'a' was taken.
    expect(discarded).toEqual(['late', 'behind']);
  });
});
