import { appendFile, cp, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deleteModel } from '../../src/core/models/modelChanges.ts';
import { listModels } from '../../src/core/models/modelVersions.ts';
import { registerModel } from '../../src/core/models/registerModel.ts';
import { setExperimentArchived } from '../../src/core/store/experimentJournal.ts';
import { deleteRun } from '../../src/core/store/trash.ts';
import { openWorkspace } from '../../src/core/store/workspaces.ts';
import {
  check,
  contentsOf,
  inStore,
  nothing,
  processRecord,
  repaired,
  runPlace,
  storeWithRun,
} from '../support/damagedStore.ts';
import { isThere } from '../support/submittedRun.ts';
import { newRun, openTestCatalog, record } from '../support/temporaryStore.ts';

async function numbers(folder: string): Promise<(number | string)[]> {
  const catalog = await openTestCatalog(folder);
  const { items } = await catalog.runs({ experimentKey: 'iris', limit: 100 });
  return items.map((item) => (item.kind === 'run' ? item.number : item.kind));
}

describe('a store in which all is well', () => {
  it('has no problems, with runs, children, models, archived experiments and a trash', async () => {
    const { folder, ended } = await storeWithRun();
    const child = await newRun(folder, { parentId: ended.runId });
    await record(folder, child, { k: 'status', v: 'Completed' });
    await rm(inStore(folder, 'active', child.runId));
    const deleted = await newRun(folder, { parentId: ended.runId });
    await deleteRun(folder, deleted.runId);
    await writeFile(join(folder, 'model.pkl'), 'weights');
    const source = { path: join(folder, 'model.pkl') };
    await registerModel({ workspaceFolder: folder, name: 'Digits', source, createdBy: 'test/1' });
    await deleteModel(
      folder,
      await registerModel({ workspaceFolder: folder, name: 'digits', source, createdBy: 'test/1' }),
    );
    await setExperimentArchived(folder, 'iris', true, 'test');
    const before = await contentsOf(inStore(folder));
    const { problems, notices, result } = await check(folder, { repair: true });
    expect(problems).toEqual([]);
    expect(notices).toEqual([
      'numbers-unused experiments/iris/numbers',
      'numbers-unused models/digits/numbers',
      'trash trash',
    ]);
    expect(result).toMatchObject({ experiments: 1, runs: 2, models: 1, problems: nothing, keptFolder: undefined });
    expect(await contentsOf(inStore(folder))).toEqual(before);
  });

  it('tells how far it is, and stops when it is told to', async () => {
    const { folder } = await storeWithRun();
    await newRun(folder, { experiment: 'other' });
    const fractions: number[] = [];
    await check(folder, { onProgress: ({ fraction }) => fractions.push(fraction) });
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    const stop = new AbortController();
    const stopped = check(folder, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopped).rejects.toMatchObject({ reason: 'canceled' });
  });

  it('is told apart from no store, and from one of a newer version', async () => {
    const { folder } = await storeWithRun();
    await expect(check(dirname(inStore(folder, 'active')))).rejects.toMatchObject({ reason: 'not-a-store' });
    const file = inStore(folder, 'workspace.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"format": 1', '"format": 2'));
    await expect(check(folder, { repair: true })).rejects.toMatchObject({ reason: 'newer-format' });
  });
});

describe('records of runs', () => {
  it('that are gone or damaged are made again, with their values, their number and their parent', async () => {
    const { folder, ended } = await storeWithRun();
    const child = await newRun(folder, { parentId: ended.runId });
    await record(
      folder,
      child,
      await processRecord('supervisor'),
      { k: 'metric', n: 'loss', v: 0.5 },
      { k: 'status', v: 'Completed' },
    );
    const broken = await newRun(folder);
    await record(folder, broken, { k: 'status', v: 'Completed' });
    const partial = await newRun(folder);
    await record(folder, partial, { k: 'status', v: 'Completed' });
    await rm(inStore(folder, 'active'), { recursive: true });
    await rm(join(child.folder, 'run.json'));
    await writeFile(join(broken.folder, 'run.json'), '{"format": 1, "id":');
    await writeFile(join(partial.folder, 'run.json'), '{"format": 1, "number": 4, "displayName": "kept"}');
    const found = await repaired(folder);
    expect(found).toEqual(
      [
        'folder-missing active',
        ...[child, broken, partial].map((run) => `run-record ${runPlace(run, 'run.json')}`).sort(),
      ].sort(),
    );
    const catalog = await openTestCatalog(folder);
    const details = await catalog.details(child.runId);
    const createdTime = Number(/_(\d+)_/.exec(child.runId)?.[1]);
    expect(details.summary).toMatchObject({
      number: 2,
      experiment: 'iris',
      parentId: ended.runId,
      type: 'azureml.scriptrun',
      status: 'Completed',
      createdTime,
    });
    expect(details.metrics[0]).toMatchObject({ name: 'loss', last: 0.5 });
    expect(details.warnings).toEqual([expect.stringContaining('not known any more')]);
    expect(await catalog.run(partial.runId)).toMatchObject({ number: 4, displayName: 'kept' });
    expect(await numbers(folder)).toEqual([4, 3, 2, 1]);
    const [kept] = await readdir(inStore(folder, 'trash/.repaired'));
    expect(await readFile(inStore(folder, 'trash/.repaired', kept ?? '', runPlace(broken), 'run.json'), 'utf8')).toBe(
      '{"format": 1, "id":',
    );
  });

  it('of a folder that holds nothing are not made up', async () => {
    const { folder } = await storeWithRun();
    const empty = await newRun(folder);
    await rm(join(empty.folder, 'run.json'));
    await rm(join(empty.folder, 'journal'), { recursive: true });
    expect(await repaired(folder)).toEqual([`run-empty ${runPlace(empty)}`]);
    expect(await numbers(folder)).toEqual([1]);
    expect((await check(folder)).notices).toEqual(['numbers-unused experiments/iris/numbers', 'trash trash']);
  });

  it('of a folder that was copied or renamed get the id of the folder', async () => {
    const { folder, ended } = await storeWithRun();
    const copy = inStore(folder, runPlace({ runId: 'iris_5_00000000' }));
    await cp(ended.folder, copy, { recursive: true });
    await cp(inStore(folder, 'experiments/iris'), inStore(folder, 'experiments/flowers'), { recursive: true });
    const before = await check(folder);
    expect(before.problems).toEqual(
      [
        'experiment-name experiments/flowers/experiment.json',
        'number-missing experiments/flowers/runs/iris_5_00000000',
        'number-missing experiments/iris/runs/iris_5_00000000',
        `run-duplicated experiments/iris/runs/${ended.runId}`,
        'run-duplicated experiments/iris/runs/iris_5_00000000',
        `run-record-disagrees experiments/flowers/runs/${ended.runId}/run.json`,
        'run-record-disagrees experiments/flowers/runs/iris_5_00000000/run.json',
        'run-record-disagrees experiments/iris/runs/iris_5_00000000/run.json',
      ].sort(),
    );
    expect(before.result).toMatchObject({ problems: { open: 8 }, repairable: 6 });
    const { result } = await check(folder, { repair: true });
    expect(result.problems).toEqual({ open: 2, repaired: 6, failed: 0 });
    await rm(inStore(folder, 'experiments/flowers'), { recursive: true });
    expect((await check(folder)).problems).toEqual([]);
    const catalog = await openTestCatalog(folder);
    expect(await catalog.run('iris_5_00000000')).toMatchObject({ id: 'iris_5_00000000', status: 'Completed' });
  });

  it('of a newer version, and what cannot be read at all, are told of and left alone', async () => {
    const { folder, ended } = await storeWithRun();
    const newer = await newRun(folder);
    const file = join(newer.folder, 'run.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"format": 1', '"format": 7'));
    await writeFile(join(newer.folder, 'journal', 'script-999999999-00000000.jsonl'), 'torn');
    await rm(join(ended.folder, 'run.json'));
    await symlink('run.json', join(ended.folder, 'run.json'));
    const { problems, result } = await check(folder, { repair: true });
    expect(problems).toEqual(
      [`newer-format ${runPlace(newer, 'run.json')}`, `not-accessible ${runPlace(ended, 'run.json')}`].sort(),
    );
    expect(result).toMatchObject({ problems: { open: 2, repaired: 0 }, repairable: 0 });
  });
});

describe('numbers', () => {
  it('that are gone are claimed again as they were', async () => {
    const { folder } = await storeWithRun();
    for (let count = 0; count < 4; count++) {
      await newRun(folder);
    }
    const before = await contentsOf(inStore(folder, 'experiments/iris/numbers'));
    await rm(inStore(folder, 'experiments/iris/numbers'), { recursive: true });
    expect(await numbers(folder)).toEqual([]);
    expect(await repaired(folder)).toHaveLength(6);
    expect(await contentsOf(inStore(folder, 'experiments/iris/numbers'))).toEqual(before);
    expect(await numbers(folder)).toEqual([5, 4, 3, 2, 1]);
  });

  it('of a run that lost its own go to it where they are free, else it gets the next', async () => {
    const { folder } = await storeWithRun();
    const two = await newRun(folder);
    const three = await newRun(folder);
    await newRun(folder);
    const claims = inStore(folder, 'experiments/iris/numbers');
    await writeFile(join(claims, '2'), '');
    await writeFile(join(claims, '3'), 'somebody_1_00000000');
    await writeFile(join(claims, 'notes.txt'), 'mine');
    expect(await repaired(folder)).toEqual(
      [
        `number-missing ${runPlace(two)}`,
        `number-missing ${runPlace(three)}`,
        'stray-entry experiments/iris/numbers/notes.txt',
      ].sort(),
    );
    expect(await readFile(join(claims, '2'), 'utf8')).toBe(two.runId);
    expect(await readFile(join(claims, '5'), 'utf8')).toBe(three.runId);
    const catalog = await openTestCatalog(folder);
    expect((await catalog.runs({ experimentKey: 'iris', limit: 9 })).items).toHaveLength(4);
  });

  it('have no gaps, and name no run twice', async () => {
    const { folder, ended } = await storeWithRun();
    const claims = inStore(folder, 'experiments/iris/numbers');
    await writeFile(join(claims, '2'), ended.runId);
    await writeFile(join(claims, '5'), 'gone_1_00000000');
    expect(await repaired(folder)).toEqual([
      'number-gap experiments/iris/numbers/3',
      'number-gap experiments/iris/numbers/4',
      `number-twice ${runPlace(ended)}`,
    ]);
    expect(await numbers(folder)).toEqual([1]);
    expect((await newRun(folder)).number).toBe(6);
    await writeFile(join(claims, '123456789'), 'gone_2_00000000');
    expect((await check(folder, { repair: true })).problems).toEqual([
      'number-gap-large experiments/iris/numbers/123456789',
    ]);
  });
});

describe('what belongs to others', () => {
  it('children are known to their parents, and none that is gone', async () => {
    const { folder, ended } = await storeWithRun();
    const child = await newRun(folder, { parentId: ended.runId });
    await rm(join(ended.folder, 'children', child.runId));
    await writeFile(join(ended.folder, 'children', 'gone_1_00000000'), '');
    const inTrash = await newRun(folder, { parentId: ended.runId });
    await deleteRun(folder, inTrash.runId);
    expect(await repaired(folder)).toEqual(
      [`child-gone ${runPlace(ended, 'children/gone_1_00000000')}`, `child-unmarked ${runPlace(child)}`].sort(),
    );
    expect((await readdir(join(ended.folder, 'children'))).sort()).toEqual([child.runId, inTrash.runId].sort());
  });

  it('what is half made is moved away when nobody can be at it any more', async () => {
    const { folder, ended } = await storeWithRun();
    const places = [
      '.staging-0123abcd',
      'experiments/.staging-0123abcd',
      'experiments/iris/runs/.staging-0123abcd',
      `experiments/iris/runs/${ended.runId}/.run.json.0123abcd.tmp`,
      'snapshots/.snapshot.0123abcd.tmp',
      '.workspace.json.0123abcd.tmp',
    ];
    for (const place of places) {
      const path = inStore(folder, place);
      await (place.endsWith('.tmp') ? writeFile(path, 'half') : mkdir(join(path, 'journal'), { recursive: true }));
    }
    await symlink('nowhere', inStore(folder, places[1] ?? '', 'dangling'));
    await mkdir(join(folder, '.runledger-staging-0123abcd'));
    await mkdir(join(folder, '.runledger-staging-mine'));
    expect((await check(folder, { repair: true, leftoverSeconds: 60 })).problems).toEqual([]);
    expect(await repaired(folder)).toEqual(
      [...places, '../.runledger-staging-0123abcd'].map((place) => `leftover ${place}`).sort(),
    );
    expect(await isThere(join(folder, '.runledger-staging-mine'))).toBe(true);
    const [kept] = await readdir(inStore(folder, 'trash/.repaired'));
    expect(await isThere(inStore(folder, 'trash/.repaired', kept ?? '', 'beside/.runledger-staging-0123abcd'))).toBe(
      true,
    );
  });

  it('the records of the workspace and of experiments are written again as this machine and the runs know them', async () => {
    const { folder } = await storeWithRun();
    await newRun(folder, { experiment: 'Große Bäume' });
    const { id } = await openWorkspace(folder);
    await writeFile(inStore(folder, 'workspace.json'), '');
    await rm(inStore(folder, 'experiments/große bäume/experiment.json'));
    for (const part of ['snapshots', 'trash']) {
      await rm(inStore(folder, part), { recursive: true });
    }
    await mkdir(inStore(folder, 'experiments/Wrong Case'));
    await writeFile(inStore(folder, 'experiments/notes.txt'), 'mine');
    const { problems, result } = await check(folder, { repair: true });
    expect(problems).toEqual([
      'experiment-record experiments/große bäume/experiment.json',
      'folder-missing snapshots',
      'folder-missing trash',
      'folder-name experiments/Wrong Case',
      'stray-entry experiments/notes.txt',
      'workspace-record workspace.json',
    ]);
    expect(result.problems).toEqual({ open: 1, repaired: 5, failed: 0 });
    await rm(inStore(folder, 'experiments/Wrong Case'), { recursive: true });
    expect(await repaired(folder)).toEqual([]);
    expect(await openWorkspace(folder)).toMatchObject({ id, name: 'vision' });
    const catalog = await openTestCatalog(folder);
    expect((await catalog.experiments()).map(({ name }) => name)).toEqual(['Große Bäume', 'iris']);
  });

  it('models have records and numbers', async () => {
    const { folder } = await storeWithRun();
    await writeFile(join(folder, 'model.pkl'), 'weights');
    const source = { path: join(folder, 'model.pkl') };
    for (let count = 0; count < 4; count++) {
      await registerModel({ workspaceFolder: folder, name: 'Digits', source, createdBy: 'test/1' });
    }
    const model = (...parts: string[]) => inStore(folder, 'models/digits', ...parts);
    await rm(model('versions/2/model.json'));
    await writeFile(
      model('versions/3/model.json'),
      (await readFile(model('versions/3/model.json'), 'utf8')).replace('"version": 3', '"version": 8'),
    );
    await rm(model('numbers/4'));
    await rm(model('versions/4/model.json'));
    await mkdir(model('versions/5'));
    await writeFile(model('numbers/6'), '');
    expect(await repaired(folder)).toEqual([
      'model-empty models/digits/versions/5',
      'model-record models/digits/versions/2/model.json',
      'model-record models/digits/versions/4/model.json',
      'model-record-disagrees models/digits/versions/3/model.json',
      'number-gap models/digits/numbers/5',
      'number-missing models/digits/versions/4',
    ]);
    const versions = await listModels(folder);
    expect(versions.map((entry) => (entry.kind === 'version' ? entry.id : entry.kind))).toEqual([
      'Digits:4',
      'Digits:3',
      'Digits:2',
      'Digits:1',
    ]);
    expect(await readFile(model('versions/4/files/model.pkl'), 'utf8')).toBe('weights');
  });

  it('snapshots that nothing names are counted, and those that are gone', async () => {
    const { folder, ended } = await storeWithRun();
    const [named, trashed, published, unnamed, gone] = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(64));
    for (const hash of [named, trashed, published, unnamed]) {
      await writeFile(inStore(folder, 'snapshots', `${hash}.zip`), 'zip');
    }
    await record(folder, ended, { k: 'snapshot', hash: named ?? '', files: 1, bytes: 3 });
    const deleted = await newRun(folder);
    await record(
      folder,
      deleted,
      { k: 'snapshot', hash: trashed ?? '', files: 1, bytes: 3 },
      { k: 'status', v: 'Completed' },
    );
    await deleteRun(folder, deleted.runId);
    const lost = await newRun(folder);
    await record(
      folder,
      lost,
      { k: 'snapshot', hash: gone ?? '', files: 1, bytes: 3 },
      { k: 'status', v: 'Completed' },
    );
    for (const run of [ended, lost]) {
      await rm(inStore(folder, 'active', run.runId));
    }
    await mkdir(inStore(folder, 'pipelines'));
    await writeFile(inStore(folder, 'pipelines/1.json'), JSON.stringify({ snapshots: { x: { hash: published } } }));
    await writeFile(inStore(folder, 'pipelines/2.json'), 'not json');
    const { findings, problems, notices } = await check(folder);
    expect(problems).toEqual(['definition-damaged pipelines/2.json']);
    expect(notices).toContain(`snapshot-missing ${runPlace(lost)}`);
    expect(findings.find(({ kind }) => kind === 'snapshots-unnamed')?.message).toBe('One of 4, with 3 bytes.');
  });
});

it('hundreds of damaged runs are repaired at once', async () => {
  const { folder, ended } = await storeWithRun();
  for (let count = 0; count < 300; count++) {
    const id = `iris_${count}_00000000`;
    await cp(ended.folder, inStore(folder, runPlace({ runId: id })), { recursive: true });
  }
  await truncate(join(ended.folder, 'run.json'), 0);
  const { result } = await check(folder, { repair: true });
  expect(result.problems).toEqual({ open: 0, repaired: 601, failed: 0 });
  await appendFile(inStore(folder, 'workspace.json'), '\n');
  expect((await check(folder)).problems).toEqual([]);
});
