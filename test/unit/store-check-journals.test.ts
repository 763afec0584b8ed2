import { mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findModel } from '../../src/core/models/modelVersions.ts';
import { registerModel } from '../../src/core/models/registerModel.ts';
import { setExperimentArchived } from '../../src/core/store/experimentJournal.ts';
import { currentProcessIdentity } from '../../src/core/store/processIdentity.ts';
import {
  check,
  contentsOf,
  deadProcess,
  inStore,
  processRecord,
  repaired,
  runPlace,
  storeWithRun,
} from '../support/damagedStore.ts';
import { isThere } from '../support/submittedRun.ts';
import { newRun, openTestCatalog, record } from '../support/temporaryStore.ts';

describe('journals', () => {
  it('truncated at any byte of their last three lines are repaired without losing a whole line', async () => {
    const { folder, ended } = await storeWithRun();
    const lines = Array.from({ length: 4 }, (_, step) => `{"t":${step},"k":"metric","n":"größe","v":${step}}\n`);
    const whole = Buffer.from(lines.join(''));
    const name = `script-${(await deadProcess()).pid}-00000000.jsonl`;
    const path = join(ended.folder, 'journal', name);
    const lineStarts = [0, ...[...whole.entries()].filter(([, byte]) => byte === 10).map(([index]) => index + 1)];
    const firstCut = lineStarts.at(-4) ?? 0;
    expect(firstCut).toBeGreaterThan(0);
    for (let length = firstCut; length <= whole.length; length++) {
      await writeFile(path, whole.subarray(0, length));
      const isTorn = !lineStarts.includes(length);
      const expected = isTorn ? [`torn-line ${runPlace(ended, 'journal', name)}`] : [];
      expect({ length, problems: (await check(folder)).problems }).toEqual({ length, problems: expected });
      expect({ length, problems: await repaired(folder) }).toEqual({ length, problems: expected });
      const now = await readFile(path);
      expect(now.subarray(0, length).equals(whole.subarray(0, length))).toBe(true);
      expect(now.length).toBe(isTorn ? length + 1 : length);
      const catalog = await openTestCatalog(folder);
      const { metrics } = await catalog.details(ended.runId);
      // A line that lacked nothing but its end counts again.
      const wholeLines = lineStarts.filter((start) => start > 0 && (start <= length || start - 1 === length)).length;
      expect({ length, count: metrics[0]?.count }).toEqual({ length, count: wholeLines });
      catalog.dispose();
    }
  });

  it('with garbage in them are told of and left as they are', async () => {
    const { folder, ended } = await storeWithRun();
    const path = join(ended.folder, 'journal', 'script-999999999-00000000.jsonl');
    const bytes = Buffer.concat([
      Buffer.from('{"t":1,"k":"metric","n":"a","v":1}\nnot json\n\n'),
      Buffer.from([0xff, 0xfe, 0x00, 0x0a]),
      Buffer.from('{"t":2,"k":"metric","n":"a","v":{"$float":"x"}}\n{"t":3,"k":"of the future"}\n'),
    ]);
    await writeFile(path, bytes);
    const { problems, findings, notices } = await check(folder, { repair: true });
    expect(problems).toEqual([]);
    expect(notices).toEqual([`lines-unusable ${runPlace(ended, 'journal', 'script-999999999-00000000.jsonl')}`]);
    expect(findings[0]?.message).toBe('3 lines are no records.');
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });

  it('whose writer lives, or was just there, are not touched though their last line is torn', async () => {
    const { folder, ended } = await storeWithRun();
    const path = join(ended.folder, 'journal', `cli-${process.pid}-00000000.jsonl`);
    await writeFile(path, '{"t":1,"k":');
    expect((await check(folder, { repair: true })).problems).toEqual([]);
    await rename(path, join(ended.folder, 'journal', 'cli-999999999-00000000.jsonl'));
    expect((await check(folder, { repair: true, settledSeconds: 60 })).problems).toEqual([]);
    expect(await repaired(folder)).toHaveLength(1);
  });

  it('of experiments and of models are looked at too', async () => {
    const { folder } = await storeWithRun();
    await setExperimentArchived(folder, 'iris', true, 'test');
    const experiment = inStore(folder, 'experiments/iris/journal');
    await writeFile(
      join(experiment, 'script-999999999-00000000.jsonl'),
      '{"t":1,"k":"tag"}\n{"t":2,"k":"tag","n":"a","v":"b"}',
    );
    await writeFile(join(folder, 'model.pkl'), 'weights');
    const source = { path: join(folder, 'model.pkl') };
    const model = await registerModel({ workspaceFolder: folder, name: 'digits', source, createdBy: 'test/1' });
    await writeFile(join(model.folder, 'journal', 'cli-999999999-00000000.jsonl'), '{"t":1,"k":"tag","n":"a","v":"b"}');
    expect((await check(folder)).notices).toContain(
      'lines-unusable experiments/iris/journal/script-999999999-00000000.jsonl',
    );
    expect(await repaired(folder)).toEqual([
      'torn-line experiments/iris/journal/script-999999999-00000000.jsonl',
      'torn-line models/digits/versions/1/journal/cli-999999999-00000000.jsonl',
    ]);
    expect((await findModel(folder, { name: 'digits' })).tags).toEqual({ a: 'b' });
    const catalog = await openTestCatalog(folder);
    expect((await catalog.experiments())[0]).toMatchObject({ tags: { a: 'b' }, archivedTime: expect.any(Number) });
  });
});

describe('a run whose processes are gone', () => {
  it('is recorded as readers see it: failed, when it was last heard of', async () => {
    const { folder } = await storeWithRun();
    const run = await newRun(folder);
    const journal = join(run.folder, 'journal', 'supervisor-999999999-00000000.jsonl');
    const identity = await deadProcess();
    const started = Date.now() / 1000 - 5000;
    await writeFile(
      journal,
      [
        { t: started, k: 'process', role: 'supervisor', ...identity },
        { t: started + 1, k: 'status', v: 'Running' },
        { t: started + 100, k: 'heartbeat' },
      ]
        .map((item) => `${JSON.stringify(item)}\n`)
        .join(''),
    );
    await writeFile(inStore(folder, 'active', run.runId), '');
    const catalog = await openTestCatalog(folder);
    const derived = await catalog.run(run.runId);
    expect(derived).toMatchObject({ status: 'Failed', endTime: started + 100 });
    expect((await check(folder, { repair: true, settledSeconds: 60 })).problems).toEqual([]);
    expect(await repaired(folder)).toEqual([`run-ended-unrecorded ${runPlace(run)}`]);
    expect(await isThere(inStore(folder, 'active', run.runId))).toBe(false);
    const files = await readdir(join(run.folder, 'journal'));
    expect(files).toHaveLength(2);
    // A reader on another machine, which could not tell, sees the same now.
    const elsewhere = (await readFile(journal, 'utf8')).replace(hostname(), 'another-host');
    await writeFile(journal, elsewhere);
    const later = await openTestCatalog(folder);
    expect(await later.run(run.runId)).toEqual(derived);
  });

  it('is left alone where one of them lives, is on another machine, or is an orchestrator', async () => {
    const { folder } = await storeWithRun();
    const living = await newRun(folder);
    await record(
      folder,
      living,
      await processRecord('supervisor'),
      await processRecord('script', await currentProcessIdentity()),
      { k: 'status', v: 'Running' },
    );
    const remote = await newRun(folder);
    const far = { ...(await currentProcessIdentity()), host: 'another-host' };
    await record(folder, remote, await processRecord('script', far), { k: 'status', v: 'Running' });
    const sweep = await newRun(folder, { type: 'hyperdrive', runId: 'HD_1' });
    await record(folder, sweep, await processRecord('orchestrator'), { k: 'status', v: 'Running' });
    const made = await newRun(folder);
    const before = await contentsOf(inStore(folder));
    const { problems, notices } = await check(folder, { repair: true });
    expect(problems).toEqual([]);
    expect(notices).toEqual([`never-started ${runPlace(made)}`, 'orchestration-abandoned experiments/iris/runs/HD_1']);
    expect(await contentsOf(inStore(folder))).toEqual(before);
    // Silent for more than a minute, it may be gone; only that machine could tell.
    const file = (await readdir(join(remote.folder, 'journal')))[0] ?? '';
    const path = join(remote.folder, 'journal', file);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll(/"t":\d+/g, '"t":1000'));
    expect((await check(folder, { repair: true })).notices).toContain(`not-responding ${runPlace(remote)}`);
  });

  it('leaves no working folder, no mark, and no run without a mark that goes on', async () => {
    const { folder, ended } = await storeWithRun();
    await mkdir(join(ended.folder, '.work', 'deep'), { recursive: true });
    await writeFile(join(ended.folder, '.work', 'deep', 'checkpoint.bin'), 'weights');
    await symlink(join(ended.folder, 'artifacts'), join(ended.folder, '.work', 'outputs'));
    await writeFile(inStore(folder, 'active', ended.runId), '');
    await writeFile(inStore(folder, 'active', 'never_1_00000000'), '');
    const living = await newRun(folder);
    await record(folder, living, await processRecord('script', await currentProcessIdentity()), {
      k: 'status',
      v: 'Running',
    });
    await mkdir(join(living.folder, '.work'));
    await rm(inStore(folder, 'active', living.runId));
    expect((await check(folder, { repair: true, settledSeconds: 60, leftoverSeconds: 60 })).problems).toEqual([]);
    // The mark is old, and the end was recorded just now.
    await utimes(inStore(folder, 'active', ended.runId), 0, 0);
    const now = (await check(folder, { settledSeconds: 60 })).problems;
    expect(now.filter((problem) => problem.startsWith('active-run-ended'))).toEqual([]);
    expect(await repaired(folder)).toEqual([
      `active-mark-missing active/${living.runId}`,
      `active-run-ended active/${ended.runId}`,
      'active-run-gone active/never_1_00000000',
      `working-folder ${runPlace(ended, '.work')}`,
    ]);
    const [kept] = await readdir(inStore(folder, 'trash/.repaired'));
    const moved = inStore(folder, 'trash/.repaired', kept ?? '', runPlace(ended), '.work/deep/checkpoint.bin');
    expect(await readFile(moved, 'utf8')).toBe('weights');
    expect(await isThere(join(living.folder, '.work'))).toBe(true);
  });
});
