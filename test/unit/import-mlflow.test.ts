import { appendFile, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { annotateRun } from '../../src/core/store/runAnnotations.ts';
import type { ImportResult } from '../../src/core/transfer/importResult.ts';
import { importMlflow } from '../../src/core/transfer/mlflow/importMlflow.ts';
import { parameterValue } from '../../src/core/transfer/mlflow/parameterValue.ts';
import { cli, json } from '../support/commandLine.ts';
import { pythonRunView, runView } from '../support/runView.ts';
import { repositoryRoot } from '../support/sourceFolder.ts';
import { newRun, openTestCatalog, temporaryFolder, temporaryWorkspace } from '../support/temporaryStore.ts';

/** Written by MLflow itself: make_fixtures.py beside it. */
const fixture = join(repositoryRoot, 'test', 'fixtures', 'mlflow', 'mlruns');

function imported(workspaceFolder: string, folder = fixture, experiment?: string): Promise<ImportResult> {
  return importMlflow({
    workspaceFolder,
    folder,
    createdBy: 'test/1',
    ...(experiment !== undefined && { experiment }),
  });
}

/** A copy of the fixture, and the folder of one of its runs, by name. */
async function copied(name: string): Promise<{ store: string; id: string; folder: string }> {
  const store = join(await temporaryFolder(), 'mlruns');
  await cp(fixture, store, { recursive: true, preserveTimestamps: true });
  for (const path of await readdir(store, { recursive: true })) {
    if (path.endsWith('mlflow.runName') && (await readFile(join(store, path), 'utf8')) === name) {
      const folder = join(store, path, '..', '..');
      return { store, folder, id: folder.split('/').at(-1) ?? '' };
    }
  }
  throw new Error(`The fixture has no run ${name}.`);
}

describe("MLflow's file store", () => {
  it('becomes runs that both readers see the same, with their ids, and says what is left out', async () => {
    const workspace = await temporaryWorkspace();
    const { store, id } = await copied('trial-1');
    const result = await imported(workspace, store);
    expect(result.runs).toHaveLength(4);
    expect(result.notes).toEqual([
      'The model registry is not imported (models: 1): register them with run.register_model.',
      'Deleted runs are left out: 1.',
      'Deleted experiments are left out: 1.',
      'The experiment "vision/digits" is called "vision-digits" here.',
    ]);
    const catalog = await openTestCatalog(workspace);
    expect((await catalog.experiments()).map(({ name, runCount }) => [name, runCount])).toEqual([
      ['Default', 1],
      ['vision-digits', 3],
    ]);
    const details = await catalog.details(id);
    const view = (await runView(details.folder)) as { metrics: Record<string, unknown>; problems: number };
    expect(await pythonRunView(details.folder)).toEqual(view);
    expect(view).toMatchObject({
      status: 'Failed',
      startTime: 1763674401.001,
      endTime: 1763674409,
      displayName: 'trial-1',
      description: 'What a person wrote.',
      tags: { stage: 'trial' },
      parameters: { lr: 1e-5, layers: '[64, 32]', shuffle: true },
      problems: 0,
    });
    expect(view.metrics['val/loss']).toEqual({
      kind: 'metric',
      points: [
        [0, 1, 1763674402],
        [5, 0.5, 1763674402.001],
        [10, 1 / 3, 1763674402.002],
        [15, 0.25, 1763674402.003],
      ],
    });
    expect(view.metrics.accuracy).toMatchObject({
      points: [
        [0, { $float: 'NaN' }, 1763674402],
        [1, { $float: 'Infinity' }, 1763674402.001],
      ],
    });
    expect(details.properties).toMatchObject({
      'mlflow.source.git.commit': '3fa9c1de',
      'runledger.import.source': `mlflow:${id}`,
    });
    expect((await catalog.files(id)).map(({ path }) => path)).toEqual(['reports/最終/report.txt']);
  });

  it('keeps states, and nested runs as child runs in the order of their start', async () => {
    const workspace = await temporaryWorkspace();
    const { store, id } = await copied('search');
    await imported(workspace, store);
    const catalog = await openTestCatalog(workspace);
    const parent = await catalog.run(id);
    expect(parent).toMatchObject({ number: 1, status: 'Canceled', endTime: 1763674410 });
    const children = await catalog.children(id);
    expect(children).toMatchObject([
      { displayName: 'trial-0', number: 2, status: 'Completed', parentId: id },
      { displayName: 'trial-1', number: 3, status: 'Failed', parentId: id },
    ]);
    const { items } = await catalog.runs({ experimentKey: 'default', limit: 10 });
    expect(items).toMatchObject([{ displayName: 'going on', status: 'Running' }]);
  });

  it('is imported once, and a run is read again when it has changed, with what was noted here', async () => {
    const workspace = await temporaryWorkspace();
    const { store, id, folder } = await copied('going on');
    await imported(workspace, store);
    await annotateRun(workspace, id, { addTags: { mine: 'yes' } }, 'test');
    const again = await imported(workspace, store);
    expect(again.runs).toEqual([]);
    expect(again.skipped.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 4 }, () => 'It was imported before, and has not changed since.'),
    );
    await appendFile(join(folder, 'metrics', 'loss'), '1763674422000 0.25 4\n');
    const meta = join(folder, 'meta.yaml');
    await writeFile(meta, (await readFile(meta, 'utf8')).replace(/status: 1/, 'status: 3'));
    const { runs, skipped } = await imported(workspace, store);
    expect(runs).toEqual([{ id, number: 1, experiment: 'Default', action: 'updated' }]);
    expect(skipped).toHaveLength(3);
    const details = await (await openTestCatalog(workspace)).details(id);
    expect(details).toMatchObject({ tags: { mine: 'yes' }, summary: { status: 'Completed', endTime: 1763674422 } });
    expect(details.metrics.find(({ name }) => name === 'loss')).toMatchObject({ count: 2, last: 0.25 });
  });

  it('with broken parts is imported as far as it makes sense', async () => {
    const workspace = await temporaryWorkspace();
    const { store, id, folder } = await copied('going on');
    await appendFile(join(folder, 'metrics', 'loss'), 'hello\n1763674422000 x 4\n1763674423000 0.1\n');
    await mkdir(join(folder, 'artifacts'), { recursive: true });
    await symlink('/etc/passwd', join(folder, 'artifacts', 'link'));
    const { folder: broken } = await copied('search');
    await cp(join(broken, 'meta.yaml'), join(store, '0', 'broken', 'meta.yaml'), { recursive: true });
    await writeFile(join(store, '0', 'broken', 'meta.yaml'), '{: not yaml');
    const { runs, notes } = await imported(workspace, store);
    expect(runs).toHaveLength(4);
    expect(notes).toContain('The run broken is not imported: its meta.yaml cannot be read.');
    expect(notes).toContain('going on: 2 lines of metrics/loss are no values, and are left out.');
    expect(notes.join()).toContain('artifacts/link is left out');
    const details = await (await openTestCatalog(workspace)).details(id);
    expect(details.metrics[0]).toMatchObject({ count: 2, last: 0.1, lastX: 0 });
    expect(details.warnings).toHaveLength(2);
  });

  it('does not follow an address that leads elsewhere', async () => {
    const workspace = await temporaryWorkspace();
    const { store, folder } = await copied('going on');
    const meta = join(folder, 'meta.yaml');
    await writeFile(meta, (await readFile(meta, 'utf8')).replace(/artifact_uri: .*/, 'artifact_uri: file:///etc'));
    expect((await imported(workspace, store)).notes.join()).toContain('are not imported: file:///etc.');
  });

  it('leaves a run alone that has its id and came from elsewhere', async () => {
    const workspace = await temporaryWorkspace();
    const { store, id } = await copied('search');
    await newRun(workspace, { runId: id });
    const { runs, skipped } = await imported(workspace, store);
    expect(runs).toHaveLength(3);
    expect(skipped).toEqual([{ id, reason: 'Another run in the workspace has its id.' }]);
  });

  it('is found from the folder above, or told to be missing, by the command', async () => {
    const workspace = await temporaryWorkspace();
    const result = await json<ImportResult>(workspace, 'import', 'mlflow', join(fixture, '..'), '-e', 'Old');
    expect(result.runs.map(({ experiment, number }) => [experiment, number])).toEqual([
      ['Old', 1],
      ['Old', 2],
      ['Old', 3],
      ['Old', 4],
    ]);
    await rm(join(workspace, 'x'), { force: true });
    expect((await cli(workspace, 'import', 'mlflow', '.')).stderr).toContain('no file store of MLflow');
    expect((await cli(workspace, 'import', 'mlflow', 'x')).stderr).toContain('There is no folder');
  });
});

describe("a parameter's text", () => {
  it('is a number where Python writes that number so', () => {
    const cases: readonly (readonly [string, unknown])[] = [
      ['0.1', 0.1],
      ['1e-05', 1e-5],
      ['0.0001', 0.0001],
      ['1e+16', 1e16],
      ['1.5e-07', 1.5e-7],
      ['2.0', 2],
      ['-3', -3],
      ['True', true],
      ['true', 'true'],
      ['007', '007'],
      ['1e-5', '1e-5'],
      ['0x10', '0x10'],
      ['', ''],
      ['nan', 'nan'],
      ['12345678901234567890', '12345678901234567890'],
    ];
    expect(cases.map(([text]) => [text, parameterValue(text)])).toEqual(cases);
  });
});
