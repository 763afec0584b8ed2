import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunledgerError } from '../../src/core/base/errors.ts';
import { listModels } from '../../src/core/models/modelVersions.ts';
import { registerModel } from '../../src/core/models/registerModel.ts';
import { takeSnapshot } from '../../src/core/snapshots/snapshot.ts';
import { currentProcessIdentity } from '../../src/core/store/processIdentity.ts';
import type { CreatedRun } from '../../src/core/store/runCreation.ts';
import { deleteRun } from '../../src/core/store/trash.ts';
import { VersionedDefinitions } from '../../src/core/store/versionedDefinitions.ts';
import { exportToZip } from '../../src/core/transfer/exportZip.ts';
import { importZip } from '../../src/core/transfer/importZip.ts';
import { pythonRunView, runView } from '../support/runView.ts';
import { newRun, openTestCatalog, record, temporaryFolder, temporaryWorkspace } from '../support/temporaryStore.ts';

const createdBy = 'test/1';

/** A run that has ended, with all that a run can have. */
async function fullRun(workspaceFolder: string, options: Parameters<typeof newRun>[1] = {}): Promise<CreatedRun> {
  const run = await newRun(workspaceFolder, { tags: { team: 'vision' }, ...options });
  const sources = await temporaryFolder();
  await writeFile(join(sources, 'train.py'), `print(${JSON.stringify(run.runId)})\n`);
  const { hash, files, bytes } = await takeSnapshot({ workspaceFolder, sourceDirectory: sources });
  await mkdir(join(run.folder, 'artifacts', 'outputs', '深い'), { recursive: true });
  await writeFile(join(run.folder, 'artifacts', 'outputs', '深い', 'model.bin'), Buffer.alloc(3_000_000, 7));
  await writeFile(join(run.folder, 'artifacts', 'outputs', 'empty.txt'), '');
  await record(
    workspaceFolder,
    run,
    { k: 'status', v: 'Running' },
    { k: 'snapshot', hash, files, bytes },
    { k: 'params', v: { lr: 0.1, 'a, "b"': null } },
    { k: 'metric', n: 'loss', v: Number.NaN, s: 3 },
    { k: 'metric', n: 'loss', v: 0.25, s: 4 },
    { k: 'tag', n: 'stage', v: 'trial' },
    { k: 'status', v: 'Completed' },
  );
  return run;
}

function exportRuns(workspaceFolder: string, file: string, ...runIds: string[]) {
  return exportToZip({ workspaceFolder, subject: { kind: 'runs', runIds }, file, createdBy });
}

async function failure(work: Promise<unknown>): Promise<RunledgerError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!RunledgerError.is(error)) {
    throw new Error(`It should have been refused: ${String(error)}`);
  }
  return error;
}

/** Every file of a store, to see that nothing was changed. */
async function storeFiles(workspaceFolder: string): Promise<string[]> {
  return (await readdir(join(workspaceFolder, '.runledger'), { recursive: true })).sort();
}

describe('a run that was exported and imported', () => {
  it('is the same to both readers, with its files and its snapshot', async () => {
    const from = await temporaryWorkspace();
    const run = await fullRun(from);
    const zip = join(await temporaryFolder(), 'run.zip');
    const exported = await exportRuns(from, zip, run.runId);
    expect(exported).toMatchObject({ file: zip, runIds: [run.runId], experimentCount: 1, leftOut: [] });

    const to = await temporaryWorkspace('other');
    const imported = await importZip({ zipFile: zip, workspaceFolder: to });
    expect(imported).toMatchObject({
      runs: [{ id: run.runId, number: 1, experiment: 'iris', action: 'imported' }],
      skipped: [],
      notes: [],
    });
    const folder = join(to, '.runledger', 'experiments', 'iris', 'runs', run.runId);
    expect(await runView(folder)).toEqual(await runView(run.folder));
    expect(await pythonRunView(folder)).toEqual(await pythonRunView(run.folder));
    expect(await runView(folder)).toEqual(await pythonRunView(folder));
    const [source, target] = [await openTestCatalog(from), await openTestCatalog(to)];
    const withoutTimes = ({ path, bytes }: { path: string; bytes: number }) => ({ path, bytes });
    expect((await target.files(run.runId)).map(withoutTimes)).toEqual(
      (await source.files(run.runId)).map(withoutTimes),
    );
    const weights = await readFile(join(folder, 'artifacts', 'outputs', '深い', 'model.bin'));
    // Compared as a whole: item by item it takes long.
    expect(weights.equals(Buffer.alloc(3_000_000, 7))).toBe(true);
    expect(await readdir(join(to, '.runledger', 'snapshots'))).toEqual(
      await readdir(join(from, '.runledger', 'snapshots')),
    );
    expect(await readdir(join(to, '.runledger', 'active'))).toEqual([]);
  });

  it('keeps its number in a new experiment and gets the next one elsewhere, which a property tells', async () => {
    const from = await temporaryWorkspace();
    await newRun(from);
    const second = await fullRun(from);
    const zip = join(await temporaryFolder(), 'run.zip');
    await exportRuns(from, zip, second.runId);
    const empty = await temporaryWorkspace('empty');
    expect((await importZip({ zipFile: zip, workspaceFolder: empty })).runs[0]?.number).toBe(2);
    const used = await temporaryWorkspace('used');
    for (let count = 0; count < 4; count++) {
      await newRun(used);
    }
    const { runs, notes } = await importZip({ zipFile: zip, workspaceFolder: used });
    expect(runs[0]?.number).toBe(5);
    expect(notes).toEqual([expect.stringContaining('another number')]);
    const details = await (await openTestCatalog(used)).details(second.runId);
    expect(details.properties).toEqual({ 'runledger.import.number': '2' });
  });

  it('takes its child runs with it, and they are found as its children', async () => {
    const from = await temporaryWorkspace();
    const parent = await fullRun(from);
    const child = await fullRun(from, { parentId: parent.runId });
    const zip = join(await temporaryFolder(), 'run.zip');
    expect((await exportRuns(from, zip, parent.runId)).runIds).toEqual([parent.runId, child.runId]);
    const to = await temporaryWorkspace('other');
    await importZip({ zipFile: zip, workspaceFolder: to });
    const catalog = await openTestCatalog(to);
    expect((await catalog.children(parent.runId)).map(({ id }) => id)).toEqual([child.runId]);
  });

  it('is left out where it is there, or is copied with new ids throughout, or nothing is imported', async () => {
    const from = await temporaryWorkspace();
    const parent = await fullRun(from);
    await fullRun(from, { parentId: parent.runId });
    const zip = join(await temporaryFolder(), 'run.zip');
    await exportRuns(from, zip, parent.runId);
    const before = await storeFiles(from);

    const skipped = await importZip({ zipFile: zip, workspaceFolder: from });
    expect(skipped.runs).toEqual([]);
    expect(skipped.skipped).toHaveLength(2);
    expect(skipped.skipped[0]).toEqual({ id: parent.runId, reason: 'It is in the workspace already.' });
    expect((await failure(importZip({ zipFile: zip, workspaceFolder: from, onConflict: 'fail' }))).reason).toBe(
      'already-exists',
    );
    expect(await storeFiles(from)).toEqual(before);

    const { runs } = await importZip({ zipFile: zip, workspaceFolder: from, onConflict: 'copy' });
    const [copiedParent, copiedChild] = runs;
    expect(new Set([parent.runId, ...runs.map(({ id }) => id)]).size).toBe(3);
    const catalog = await openTestCatalog(from);
    expect((await catalog.children(copiedParent?.id ?? '')).map(({ id }) => id)).toEqual([copiedChild?.id]);
    const { properties } = await catalog.details(copiedParent?.id ?? '');
    expect(properties['runledger.import.runId']).toBe(parent.runId);
  });

  it('comes back after it was deleted', async () => {
    const workspace = await temporaryWorkspace();
    const run = await fullRun(workspace);
    const zip = join(await temporaryFolder(), 'run.zip');
    await exportRuns(workspace, zip, run.runId);
    await deleteRun(workspace, run.runId);
    expect((await importZip({ zipFile: zip, workspaceFolder: workspace })).runs).toHaveLength(1);
  });
});

describe('runs that go on', () => {
  it('are refused by name, and left out of an experiment, which says so', async () => {
    const workspace = await temporaryWorkspace();
    const done = await fullRun(workspace);
    const live = await newRun(workspace);
    const identity = await currentProcessIdentity();
    await record(workspace, live, { k: 'process', role: 'script', ...identity }, { k: 'status', v: 'Running' });
    const zip = join(await temporaryFolder(), 'runs.zip');
    expect(await failure(exportRuns(workspace, zip, live.runId))).toMatchObject({ reason: 'invalid-state' });
    const subject = { kind: 'experiment', name: 'Iris' } as const;
    const result = await exportToZip({ workspaceFolder: workspace, subject, file: zip, createdBy });
    expect(result.runIds).toEqual([done.runId]);
    expect(result.leftOut).toEqual([`The run ${live.runId} is left out: it still goes on.`]);
  });

  it('and died are as dead in the import as they were at home', async () => {
    const workspace = await temporaryWorkspace();
    const dead = await newRun(workspace);
    const identity = { ...(await currentProcessIdentity()), startTime: '1' };
    await record(workspace, dead, { k: 'process', role: 'script', ...identity }, { k: 'status', v: 'Running' });
    const zip = join(await temporaryFolder(), 'runs.zip');
    await exportRuns(workspace, zip, dead.runId);
    const to = await temporaryWorkspace('other');
    await importZip({ zipFile: zip, workspaceFolder: to });
    const { summary } = await (await openTestCatalog(to)).details(dead.runId);
    expect(summary.status).toBe('Failed');
    expect(summary.failure?.message).toContain('ended without recording how the run ended');
  });

  it('elsewhere are ended by the import, so that nothing is resumed here', async () => {
    const workspace = await temporaryWorkspace();
    const sweep = await newRun(workspace, { type: 'hyperdrive' });
    const elsewhere = { pid: 1, startTime: '1', bootId: 'x', host: 'another-host' };
    await record(workspace, sweep, { k: 'process', role: 'orchestrator', ...elsewhere }, { k: 'status', v: 'Running' });
    const journal = join(sweep.folder, 'journal', (await readdir(join(sweep.folder, 'journal')))[0] ?? '');
    await writeFile(journal, (await readFile(journal, 'utf8')).replace(/"t":\d+/g, '"t":1700000000'));
    const zip = join(await temporaryFolder(), 'runs.zip');
    await exportRuns(workspace, zip, sweep.runId);
    const to = await temporaryWorkspace('other');
    await importZip({ zipFile: zip, workspaceFolder: to });
    const { summary } = await (await openTestCatalog(to)).details(sweep.runId);
    expect(summary).toMatchObject({ status: 'Failed', failure: { message: 'It had not ended when it was exported.' } });
  });
});

describe('a workspace', () => {
  it('comes back whole in a new folder: experiments, runs, models, environments', async () => {
    const from = await temporaryWorkspace('vision');
    const first = await fullRun(from);
    const second = await fullRun(from, { experiment: 'Résumé 2' });
    await registerModel({
      workspaceFolder: from,
      name: 'Digits',
      source: { runId: first.runId, artifactPath: 'outputs' },
      createdBy,
    });
    await new VersionedDefinitions(join(from, '.runledger', 'environments'), 'environment').add('training', {
      docker: null,
    });
    await writeFile(join(from, '.runledger', 'compute'), 'not exported');
    const zip = join(await temporaryFolder(), 'all.zip');
    const exported = await exportToZip({ workspaceFolder: from, subject: { kind: 'workspace' }, file: zip, createdBy });
    expect(exported).toMatchObject({ experimentCount: 2, modelVersionCount: 1 });

    const folder = join(await temporaryFolder(), 'restored');
    const { runs, models } = await importZip({ zipFile: zip, workspaceFolder: folder, newWorkspaceName: '' });
    expect(runs.map(({ id }) => id).sort()).toEqual([first.runId, second.runId].sort());
    expect(models).toEqual(['Digits:1']);
    const catalog = await openTestCatalog(folder);
    expect(catalog.workspace.name).toBe('vision');
    expect((await catalog.experiments()).map(({ name, runCount }) => [name, runCount])).toEqual([
      ['iris', 1],
      ['Résumé 2', 1],
    ]);
    expect(await listModels(folder)).toMatchObject([{ id: 'Digits:1', runId: first.runId }]);
    expect(
      await new VersionedDefinitions(join(folder, '.runledger', 'environments'), 'environment').list(),
    ).toHaveLength(1);

    const again = await importZip({ zipFile: zip, workspaceFolder: folder });
    expect(again).toMatchObject({ runs: [], models: [] });
    expect(await listModels(folder)).toHaveLength(1);
    expect(await failure(importZip({ zipFile: zip, workspaceFolder: folder, newWorkspaceName: '' }))).toMatchObject({
      reason: 'already-exists',
    });
  });
});

describe('a zip that is broken or hostile', () => {
  /** Builds a zip by Python's own library, whose writer checks nothing. `build` is a program with `zip` and `info(name)`. */
  function builtZip(file: string, build: string, base?: string): void {
    const program = `
import shutil, struct, sys, zipfile
path, base = sys.argv[1], sys.argv[2]
if base:
    shutil.copy(base, path)
def info(name, mode=0o100644):
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = mode << 16
    return entry
with zipfile.ZipFile(path, 'a' if base else 'w', zipfile.ZIP_DEFLATED) as zip:
${build.replace(/^/gm, '    ')}
`;
    execFileSync('python3', ['-W', 'ignore', '-c', program, file, base ?? '']);
  }

  async function good(): Promise<string> {
    const from = await temporaryWorkspace();
    const run = await fullRun(from);
    const zip = join(await temporaryFolder(), 'good.zip');
    await exportRuns(from, zip, run.runId);
    return zip;
  }

  it.each([
    ['leads above the folder', `zip.writestr(info('../../escape.txt'), 'x')`, 'unreadable', 'escape'],
    ['has an absolute path', `zip.writestr(info('/tmp/escape.txt'), 'x')`, 'unreadable', 'escape'],
    ['has backslashes', `zip.writestr(info('experiments\\\\..\\\\x'), 'x')`, 'unreadable', 'character'],
    ['has an empty segment', `zip.writestr(info('experiments//x'), 'x')`, 'unreadable', 'leads elsewhere'],
    [
      'has a link',
      `zip.writestr(info('experiments/iris/runs/a/artifacts/link', 0o120777), '/etc/passwd')`,
      'unreadable',
      'link',
    ],
    ['has a file twice', `zip.writestr('runledger-export.json', '{}')`, 'unreadable', 'twice'],
    [
      'has a run that is not the one of its folder',
      `zip.writestr(info('experiments/iris/runs/other/run.json'), '{"format": 1, "id": "x", "experiment": "iris", "createdTime": 1}')`,
      'unreadable',
      'not what belongs there',
    ],
    [
      'has a run of a newer format',
      `zip.writestr(info('experiments/iris/runs/other/run.json'), '{"format": 2, "id": "other"}')`,
      'newer-format',
      'Runledger',
    ],
    [
      'has a run without its record',
      `zip.writestr(info('experiments/iris/runs/other/artifacts/x'), 'x')`,
      'unreadable',
      'run.json',
    ],
    [
      'has other code under the name of a snapshot',
      `zip.writestr(info('snapshots/' + 'a' * 64 + '.zip'), open(base, 'rb').read())`,
      'unreadable',
      'other code',
    ],
  ])('that %s changes nothing', async (_what, build, reason, part) => {
    const zip = join(await temporaryFolder(), 'bad.zip');
    builtZip(zip, build, await good());
    const to = await temporaryWorkspace('other');
    const before = await storeFiles(to);
    const error = await failure(importZip({ zipFile: zip, workspaceFolder: to }));
    expect(error.reason).toBe(reason);
    expect(error.message).toContain(part);
    expect(await storeFiles(to)).toEqual(before);
  });

  it.each([
    ['another tool', `zip.writestr('a.txt', 'x')`, 'unreadable', 'no export of Runledger'],
    ['a newer version', `zip.writestr('runledger-export.json', '{"format": 99}')`, 'newer-format', 'format 99'],
    ['nobody knows', `zip.writestr('runledger-export.json', '[]')`, 'unreadable', 'does not say'],
  ])('of %s is told apart', async (_what, build, reason, part) => {
    const zip = join(await temporaryFolder(), 'bad.zip');
    builtZip(zip, build);
    const to = await temporaryWorkspace();
    const before = await storeFiles(to);
    const error = await failure(importZip({ zipFile: zip, workspaceFolder: to }));
    expect(error.reason).toBe(reason);
    expect(error.message).toContain(part);
    expect(await storeFiles(to)).toEqual(before);
  });

  it('whose files share their bytes is refused', async () => {
    const zip = join(await temporaryFolder(), 'bad.zip');
    builtZip(zip, `zip.writestr('a', 'x' * 100); zip.writestr('b', bytes(range(256)) * 8, zipfile.ZIP_STORED)`);
    const bytes = await readFile(zip);
    // Both entries of the table of contents are made to name the larger file's bytes.
    const second = bytes.lastIndexOf(Buffer.from('PK\u0001\u0002'));
    const first = bytes.indexOf(Buffer.from('PK\u0001\u0002'));
    bytes.copy(bytes, first + 10, second + 10, second + 28);
    bytes.copy(bytes, first + 42, second + 42, second + 46);
    await writeFile(zip, bytes);
    const error = await failure(importZip({ zipFile: zip, workspaceFolder: await temporaryWorkspace() }));
    expect(error.message).toContain('share their bytes');
  });

  it('that would fill the disk is refused, unless that is what one wants', async () => {
    const zip = await good();
    const bytes = await readFile(zip);
    const last = bytes.lastIndexOf(Buffer.from('PK\u0001\u0002'));
    bytes.writeUInt32LE(0xf000_0000, last + 24);
    await writeFile(zip, bytes);
    const to = await temporaryWorkspace();
    const error = await failure(importZip({ zipFile: zip, workspaceFolder: to }));
    expect(error.reason).toBe('zip-too-large');
    expect(error.message).toContain('4 GB');
    // It does not hold what it says.
    const wanted = await failure(importZip({ zipFile: zip, workspaceFolder: to, isAnySizeAllowed: true }));
    expect(wanted.reason).toMatch(/unreadable|disk-full/);
  });

  it('that is cut off, or damaged, changes nothing, in a new folder too', async () => {
    const zip = await good();
    const cut = join(await temporaryFolder(), 'cut.zip');
    await copyFile(zip, cut);
    const { length } = await readFile(zip);
    await truncate(cut, length - 100);
    const damaged = join(await temporaryFolder(), 'damaged.zip');
    const bytes = await readFile(zip);
    // In the content of its first file.
    const place = 30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28) + 20;
    bytes.writeUInt8((bytes.readUInt8(place) + 1) % 256, place);
    await writeFile(damaged, bytes);
    for (const file of [cut, damaged]) {
      const parent = await temporaryFolder();
      const error = await failure(
        importZip({ zipFile: file, workspaceFolder: join(parent, 'new'), newWorkspaceName: '' }),
      );
      expect(error.reason).toBe('unreadable');
      expect(await readdir(parent)).toEqual([]);
    }
  });

  it('that is no zip, or not there, is told', async () => {
    const file = join(await temporaryFolder(), 'x.zip');
    const to = await temporaryWorkspace();
    expect((await failure(importZip({ zipFile: file, workspaceFolder: to }))).reason).toBe('not-found');
    await writeFile(file, 'hello');
    expect((await failure(importZip({ zipFile: file, workspaceFolder: to }))).reason).toBe('unreadable');
  });
});

describe('stopping and failing', () => {
  it('leaves no file behind, of an export or of an import', async () => {
    const from = await temporaryWorkspace();
    const run = await fullRun(from);
    const folder = await temporaryFolder();
    const abort = new AbortController();
    const subject = { kind: 'runs', runIds: [run.runId] } as const;
    const file = join(folder, 'run.zip');
    const stopped = exportToZip({
      workspaceFolder: from,
      subject,
      file,
      createdBy,
      signal: abort.signal,
      onProgress: (_message, fraction) => fraction > 0 && abort.abort(),
    });
    expect((await failure(stopped)).reason).toBe('canceled');
    expect(await readdir(folder)).toEqual([]);

    await exportRuns(from, file, run.runId);
    expect((await failure(exportRuns(from, file, run.runId))).reason).toBe('already-exists');
    const to = await temporaryWorkspace('other');
    const before = await storeFiles(to);
    const second = new AbortController();
    const importing = importZip({
      zipFile: file,
      workspaceFolder: to,
      signal: second.signal,
      onProgress: (_message, fraction) => fraction > 0.2 && second.abort(),
    });
    expect((await failure(importing)).reason).toBe('canceled');
    expect(await storeFiles(to)).toEqual(before);
  });

  it('names links among the files, which are left out', async () => {
    const from = await temporaryWorkspace();
    const run = await fullRun(from);
    await symlink('/etc/passwd', join(run.folder, 'artifacts', 'outputs', 'link'));
    const { leftOut } = await exportRuns(from, join(await temporaryFolder(), 'run.zip'), run.runId);
    expect(leftOut).toEqual([expect.stringContaining('outputs/link is left out')]);
  });
});
