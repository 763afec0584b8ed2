import { appendFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { planRestore, restoreSnapshot } from '../../src/core/snapshots/restoreSnapshot.ts';
import { takeSnapshot } from '../../src/core/snapshots/snapshot.ts';
import { compareSnapshots, compareWithFolder } from '../../src/core/snapshots/snapshotComparison.ts';
import { SnapshotFiles, type SnapshotReference } from '../../src/core/snapshots/snapshotFiles.ts';
import { type SnapshotMatch, searchSnapshot } from '../../src/core/snapshots/snapshotSearch.ts';
import { snapshotFile } from '../../src/core/store/storeLayout.ts';
import {
  formatRunFileAddress,
  parseRunFileAddress,
  type RunFileAddress,
} from '../../src/extension/files/runFileAddress.ts';
import { entriesOfFolder } from '../../src/extension/files/runFileTree.ts';
import { watchRunFiles } from '../../src/extension/files/runFileWatches.ts';
import { searchPattern } from '../../src/extension/text/searchPattern.ts';
import { sourceFolder, temporaryFolder, writeFiles } from '../support/sourceFolder.ts';

const files = new SnapshotFiles();
afterEach(() => files.dispose());

async function snapshotOf(sourceDirectory: string, workspaceFolder: string): Promise<SnapshotReference> {
  const { hash } = await takeSnapshot({ workspaceFolder, sourceDirectory });
  return { workspaceFolder, hash };
}

describe('a text in the code of a run', () => {
  it('is found line by line, whatever its case, but in no binary file, and no further than is wanted', async () => {
    const workspaceFolder = await temporaryFolder();
    const source = await sourceFolder({
      'b.py': 'rate = 1\r\nprint(RATE, rate)\n',
      'a/model.py': '# no\n    Rate(3)\n',
      'data.bin': 'rate\0rate',
    });
    const snapshot = await snapshotOf(source, workspaceFolder);
    const search = async (wanted: string, limit: number, signal = new AbortController().signal) => {
      const found: SnapshotMatch[] = [];
      for await (const match of searchSnapshot(files, snapshot, wanted, { signal, limit })) {
        found.push(match);
      }
      return found;
    };
    expect(await search('rAtE', 10)).toEqual([
      { path: 'a/model.py', line: 1, column: 4, text: '    Rate(3)' },
      { path: 'b.py', line: 0, column: 0, text: 'rate = 1' },
      { path: 'b.py', line: 1, column: 6, text: 'print(RATE, rate)' },
    ]);
    expect(await search('rate', 2)).toHaveLength(2);
    expect(await search('', 10)).toEqual([]);
    expect(await search('rate', 10, AbortSignal.abort())).toEqual([]);
  });

  it('is looked for by VS Code in a folder whose name means nothing else to it', () => {
    expect(searchPattern('/a/{b},c [1]/artifacts')).toBe('/a/?b??c ?1?/artifacts');
  });
});

describe('the files of a stored snapshot', () => {
  it('are listed and read one by one, many at once and of more snapshots than are kept open', async () => {
    const workspaceFolder = await temporaryFolder();
    const snapshots: SnapshotReference[] = [];
    for (let number = 0; number < 7; number++) {
      const source = await sourceFolder({ 'train.py': `print(${number})\n`, 'lib/a b/ü.py': 'x = 1\n' });
      snapshots.push(await snapshotOf(source, workspaceFolder));
    }
    const reads = snapshots.flatMap((snapshot) => [
      files.read(snapshot, 'train.py'),
      files.read(snapshot, 'lib/a b/ü.py'),
    ]);
    const texts = (await Promise.all(reads)).map((bytes) => bytes.toString('utf8'));
    expect(texts.filter((_, index) => index % 2 === 0)).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `print(${n})\n`));
    expect(new Set(texts.filter((_, index) => index % 2 === 1))).toEqual(new Set(['x = 1\n']));
  });

  it('are said to be gone where they are, and found again when the zip is back', async () => {
    const workspaceFolder = await temporaryFolder();
    const source = await sourceFolder({ 'train.py': 'print(1)\n' });
    const snapshot = await snapshotOf(source, workspaceFolder);
    const zip = snapshotFile(workspaceFolder, snapshot.hash);
    const bytes = await readFile(zip);
    await rm(zip);
    await expect(files.read(snapshot, 'train.py')).rejects.toMatchObject({ reason: 'not-found' });
    await writeFile(zip, bytes);
    expect((await files.read(snapshot, 'train.py')).toString()).toBe('print(1)\n');
    await expect(files.read(snapshot, 'other.py')).rejects.toMatchObject({ reason: 'not-found' });
  });
});

describe('what differs', () => {
  it('between two snapshots is told by path, also where the size is the same', async () => {
    const workspaceFolder = await temporaryFolder();
    const before = await sourceFolder({ 'same.py': 'a', 'size.py': 'abc', 'gone.py': '', 'lib/long.py': 'one' });
    const after = await sourceFolder({ 'same.py': 'a', 'size.py': 'abd', 'new.py': '', 'lib/long.py': 'one two' });
    const [left, right] = [await snapshotOf(before, workspaceFolder), await snapshotOf(after, workspaceFolder)];
    expect(await compareSnapshots(files, left, right)).toEqual([
      { path: 'gone.py', kind: 'removed' },
      { path: 'lib/long.py', kind: 'changed' },
      { path: 'new.py', kind: 'added' },
      { path: 'size.py', kind: 'changed' },
    ]);
    expect(await compareSnapshots(files, left, left)).toEqual([]);
  });

  it('in the folder since then leaves out what a snapshot would leave out', async () => {
    const workspaceFolder = await temporaryFolder();
    const source = await sourceFolder({ '.amlignore': 'data/\n', 'train.py': 'a', 'old.py': '' });
    const snapshot = await snapshotOf(source, workspaceFolder);
    expect(await compareWithFolder(files, snapshot, source)).toEqual([]);
    await writeFiles(source, { 'train.py': 'b', 'data/large.csv': '1', 'fresh.py': '' });
    await rm(join(source, 'old.py'));
    expect(await compareWithFolder(files, snapshot, source)).toEqual([
      { path: 'fresh.py', kind: 'added' },
      { path: 'old.py', kind: 'removed' },
      { path: 'train.py', kind: 'changed' },
    ]);
    await rm(source, { recursive: true });
    await expect(compareWithFolder(files, snapshot, source)).rejects.toMatchObject({
      reason: 'not-found',
      message: expect.stringContaining('not there any more'),
    });
  });
});

describe('restoring a snapshot', () => {
  it('writes what is missing, tells what it overwrites, and leaves alone what is the same', async () => {
    const workspaceFolder = await temporaryFolder();
    const source = await sourceFolder({ 'train.py': 'a', 'lib/one.py': '1', 'lib/two.py': '2' });
    const snapshot = await snapshotOf(source, workspaceFolder);
    const targetFolder = await sourceFolder({ 'train.py': 'mine', 'lib/one.py': '1', 'other.txt': 'stays' });
    const options = { snapshot, targetFolder };
    const plan = await planRestore(files, options);
    expect(plan.overwritten).toEqual(['train.py']);
    expect(plan.files.map(({ path }) => path).sort()).toEqual(['lib/two.py', 'train.py']);
    const fractions: number[] = [];
    await restoreSnapshot(files, plan, { ...options, onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions).toEqual([0.5, 1]);
    expect(await readFile(join(targetFolder, 'train.py'), 'utf8')).toBe('a');
    expect(await readFile(join(targetFolder, 'lib/two.py'), 'utf8')).toBe('2');
    expect((await readdir(targetFolder)).sort()).toEqual(['lib', 'other.txt', 'train.py']);
    expect((await planRestore(files, options)).files).toEqual([]);
  });

  it('writes nothing through a link out of the folder, and nothing in place of a folder', async () => {
    const workspaceFolder = await temporaryFolder();
    const snapshot = await snapshotOf(await sourceFolder({ 'lib/one.py': '1' }), workspaceFolder);
    const outside = await temporaryFolder();
    const linked = await temporaryFolder();
    await symlink(outside, join(linked, 'lib'));
    await expect(planRestore(files, { snapshot, targetFolder: linked })).rejects.toMatchObject({
      reason: 'invalid-argument',
    });
    const occupied = await temporaryFolder();
    await mkdir(join(occupied, 'lib', 'one.py'), { recursive: true });
    await expect(planRestore(files, { snapshot, targetFolder: occupied })).rejects.toMatchObject({
      reason: 'invalid-argument',
    });
    expect(await readdir(outside)).toEqual([]);
  });

  it('can be stopped', async () => {
    const workspaceFolder = await temporaryFolder();
    const snapshot = await snapshotOf(await sourceFolder({ 'train.py': '1' }), workspaceFolder);
    const options = { snapshot, targetFolder: await temporaryFolder() };
    const plan = await planRestore(files, options);
    await expect(restoreSnapshot(files, plan, { ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({
      reason: 'canceled',
    });
    expect(await readdir(options.targetFolder)).toEqual([]);
  });
});

describe('the address of a file of a run', () => {
  it.each<RunFileAddress>([
    {
      workspaceFolder: '/home/ana/ünï code #1?',
      runId: 'iris_1763674412_3fa9c1de',
      part: 'snapshot',
      path: 'a b/c#d.py',
    },
    { workspaceFolder: 'C:\\Users\\Ana', runId: 'x_1_00000000', part: 'artifacts', path: 'outputs/50%.json' },
    { workspaceFolder: '/w', runId: 'x_1_00000000', part: 'artifacts', path: '' },
    { workspaceFolder: '/w', runId: 'x_1_00000000', part: undefined, path: '' },
  ])('comes back as it was: $workspaceFolder $path', (address) => {
    const { authority, path } = formatRunFileAddress(address);
    // As editors write it.
    expect(parseRunFileAddress({ authority: authority.toLowerCase(), path })).toEqual(address);
    // Shown as another file, as the side of a diff is.
    expect(parseRunFileAddress({ authority, path: '/home/ana/train.py', query: path })).toEqual(address);
  });

  it.each([
    ['', '/x/artifacts/a'],
    ['zz', '/x/artifacts/a'],
    ['abc', '/x/artifacts/a'],
    ['2f', '/'],
    ['2f', '/x/journal/a'],
  ])('is none: %s %s', (authority, path) => {
    expect(parseRunFileAddress({ authority, path })).toBeUndefined();
  });
});

describe('a folder of files that are known by their paths', () => {
  it('holds what lies in it, folders once', () => {
    const paths = ['train.py', 'lib/a.py', 'lib/deep/b.py', 'library.py'];
    expect(entriesOfFolder(paths, '')).toEqual([
      { name: 'lib', isFolder: true },
      { name: 'library.py', isFolder: false },
      { name: 'train.py', isFolder: false },
    ]);
    expect(entriesOfFolder(paths, 'lib')).toEqual([
      { name: 'a.py', isFolder: false },
      { name: 'deep', isFolder: true },
    ]);
    expect(entriesOfFolder(paths, 'li')).toBeUndefined();
    expect(entriesOfFolder([], '')).toEqual([]);
  });
});

describe('the watch of files that a run writes', () => {
  it('tells of a file that grows, and of files in folders that come later', async () => {
    const folder = await sourceFolder({ 'logs/std_log.txt': 'one\n' });
    const log = join(folder, 'logs', 'std_log.txt');
    await new Promise<void>((resolve, reject) => {
      const watch = watchRunFiles(log, { isRecursive: false, onChange: (path) => (path === log ? done() : undefined) });
      const done = (): void => {
        watch.dispose();
        resolve();
      };
      appendFile(log, 'two\n').catch(reject);
    });
    await new Promise<void>((resolve, reject) => {
      const deep = join(folder, 'outputs', 'model.json');
      const seen = new Set<string>();
      const watch = watchRunFiles(folder, {
        isRecursive: true,
        onChange: (path) => {
          // The folder is watched from here on.
          if (path === join(folder, 'outputs') && !seen.has(path)) {
            seen.add(path);
            writeFile(deep, '{}').catch(reject);
          }
          if (path === deep) {
            watch.dispose();
            resolve();
          }
        },
      });
      mkdir(join(folder, 'outputs')).catch(reject);
    });
  });
});
