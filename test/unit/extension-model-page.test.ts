import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deletedModels } from '../../src/core/models/deletedModels.ts';
import { deleteModel, restoreModel, updateModel } from '../../src/core/models/modelChanges.ts';
import { modelFile } from '../../src/core/models/modelFiles.ts';
import { findModel } from '../../src/core/models/modelVersions.ts';
import { registerModel } from '../../src/core/models/registerModel.ts';
import { deleteRun } from '../../src/core/store/trash.ts';
import { parseModelPageMessage, parseModelPageState } from '../../src/extension/model-page/modelPageMessages.ts';
import { ModelPageReader } from '../../src/extension/model-page/modelPageReader.ts';
import { writeFiles } from '../support/sourceFolder.ts';
import { newRun, openTestCatalog, record, temporaryWorkspace } from '../support/temporaryStore.ts';

async function workspaceWithModel() {
  const workspaceFolder = await temporaryWorkspace();
  const run = await newRun(workspaceFolder);
  await record(
    workspaceFolder,
    run,
    { k: 'metric', n: 'val/accuracy', v: 0.9 },
    { k: 'metric', n: 'val/accuracy', v: 0.95 },
    { k: 'status', v: 'Completed' },
  );
  await writeFiles(join(run.folder, 'artifacts'), {
    'outputs/model/a.json': '{}',
    'outputs/model/deep/w.bin': 'weights',
  });
  const source = { runId: run.runId, artifactPath: 'outputs/model' };
  const options = { workspaceFolder, name: 'Digits', createdBy: 'test/1' };
  await registerModel({ ...options, source, framework: 'PyTorch', frameworkVersion: '2.9', tags: { stage: 'trial' } });
  await writeFiles(workspaceFolder, { 'other.pkl': 'x' });
  await registerModel({ ...options, source: { path: join(workspaceFolder, 'other.pkl') } });
  const reader = new ModelPageReader(await openTestCatalog(workspaceFolder), 'digits');
  return { workspaceFolder, run, reader };
}

describe('what the page of a model shows', () => {
  it('is all versions with their files at once, and then what their runs logged', async () => {
    const { reader, run } = await workspaceWithModel();
    const model = await reader.versions();
    expect(model).toMatchObject({
      name: 'Digits',
      hasRuns: false,
      versions: [
        { version: 2, runId: undefined, files: [{ path: 'other.pkl', bytes: 1 }], bytes: 1 },
        {
          version: 1,
          runId: run.runId,
          framework: 'PyTorch 2.9',
          tags: [['stage', 'trial']],
          files: [{ path: 'model/a.json' }, { path: 'model/deep/w.bin' }],
          bytes: 9,
        },
      ],
    });
    const complete = model && (await reader.withRuns(model));
    expect(complete?.hasRuns).toBe(true);
    expect(complete?.versions[0]).not.toHaveProperty('run');
    expect(complete?.versions[1]).toMatchObject({
      run: { label: 'run 1', status: 'Completed', metrics: [{ name: 'val/accuracy', last: 0.95 }] },
    });
  });

  it('goes on without a run that was deleted, and with a version that cannot be read', async () => {
    const { reader, run, workspaceFolder } = await workspaceWithModel();
    await deleteRun(workspaceFolder, run.runId);
    const { folder } = await findModel(workspaceFolder, { name: 'digits', version: 2 });
    await writeFile(join(folder, 'model.json'), '{');
    const model = await reader.versions();
    expect(model?.versions[0]).toMatchObject({ kind: 'unreadable', version: 2 });
    const complete = model && (await reader.withRuns(model));
    expect(complete?.versions[1]).not.toHaveProperty('run');
  });

  it('is nothing when the last version is gone, which the trash still has', async () => {
    const { reader, workspaceFolder } = await workspaceWithModel();
    await updateModel(workspaceFolder, { name: 'digits', version: 1 }, { description: 'good' }, 'editor');
    for (const version of [1, 2]) {
      await deleteModel(workspaceFolder, { modelKey: 'digits', version });
    }
    expect(await reader.versions()).toBeUndefined();
    expect(await deletedModels(workspaceFolder)).toMatchObject([
      { kind: 'version', id: 'Digits:2' },
      { kind: 'version', id: 'Digits:1', description: 'good' },
    ]);
    await restoreModel(workspaceFolder, { modelKey: 'digits', version: 1 });
    expect((await reader.versions())?.versions).toMatchObject([{ version: 1 }]);
    expect(await deletedModels(workspaceFolder)).toMatchObject([{ version: 2 }]);
  });

  it('reaches no file outside of the version', () => {
    for (const path of ['../model.json', '/etc/passwd', 'a/../../x', '']) {
      expect(() => modelFile({ folder: '/w/1' }, path), path).toThrow();
    }
    expect(modelFile({ folder: '/w/1' }, 'model/a.json')).toBe(join('/w/1', 'files', 'model', 'a.json'));
  });
});

describe('what the page of a model may ask', () => {
  it('is taken where it is of the protocol', () => {
    const good = [
      { type: 'ready' },
      { type: 'request', id: 1, method: 'annotate', params: { version: 2, addTags: [['a', null]], description: null } },
      { type: 'action', action: 'download', version: 1 },
      { type: 'action', action: 'openFile', version: 1, path: 'a' },
      { type: 'action', action: 'compareCode', left: 'a', right: 'b' },
      { type: 'action', action: 'compareRuns', left: 'a', right: 'b' },
    ];
    for (const message of good) {
      expect(parseModelPageMessage(message)).toEqual(message);
    }
  });

  it('is refused otherwise', () => {
    const bad = [
      null,
      'ready',
      { type: 'request', id: 1, method: 'delete', params: { version: 1 } },
      { type: 'request', id: 1, method: 'annotate', params: { version: 0 } },
      { type: 'request', id: 1, method: 'annotate', params: { version: 1, addTags: ['a'] } },
      { type: 'action', action: 'download' },
      { type: 'action', action: 'openFile', version: 1 },
      { type: 'action', action: 'run', command: 'x' },
      { type: 'action', action: 'copyText', text: 'x'.repeat(200_000) },
    ];
    expect(bad.map(parseModelPageMessage)).toEqual(bad.map(() => undefined));
    expect(parseModelPageState({ workspaceFolder: '/w', modelKey: 'digits', version: 'x' })).toEqual({
      workspaceFolder: '/w',
      modelKey: 'digits',
    });
    expect(parseModelPageState({ workspaceFolder: '/w' })).toBeUndefined();
  });
});
