import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deleteModel } from '../../src/core/models/modelChanges.ts';
import { registerModel } from '../../src/core/models/registerModel.ts';
import { takeSnapshot } from '../../src/core/snapshots/snapshot.ts';
import { deleteRun, restoreRun } from '../../src/core/store/trash.ts';
import { planGarbage, removeGarbage } from '../../src/core/store-gc/garbage.ts';
import { cli, json } from '../support/commandLine.ts';
import { crash } from '../support/crash.ts';
import { check, contentsOf, inStore, storeWithRun } from '../support/damagedStore.ts';
import { sourceFolder } from '../support/sourceFolder.ts';
import { isThere } from '../support/submittedRun.ts';
import { newRun, openTestCatalog, record, temporaryWorkspace } from '../support/temporaryStore.ts';

const old = { snapshotGraceSeconds: 0 };

const kinds = (items: readonly { readonly kind: string }[]): string[] => items.map(({ kind }) => kind);

/** A snapshot that was last used long ago. */
async function snapshot(folder: string, letter: string): Promise<string> {
  const hash = letter.repeat(64);
  const path = inStore(folder, 'snapshots', `${hash}.zip`);
  await writeFile(path, 'zip');
  await utimes(path, 1, 1);
  return hash;
}

async function runWith(folder: string, hash: string) {
  const run = await newRun(folder);
  await record(folder, run, { k: 'snapshot', hash, files: 1, bytes: 3 }, { k: 'status', v: 'Completed' });
  return run;
}

describe('emptying the trash', () => {
  it('removes runs, models and what repairs took out, and leaves a store without problems', async () => {
    const { folder, ended } = await storeWithRun();
    const child = await newRun(folder, { parentId: ended.runId });
    await writeFile(join(child.folder, 'artifacts', 'weights.bin'), 'x'.repeat(5000));
    await mkdir(join(child.folder, 'artifacts', 'locked'));
    await writeFile(join(child.folder, 'artifacts', 'locked', 'file'), 'x');
    await chmod(join(child.folder, 'artifacts', 'locked'), 0o500);
    await deleteRun(folder, child.runId);
    const source = { path: join(folder, 'model.pkl') };
    await writeFile(source.path, 'weights');
    await deleteModel(
      folder,
      await registerModel({ workspaceFolder: folder, name: 'digits', source, createdBy: 'test/1' }),
    );
    await writeFile(join(ended.folder, 'run.json'), '{}');
    await check(folder, { repair: true });

    const plan = await planGarbage(folder);
    expect(kinds(plan.items)).toEqual(['run', 'model', 'repair']);
    expect(plan.bytes).toBeGreaterThan(5000);
    const { removed, bytes, failures } = await removeGarbage(plan);
    expect({ removed, bytes, failures }).toEqual({ removed: plan.items, bytes: plan.bytes, failures: [] });
    expect((await check(folder)).problems).toEqual([]);
    expect(await readdir(join(ended.folder, 'children'))).toEqual([]);
    expect((await contentsOf(inStore(folder, 'trash'))).size).toBe(0);
    const catalog = await openTestCatalog(folder);
    expect(await catalog.deletedRuns()).toEqual([]);
    expect(await catalog.run(ended.runId)).toMatchObject({ status: 'Completed' });
    expect((await planGarbage(folder)).items).toEqual([]);
  });

  it('leaves what was deleted lately, and what was restored while the question was asked', async () => {
    const { folder } = await storeWithRun();
    const hash = await snapshot(folder, 'a');
    const run = await runWith(folder, hash);
    const other = await newRun(folder);
    await deleteRun(folder, run.runId);
    await deleteRun(folder, other.runId);
    expect(await planGarbage(folder, { olderThanSeconds: 3600 })).toMatchObject({ items: [], youngerInTrash: 2 });

    const plan = await planGarbage(folder);
    expect(kinds(plan.items)).toEqual(['run', 'run', 'snapshot']);
    await restoreRun(folder, run.runId);
    const { removed, failures } = await removeGarbage(plan);
    expect(removed.map(({ name }) => name)).toEqual([other.runId]);
    expect(failures).toEqual([]);
    expect(await isThere(inStore(folder, 'snapshots', `${hash}.zip`))).toBe(true);
  });

  it('killed at any moment is ended by the next call, and touches nothing else', async () => {
    const { folder: template, ended } = await storeWithRun();
    await runWith(template, await snapshot(template, 'b'));
    await deleteRun(template, (await runWith(template, await snapshot(template, 'a'))).runId);
    const child = await newRun(template, { parentId: ended.runId });
    await deleteRun(template, child.runId);
    const kept = await contentsOf(inStore(template, 'experiments'));
    kept.delete(`iris/runs/${ended.runId}/children/${child.runId}`);
    const module = join(import.meta.dirname, '../../src/core/store-gc/garbage.ts');
    const body = `const { planGarbage, removeGarbage } = await import(${JSON.stringify(module)});
      const plan = await planGarbage(folder);
      await removeGarbage(plan);`;
    let kills = 0;
    for (let isWhole = false; !isWhole; kills++) {
      const folder = await temporaryWorkspace();
      await rm(inStore(folder), { recursive: true });
      // With their times, by which snapshots are old.
      await copyStore(inStore(template), inStore(folder));
      isWhole = await crash(body, folder, kills);
      await removeGarbage(await planGarbage(folder));
      expect((await contentsOf(inStore(folder, 'trash'))).size).toBe(0);
      expect(await contentsOf(inStore(folder, 'experiments'))).toEqual(kept);
      const zips = (await readdir(inStore(folder, 'snapshots'))).filter((name) => !name.startsWith('.'));
      expect(zips).toEqual([`${'b'.repeat(64)}.zip`]);
      expect((await check(folder, { repair: true })).result.problems.failed).toBe(0);
    }
    expect(kills).toBeGreaterThan(6);
  }, 240_000);
});

async function copyStore(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, preserveTimestamps: true });
}

describe('snapshots', () => {
  it('go when nothing names them, wherever that could be', async () => {
    const { folder } = await storeWithRun();
    const [run, kept, torn, sweep, pipeline, repair, unnamed] = await Promise.all(
      ['0', '1', '2', '3', '4', '5', '6'].map((letter) => snapshot(folder, letter)),
    );
    await runWith(folder, run ?? '');
    await deleteRun(folder, (await runWith(folder, kept ?? '')).runId);
    const other = await newRun(folder);
    await writeFile(
      join(other.folder, 'journal', 'submit-999999999-00000000.jsonl'),
      `${'x'.repeat(1024 * 1024 - 40)}{"t":1,"k":"snapshot","hash":"${torn}"`,
    );
    await writeFile(join(other.folder, 'orchestration.json'), JSON.stringify({ snapshots: { a: { hash: sweep } } }));
    await mkdir(inStore(folder, 'pipelines'));
    await writeFile(inStore(folder, 'pipelines/1.json'), JSON.stringify({ snapshots: { a: { hash: pipeline } } }));
    await mkdir(inStore(folder, 'trash/.repaired/2026/runs/x'), { recursive: true });
    await writeFile(inStore(folder, 'trash/.repaired/2026/runs/x/run.json'), `{"hash":"${repair}"`);
    const plan = await planGarbage(folder, { olderThanSeconds: 3600 });
    expect(plan.items.map(({ name }) => name)).toEqual([unnamed]);
    const all = await planGarbage(folder);
    expect(all.items.map(({ name }) => name).filter((name) => name.length === 64)).toEqual([kept, repair, unnamed]);
    await removeGarbage(all);
    expect((await readdir(inStore(folder, 'snapshots'))).sort()).toEqual(
      [run, torn, sweep, pipeline].map((hash) => `${hash}.zip`),
    );
  });

  it('that were just taken or taken again stay, though no run names them yet', async () => {
    const { folder } = await storeWithRun();
    const sourceDirectory = await sourceFolder({ 'train.py': 'print(1)\n' });
    const first = await takeSnapshot({ workspaceFolder: folder, sourceDirectory });
    expect(await planGarbage(folder)).toMatchObject({ items: [], youngerSnapshots: 1 });
    await utimes(first.zipPath, 1, 1);
    const plan = await planGarbage(folder);
    expect(kinds(plan.items)).toEqual(['snapshot']);
    // Between the plan and the removal the same code is submitted again.
    await takeSnapshot({ workspaceFolder: folder, sourceDirectory });
    expect(Date.now() - (await stat(first.zipPath)).mtimeMs).toBeLessThan(60_000);
    expect((await removeGarbage(plan)).removed).toEqual([]);
    expect(await isThere(first.zipPath)).toBe(true);
    expect((await removeGarbage(plan, old)).removed).toHaveLength(1);
    await takeSnapshot({ workspaceFolder: folder, sourceDirectory });
    expect(await isThere(first.zipPath)).toBe(true);
  });

  it('all stay where it cannot be told which are needed, and that is said', async () => {
    const { folder, ended } = await storeWithRun();
    await snapshot(folder, 'a');
    const journal = join(ended.folder, 'journal');
    await rename(journal, join(ended.folder, 'elsewhere'));
    await symlink('journal', journal);
    const plan = await planGarbage(folder);
    expect(plan.items).toEqual([]);
    expect(plan.whyNoSnapshots).toContain(journal);
    const { code, stdout } = await cli(folder, 'store', 'gc');
    expect(code).toBe(1);
    expect(stdout).toContain('No snapshot was removed: Cannot tell which snapshots are needed');
  });
});

describe('runledger store gc', () => {
  it('shows, asks, removes, and says what stays', async () => {
    const { folder } = await storeWithRun();
    await snapshot(folder, 'a');
    const run = await newRun(folder);
    await writeFile(join(run.folder, 'artifacts', 'weights.bin'), 'x'.repeat(2_000_000));
    await deleteRun(folder, run.runId);
    const shown = await cli(folder, 'store', 'gc', '--dry-run');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toBe('Would remove runs: 1, snapshots: 1.\nThat would free 2.0 MB.\n');
    const unasked = await cli(folder, 'store', 'gc');
    expect(unasked.code).toBe(1);
    expect(unasked.stderr).toContain('Pass --yes');
    const young = await cli(folder, 'store', 'gc', '--older-than', '1d12h', '-y');
    expect(young.stdout).toBe('Removed snapshots: 1.\nFreed 3 B.\nIn the trash for less than 1d12h: 1 stay.\n');
    expect(await json(folder, 'store', 'gc', '--older-than', '0d', '--yes')).toMatchObject({
      dryRun: false,
      runs: 1,
      models: 0,
      snapshots: 0,
      bytes: expect.any(Number),
      failures: [],
    });
    expect((await cli(folder, 'store', 'gc')).stdout).toBe('Nothing to remove.\n');
    expect((await cli(folder, 'store', 'gc', '--older-than', 'a while')).code).toBe(2);
    expect(await readFile(inStore(folder, 'workspace.json'), 'utf8')).toContain('vision');
  });
});
