import { chmod, mkdir, readdir, readFile, rename, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunledgerError } from '../../src/core/base/errors.ts';
import { downloadModel, modelContentPath } from '../../src/core/models/downloadModel.ts';
import { deleteModel, restoreModel, updateModel } from '../../src/core/models/modelChanges.ts';
import { findModel, listModels, parseModelId } from '../../src/core/models/modelVersions.ts';
import { type RegisterModelOptions, registerModel } from '../../src/core/models/registerModel.ts';
import { pythonJson } from '../support/pythonProgram.ts';
import { writeFiles } from '../support/sourceFolder.ts';
import { newRun, temporaryFolder, temporaryWorkspace } from '../support/temporaryStore.ts';

const createdBy = 'test/1';

function register(workspaceFolder: string, path: string, options: Partial<RegisterModelOptions> = {}) {
  return registerModel({ workspaceFolder, name: 'Digits', source: { path }, createdBy, ...options });
}

/** What `serialize` gives in Python, of every model. */
const listInPython = `
import json, sys
from azureml.core import Workspace
from azureml.core.model import Model
ws = Workspace.from_config()
print(json.dumps([dict(m.serialize(), path=m.url) for m in Model.list(ws)]))
`;

const registerInPython = `
import json
from azureml.core import Workspace
from azureml.core.model import Model
model = Model.register(Workspace.from_config(), "weights.bin", "digits", tags={"kind": "py", "empty": None},
                       properties={"auc": 0.5}, description="made in Python", model_framework=Model.Framework.ONNX,
                       model_framework_version=1.2)
model.add_tags({"later": "yes"})
model.remove_tags("kind")
model.add_properties({"n": 3})
model.update(description="changed in Python")
print(json.dumps(model.serialize()))
`;

async function reasonOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof RunledgerError ? error.reason : `not refused: ${String(error)}`;
}

describe('models of either language', () => {
  it('registered here are the same in Python', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    await writeFiles(run.folder, { 'artifacts/outputs/model/a.txt': 'a', 'artifacts/outputs/model/b/c.txt': 'c' });
    const made = await registerModel({
      workspaceFolder: folder,
      name: 'Digits',
      source: { runId: run.runId, artifactPath: './outputs/model/' },
      tags: { kind: 'ts' },
      properties: { auc: '0.5' },
      description: 'made here',
      framework: 'ScikitLearn',
      frameworkVersion: '1.4',
      createdBy,
    });
    expect(made).toMatchObject({ id: 'Digits:1', runId: run.runId, experiment: 'iris', path: 'outputs/model' });
    await updateModel(
      folder,
      { name: 'digits' },
      { addTags: { later: 'yes' }, removeTags: ['kind'], addProperties: { n: '3' }, description: 'changed' },
      'test',
    );
    const [seen] = await pythonJson<Record<string, unknown>[]>(folder, listInPython);
    expect(seen).toMatchObject({
      id: 'Digits:1',
      name: 'Digits',
      version: 1,
      framework: 'ScikitLearn',
      frameworkVersion: '1.4',
      description: 'changed',
      runId: run.runId,
      experimentName: 'iris',
      tags: { later: 'yes' },
      properties: { auc: '0.5', n: '3' },
    });
    expect(Date.parse(String(seen?.createdTime)) / 1000).toBeCloseTo(made.createdTime, 2);
    expect(seen?.url).toBe(new URL(`file://${await modelContentPath(made)}`).href);
  });

  it('registered in Python are the same here, and versions go on counting', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'weights.bin': 'py' });
    await register(folder, join(folder, 'weights.bin'));
    const serialized = await pythonJson<Record<string, unknown>>(folder, registerInPython);
    const found = await findModel(folder, { name: 'DIGITS' });
    expect({ ...found, experimentName: found.experiment }).toMatchObject({
      id: serialized.id,
      version: 2,
      tags: { empty: '', later: 'yes' },
      properties: { auc: '0.5', n: '3' },
      description: 'changed in Python',
      framework: 'Onnx',
      frameworkVersion: '1.2',
      runId: undefined,
      path: join(folder, 'weights.bin'),
    });
    expect(await readFile(await modelContentPath(found), 'utf8')).toBe('py');
    expect((await register(folder, join(folder, 'weights.bin'))).id).toBe('Digits:3');
    const seen = await pythonJson<{ id: string }[]>(folder, listInPython);
    expect(seen.map(({ id }) => id)).toEqual(['Digits:3', 'digits:2', 'Digits:1']);
  });

  it('never get one number twice, with both registering at once', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'weights.bin': 'x' });
    const path = join(folder, 'weights.bin');
    const inPython = `
import json
from azureml.core import Workspace
from azureml.core.model import Model
ws = Workspace.from_config()
print(json.dumps([Model.register(ws, "weights.bin", "digits").version for _ in range(20)]))
`;
    const [python, here] = await Promise.all([
      pythonJson<number[]>(folder, inPython),
      Promise.all(Array.from({ length: 20 }, async () => (await register(folder, path)).version)),
    ]);
    expect([...python, ...here].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect((await listModels(folder)).map(({ version }) => version)).toEqual(
      Array.from({ length: 40 }, (_, index) => 40 - index),
    );
  });
});

describe('finding models', () => {
  it('by name, tags, properties and run, all or the newest of each', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { m: '1' });
    const run = await newRun(folder);
    await writeFiles(run.folder, { 'artifacts/outputs/m': '2' });
    const path = join(folder, 'm');
    await register(folder, path, { tags: { stage: 'old', a: '1' } });
    await register(folder, path, { tags: { stage: 'new' }, properties: { p: 'x' }, framework: 'Onnx' });
    await register(folder, path, { name: 'other', source: { runId: run.runId, artifactPath: 'outputs/m' } });
    const ids = async (filter: Parameters<typeof listModels>[1]): Promise<string[]> =>
      (await listModels(folder, filter)).map((entry) => (entry.kind === 'version' ? entry.id : entry.problem));
    expect(await ids({})).toEqual(['Digits:2', 'Digits:1', 'other:1']);
    expect(await ids({ isLatestOnly: true })).toEqual(['Digits:2', 'other:1']);
    expect(await ids({ name: 'digits', tags: [{ name: 'stage' }] })).toEqual(['Digits:2', 'Digits:1']);
    expect(await ids({ tags: [{ name: 'stage', value: 'old' }, { name: 'a' }], isLatestOnly: true })).toEqual([
      'Digits:1',
    ]);
    expect(await ids({ properties: [{ name: 'p', value: 'x' }] })).toEqual(['Digits:2']);
    expect(await ids({ properties: [{ name: 'p', value: 'y' }] })).toEqual([]);
    expect(await ids({ runId: run.runId })).toEqual(['other:1']);
    expect(await ids({ framework: 'Onnx' })).toEqual(['Digits:2']);
    expect(await ids({ name: 'nothing' })).toEqual([]);
    await expect(findModel(folder, { name: 'nothing' })).rejects.toMatchObject({ advice: 'There are: Digits, other.' });
    await expect(findModel(folder, { name: 'digits', version: 9 })).rejects.toMatchObject({
      message: 'The model "digits" has no version 9.',
      advice: 'There are: 2, 1.',
    });
    expect(parseModelId('a:b:12')).toEqual({ name: 'a:b', version: 12 });
    expect(() => parseModelId('digits')).toThrow('not the id of a model');
  });

  it('shows a damaged version as one entry, and looks past it for the newest', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { m: '1' });
    await register(folder, join(folder, 'm'));
    const damaged = await register(folder, join(folder, 'm'));
    await writeFiles(damaged.folder, { 'model.json': '{"format": 1' });
    expect(await listModels(folder)).toMatchObject([
      { kind: 'unreadable', version: 2, modelKey: 'digits', problem: expect.stringContaining('model.json') },
      { id: 'Digits:1' },
    ]);
    expect(await findModel(folder, { name: 'digits' })).toMatchObject({ version: 1 });
    expect(await reasonOf(findModel(folder, { name: 'digits', version: 2 }))).toBe('unreadable');
    await writeFiles(damaged.folder, { 'model.json': '{"format": 7}' });
    expect(await reasonOf(findModel(folder, { name: 'digits', version: 2 }))).toBe('newer-format');
  });
});

describe('registering', () => {
  it('copies what links lead to, and keeps modes and times', async () => {
    const folder = await temporaryWorkspace();
    const source = join(await temporaryFolder(), 'model');
    await writeFiles(source, { 'epoch3.pt': 'weights', 'run.sh': 'x', 'empty/deep/.keep': '' });
    await symlink('epoch3.pt', join(source, 'best.pt'));
    await chmod(join(source, 'run.sh'), 0o750);
    const progress: number[] = [];
    const made = await register(folder, source, { onProgress: (fraction) => progress.push(fraction) });
    const copy = await modelContentPath(made);
    expect(await readFile(join(copy, 'best.pt'), 'utf8')).toBe('weights');
    const [before, after] = await Promise.all([stat(join(source, 'run.sh')), stat(join(copy, 'run.sh'))]);
    expect([after.mode, Math.round(after.mtimeMs)]).toEqual([before.mode, Math.round(before.mtimeMs)]);
    expect((await readdir(copy, { recursive: true })).sort()).toEqual(
      ['best.pt', 'empty', 'empty/deep', 'empty/deep/.keep', 'epoch3.pt', 'run.sh'].sort(),
    );
    expect(progress.at(-1)).toBe(1);
  });

  it('refuses what cannot be a model, and leaves nothing', async () => {
    const folder = await temporaryWorkspace();
    const source = await temporaryFolder();
    await writeFiles(source, { m: '1' });
    await mkdir(join(source, 'loop'));
    await symlink('.', join(source, 'loop', 'up'));
    await symlink('nowhere', join(source, 'dangling'));
    const run = await newRun(folder);
    await writeFiles(run.folder, { 'artifacts/outputs/m': '2' });
    const path = join(source, 'm');
    expect(await reasonOf(register(folder, join(source, 'none')))).toBe('not-found');
    expect(await reasonOf(register(folder, join(source, 'dangling')))).toBe('not-found');
    expect(await reasonOf(register(folder, join(source, 'loop')))).toBe('invalid-argument');
    expect(await reasonOf(register(folder, folder))).toBe('invalid-argument');
    expect(await reasonOf(register(folder, '/'))).toBe('invalid-argument');
    expect(await reasonOf(register(folder, join(folder, '.runledger')))).toBe('invalid-argument');
    expect(await reasonOf(register(folder, path, { name: 'a/b' }))).toBe('invalid-name');
    expect(await reasonOf(register(folder, path, { signal: AbortSignal.abort() }))).toBe('canceled');
    const fromRun = (artifactPath: string, runId = run.runId) =>
      register(folder, path, { source: { runId, artifactPath } });
    expect(await reasonOf(fromRun('../run.json'))).toBe('invalid-name');
    expect(await reasonOf(fromRun('outputs/m', 'nobody'))).toBe('not-found');
    await expect(fromRun('outputs/x')).rejects.toMatchObject({ reason: 'not-found', advice: 'It has: outputs/m.' });
    expect(await listModels(folder)).toEqual([]);
    const models = join(folder, '.runledger', 'models');
    const left = await readdir(models, { recursive: true }).catch(() => []);
    expect(left.filter((name) => !/^digits(\/(numbers|versions))?$/.test(name))).toEqual([]);
    expect((await register(folder, path)).version).toBe(1);
  });

  it('copies a large file in pieces, and stops in their midst', async () => {
    const folder = await temporaryWorkspace();
    const source = await temporaryFolder();
    const bytes = Buffer.alloc(20 * 1024 * 1024, 'ab');
    await writeFiles(source, { large: bytes });
    const made = await register(folder, join(source, 'large'));
    expect((await readFile(await modelContentPath(made))).equals(bytes)).toBe(true);
    const stop = new AbortController();
    const stopped = register(folder, join(source, 'large'), { signal: stop.signal, onProgress: () => stop.abort() });
    const reason = await reasonOf(stopped);
    // Where the file system shares the bytes of copies, there is no midst.
    expect(['canceled', 'not refused: undefined']).toContain(reason);
    const versions = await readdir(join(folder, '.runledger', 'models', 'digits', 'versions'));
    expect(versions.filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('changing, deleting and downloading', () => {
  it('refuses a change whole', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { m: '1' });
    await register(folder, join(folder, 'm'), { tags: { a: '1' }, properties: { p: 'x' } });
    const change = (...args: [Parameters<typeof updateModel>[2]]) =>
      updateModel(folder, { name: 'digits' }, args[0], 'test');
    expect(await reasonOf(change({ addTags: { b: '2' }, addProperties: { p: 'y' } }))).toBe('invalid-argument');
    expect(await reasonOf(change({ addTags: { b: '2' }, removeTags: ['c'] }))).toBe('invalid-argument');
    expect(await findModel(folder, { name: 'digits' })).toMatchObject({ tags: { a: '1' }, properties: { p: 'x' } });
    expect(await change({ removeTags: ['a'], addTags: { a: '3' } })).toMatchObject({ tags: { a: '3' } });
  });

  it('deletes into the trash, gives no number again, and restores', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { m: '1' });
    const made = await register(folder, join(folder, 'm'));
    await deleteModel(folder, made);
    expect(await listModels(folder)).toEqual([]);
    expect(await pythonJson(folder, listInPython)).toEqual([]);
    expect(await readdir(join(folder, '.runledger', 'trash', '.models', 'digits'))).toEqual(['1']);
    expect(await reasonOf(deleteModel(folder, made))).toBe('not-found');
    expect(await reasonOf(updateModel(folder, made, { addTags: { a: '1' } }, 'test'))).toBe('not-found');
    expect((await register(folder, join(folder, 'm'))).version).toBe(2);
    await restoreModel(folder, made);
    expect((await listModels(folder)).map(({ version }) => version)).toEqual([2, 1]);
  });

  it('downloads a file or a folder, and replaces only when told to', async () => {
    const folder = await temporaryWorkspace();
    const source = await temporaryFolder();
    await writeFiles(source, { 'net/a': 'new', 'net/b/c': 'deep' });
    const made = await register(folder, join(source, 'net'));
    const targetFolder = join(await temporaryFolder(), 'here', 'and there');
    expect(await downloadModel(made, { targetFolder })).toBe(join(targetFolder, 'net'));
    await writeFiles(targetFolder, { 'net/a': 'mine', 'net/extra': 'mine' });
    expect(await reasonOf(downloadModel(made, { targetFolder }))).toBe('already-exists');
    expect(await readFile(join(targetFolder, 'net', 'a'), 'utf8')).toBe('mine');
    await downloadModel(made, { targetFolder, isReplacing: true });
    expect((await readdir(targetFolder, { recursive: true })).sort()).toEqual(['net', 'net/a', 'net/b', 'net/b/c']);
    expect(await readFile(join(targetFolder, 'net', 'a'), 'utf8')).toBe('new');
  });

  it('keeps what is there where a download fails', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { m: '1' });
    const made = await register(folder, join(folder, 'm'));
    const targetFolder = await temporaryFolder();
    await writeFiles(targetFolder, { m: 'mine' });
    const options = { targetFolder, isReplacing: true };
    expect(await reasonOf(downloadModel(made, { ...options, signal: AbortSignal.abort() }))).toBe('canceled');
    await rename(join(made.folder, 'files', 'm'), join(folder, 'elsewhere'));
    expect(await reasonOf(downloadModel(made, options))).toBe('not-found');
    expect(await readdir(targetFolder)).toEqual(['m']);
    expect(await readFile(join(targetFolder, 'm'), 'utf8')).toBe('mine');
  });
});
