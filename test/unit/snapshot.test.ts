import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentHash, sizeWarnings, takeSnapshot } from '../../src/core/snapshots/snapshot.ts';
import { writeSnapshotZip } from '../../src/core/snapshots/snapshotZip.ts';
import { listSourceFiles } from '../../src/core/snapshots/sourceFiles.ts';
import { repositoryRoot, runProgram, sourceFolder, temporaryFolder, writeFiles } from '../support/sourceFolder.ts';

/** Reads a zip with Python, which is what unpacks it, and computes the hash of its content by the format's words. */
const zipReader = `
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
lines = []
entries = {}
for i in z.infolist():
    mode = oct((i.external_attr >> 16) & 0o777)[2:]
    lines.append((i.filename.encode(), hashlib.sha256(z.read(i)).hexdigest() + '  ' + mode + '  ' + i.filename + chr(10)))
    entries[i.filename] = mode
lines.sort()
text = ''.join(line for _, line in lines)
print(json.dumps({'hash': hashlib.sha256(text.encode()).hexdigest(), 'entries': entries}))
`;

async function readZip(path: string): Promise<{ hash: string; entries: Record<string, string> }> {
  const { stdout, stderr } = await runProgram('python3', ['-c', zipReader, path], repositoryRoot);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as { hash: string; entries: Record<string, string> };
}

async function pathsOf(source: string): Promise<string[]> {
  return (await listSourceFiles(source)).files.map((file) => file.path);
}

describe('the files of a snapshot', () => {
  it('leave out what .amlignore names, and then .gitignore is not looked at', async () => {
    const source = await sourceFolder({
      '.amlignore': 'data/\n*.log\n!keep.log\n/root-only.txt\n',
      '.gitignore': 'train.py\n',
      'train.py': '',
      'data/big.bin': '',
      'a.log': '',
      'keep.log': '',
      'root-only.txt': '',
      'sub/root-only.txt': '',
      'sub/data/x': '',
      'sub/.gitignore': '*.py',
      'sub/helper.py': '',
    });
    expect(await pathsOf(source)).toEqual([
      '.amlignore',
      '.gitignore',
      'keep.log',
      'sub/.gitignore',
      'sub/helper.py',
      'sub/root-only.txt',
      'train.py',
    ]);
  });

  it('leave out what .gitignore names where there is no .amlignore', async () => {
    const source = await sourceFolder({
      '.gitignore': '\uFEFF__pycache__/\r\n*.pyc\r\n',
      'a.py': '',
      'p/__pycache__/a.pyc': '',
    });
    expect(await pathsOf(source)).toEqual(['.gitignore', 'a.py']);
  });

  it('never hold a repository or a store, whatever the rules say', async () => {
    const source = await sourceFolder({
      '.amlignore': '!.git/\n!.runledger/\n',
      '.git/config': '',
      'sub/.git': 'gitdir: elsewhere',
      '.runledger/workspace.json': '',
      '.runledger-staging-0a/workspace.json': '',
      '.github/x.yml': '',
      'a.py': '',
    });
    expect(await pathsOf(source)).toEqual(['.amlignore', '.github/x.yml', 'a.py']);
  });

  it('are sorted by bytes, in any script', async () => {
    const source = await sourceFolder({
      'é.py': '',
      'z.py': '',
      'Z.py': '',
      '訓練/データ.py': '',
      'a b.py': '',
      '\u{1F600}.py': '',
      '\uFF5E.py': '',
    });
    expect(await pathsOf(source)).toEqual([
      'Z.py',
      'a b.py',
      'z.py',
      'é.py',
      '訓練/データ.py',
      '\uFF5E.py',
      '\u{1F600}.py',
    ]);
  });

  it('follow links inside the folder, and no others, and no cycles', async () => {
    const outside = await sourceFolder({ 'secret.txt': 'x' });
    const source = await sourceFolder({ 'lib/a.py': 'a', 'lib/.git/config': '', 'train.py': '' });
    await symlink('lib', join(source, 'linked'));
    await symlink('train.py', join(source, 'again.py'));
    await symlink('..', join(source, 'lib', 'up'));
    await symlink(outside, join(source, 'outside'));
    await symlink(join(outside, 'secret.txt'), join(source, 'secret.txt'));
    await symlink('nowhere', join(source, 'broken'));
    await symlink('loop', join(source, 'loop'));
    await symlink('lib/.git', join(source, 'repository'));
    const { files, warnings } = await listSourceFiles(source);
    expect(files.map((file) => file.path)).toEqual(['again.py', 'lib/a.py', 'linked/a.py', 'train.py']);
    expect(warnings.map((warning) => warning.split(' ', 1)[0]).sort()).toEqual([
      'broken',
      'lib/up',
      'linked/up',
      'loop',
      'outside',
      'repository',
      'secret.txt',
    ]);
  });

  it('leave out names that a zip would change, and say so', async () => {
    const source = await sourceFolder({ 'a.py': '', 'b\\c.py': '', 'C:d.py': '', 'x/e:f.py': '' });
    const { files, warnings } = await listSourceFiles(source);
    expect(files.map((file) => file.path)).toEqual(['a.py', 'x/e:f.py']);
    expect(warnings).toHaveLength(2);
  });

  it('leave out pipes, and say so', async () => {
    const source = await sourceFolder({ 'a.py': '' });
    expect((await runProgram('mkfifo', [join(source, 'pipe')], source)).code).toBe(0);
    const { files, warnings } = await listSourceFiles(source);
    expect(files).toHaveLength(1);
    expect(warnings[0]).toContain('pipe');
  });
});

describe('a snapshot', () => {
  it('is a zip named by its content, with modes, and is stored once', async () => {
    const workspaceFolder = await temporaryFolder();
    const big = Buffer.alloc(3 * 1024 * 1024, 'runledger ');
    const source = await sourceFolder({ 'train.py': 'print(1)', 'run.sh': '#!/bin/sh', empty: '', 'data/é.bin': big });
    await chmod(join(source, 'run.sh'), 0o700);
    const fractions: number[] = [];
    const first = await takeSnapshot({
      workspaceFolder,
      sourceDirectory: source,
      onProgress: (f) => fractions.push(f),
    });
    const zip = await readZip(first.zipPath);
    expect(zip).toEqual({
      hash: first.hash,
      entries: { 'train.py': '644', 'run.sh': '755', empty: '644', 'data/é.bin': '644' },
    });
    expect(first).toMatchObject({ files: 4, bytes: big.length + 17, warnings: [] });
    expect(first.zipPath).toBe(join(workspaceFolder, '.runledger', 'snapshots', `${first.hash}.zip`));
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(fractions.length).toBeGreaterThan(5);

    const copy = await sourceFolder({ 'train.py': 'print(1)', 'run.sh': '#!/bin/sh', empty: '', 'data/é.bin': big });
    await chmod(join(copy, 'run.sh'), 0o755);
    const second = await takeSnapshot({ workspaceFolder, sourceDirectory: copy });
    expect(second.hash).toBe(first.hash);
    await chmod(join(copy, 'run.sh'), 0o644);
    const third = await takeSnapshot({ workspaceFolder, sourceDirectory: copy });
    expect(third.hash).not.toBe(first.hash);
    expect((await readdir(join(workspaceFolder, '.runledger', 'snapshots'))).sort()).toEqual(
      [`${first.hash}.zip`, `${third.hash}.zip`].sort(),
    );
  });

  it('of nothing is a zip too', async () => {
    const workspaceFolder = await temporaryFolder();
    const { hash, files, zipPath } = await takeSnapshot({ workspaceFolder, sourceDirectory: await temporaryFolder() });
    expect(files).toBe(0);
    expect((await readZip(zipPath)).hash).toBe(hash);
  });

  it('is named by what was written where files change meanwhile', async () => {
    const folder = await temporaryFolder();
    const size = 4 * 1024 * 1024;
    const source = await sourceFolder({
      '1-first.bin': Buffer.alloc(size, 'a'),
      // Opened while the one before is packed.
      '2-opened.txt': 'opened',
      // More than are opened ahead.
      ...Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`2-small-${index}.txt`, 'small'])),
      '3-gone.txt': 'gone',
      '3-growing.log': 'line\n',
      '4-cut.bin': Buffer.alloc(size, 'b'),
      '5-replaced.txt': 'before',
    });
    const { files } = await listSourceFiles(source);
    let isChanged = false;
    const written = await writeSnapshotZip(files, {
      folder,
      zipPathOf: (entries) => join(folder, `${contentHash(entries)}.zip`),
      onBytes: () => {
        if (!isChanged) {
          isChanged = true;
          // At once, so that none of them is read before.
          renameSync(join(source, '2-opened.txt'), join(source, 'moved before'));
          renameSync(join(source, '3-gone.txt'), join(source, 'moved'));
          appendFileSync(join(source, '3-growing.log'), 'another line\n');
          truncateSync(join(source, '4-cut.bin'), 10);
          writeFileSync(join(source, '5-replaced.txt'), 'after');
        }
      },
    });
    const zip = await readZip(written.zipPath);
    expect(written.zipPath).toBe(join(folder, `${zip.hash}.zip`));
    expect(Object.keys(zip.entries)).not.toContain('3-gone.txt');
    expect(written.files.find(({ path }) => path === '4-cut.bin')?.bytes).toBe(10);
    expect(await readdir(folder)).toEqual([`${zip.hash}.zip`]);
  });

  it('can be stopped, and leaves nothing', async () => {
    const workspaceFolder = await temporaryFolder();
    const source = await sourceFolder({
      'a.bin': Buffer.alloc(2 * 1024 * 1024),
      'b.bin': Buffer.alloc(2 * 1024 * 1024),
    });
    for (const stopAt of [0.1, 0.6]) {
      const stop = new AbortController();
      const snapshot = takeSnapshot({
        workspaceFolder,
        sourceDirectory: source,
        signal: stop.signal,
        onProgress: (fraction) => fraction > stopAt && stop.abort(),
      });
      await expect(snapshot).rejects.toMatchObject({ reason: 'canceled' });
    }
    expect(await readdir(join(workspaceFolder, '.runledger', 'snapshots'))).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0 && process.seteuid !== undefined)(
    'names the file that cannot be read',
    async () => {
      const workspaceFolder = await temporaryFolder();
      const source = await sourceFolder({ 'a.py': '', 'private/key.txt': 'x' });
      await chmod(source, 0o755);
      await chmod(join(source, 'private'), 0o755);
      await chmod(join(source, 'private', 'key.txt'), 0o600);
      await mkdir(join(workspaceFolder, '.runledger', 'snapshots'), { recursive: true });
      process.seteuid?.(65534);
      try {
        await expect(takeSnapshot({ workspaceFolder, sourceDirectory: source })).rejects.toMatchObject({
          reason: 'unreadable',
          message: expect.stringContaining(join('private', 'key.txt')),
          advice: expect.stringContaining('.amlignore'),
        });
      } finally {
        process.seteuid?.(0);
      }
    },
  );

  it('says where it cannot be stored', async () => {
    const workspaceFolder = await temporaryFolder();
    await writeFiles(workspaceFolder, { '.runledger': 'a file where the folder should be' });
    const source = await sourceFolder({ 'a.py': '' });
    await expect(takeSnapshot({ workspaceFolder, sourceDirectory: source })).rejects.toMatchObject({
      name: 'RunledgerError',
      message: expect.stringContaining('store the snapshot'),
    });
  });

  it('says that the source folder is gone', async () => {
    const workspaceFolder = await temporaryFolder();
    const sourceDirectory = join(workspaceFolder, 'nowhere');
    await expect(takeSnapshot({ workspaceFolder, sourceDirectory })).rejects.toMatchObject({ reason: 'not-found' });
  });
});

describe('the size limits', () => {
  it('warn above 300 MB and name the largest files', () => {
    const megabyte = 1024 * 1024;
    const files = [
      { path: 'small.py', bytes: 10 },
      { path: 'data/train.bin', bytes: 250 * megabyte },
      { path: 'data/test.bin', bytes: 51 * megabyte },
    ];
    const [warning, ...others] = sizeWarnings(files, 301 * megabyte + 10);
    expect(others).toEqual([]);
    expect(warning).toContain('data/train.bin (250 MB), data/test.bin (51 MB)');
    expect(warning).toContain('.amlignore');
    expect(sizeWarnings(files, 300 * megabyte)).toEqual([]);
  });

  it('warn above 2,000 files and name the fullest folders', async () => {
    const paths = Array.from({ length: 1999 }, (_, index) => `images/${index}.png`);
    const source = await sourceFolder(Object.fromEntries([...paths, 'train.py'].map((path) => [path, ''])));
    const workspaceFolder = await temporaryFolder();
    expect((await takeSnapshot({ workspaceFolder, sourceDirectory: source })).warnings).toEqual([]);
    await writeFiles(source, { 'one-more.py': '' });
    const { warnings, files } = await takeSnapshot({ workspaceFolder, sourceDirectory: source });
    expect(files).toBe(2001);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('2,001 files');
    expect(warnings[0]).toContain('images/ (1,999 files)');
  });
});
