import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceDirectoryOf } from '../../src/core/projects/sourceDirectory.ts';
import { findSourceFile } from '../../src/extension/run-page/sourceFile.ts';
import { type ChoiceStorage, RememberedChoices } from '../../src/extension/submit/rememberedChoices.ts';
import { temporaryFolder } from '../support/temporaryStore.ts';

describe('the source directory of a script', () => {
  it('is the open folder, unless one nearer to the script is a project of its own', async () => {
    const root = await temporaryFolder();
    const nested = join(root, 'projects', 'iris', 'src');
    await mkdir(nested, { recursive: true });
    const script = join(nested, 'train.py');
    expect(await sourceDirectoryOf(script, root)).toBe(root);
    await mkdir(join(root, 'projects', 'iris', '.azureml'));
    expect(await sourceDirectoryOf(script, root)).toBe(join(root, 'projects', 'iris'));
    await mkdir(join(nested, '.runledger'));
    expect(await sourceDirectoryOf(script, root)).toBe(nested);
  });

  it('is the script’s own folder outside the open folders, whatever lies above', async () => {
    const root = await temporaryFolder();
    const folder = join(root, 'a', 'b');
    await mkdir(join(root, '.azureml'));
    await mkdir(folder, { recursive: true });
    expect(await sourceDirectoryOf(join(folder, 'train.py'), undefined)).toBe(folder);
    expect(await sourceDirectoryOf(join(folder, 'train.py'), join(root, 'other'))).toBe(folder);
  });
});

describe('how a script was submitted', () => {
  const memory = (): ChoiceStorage & { value: unknown } => ({
    value: undefined,
    get<T>() {
      return this.value as T | undefined;
    },
    async update(_key, value) {
      this.value = JSON.parse(JSON.stringify(value));
    },
  });

  it('is remembered for each script, part by part', async () => {
    const choices = new RememberedChoices(memory());
    await choices.remember('/a.py', { experiment: 'iris', runConfiguration: 'local', argumentLine: '--lr 1' });
    await choices.remember('/b.py', { experiment: 'digits' });
    await choices.remember('/a.py', { experiment: 'roses' });
    expect(choices.of('/a.py')).toEqual({ experiment: 'roses', runConfiguration: 'local', argumentLine: '--lr 1' });
    expect(choices.of('/b.py')).toEqual({ experiment: 'digits' });
    expect(choices.of('/c.py')).toEqual({});
  });

  it('is forgotten for the scripts that were not submitted for longest', async () => {
    const choices = new RememberedChoices(memory());
    for (let index = 0; index < 205; index++) {
      await choices.remember(`/${index}.py`, { experiment: 'iris' });
    }
    expect(choices.of('/4.py')).toEqual({});
    expect(choices.of('/5.py')).toEqual({ experiment: 'iris' });
  });

  it('does without a storage that holds something else', () => {
    const storage = memory();
    storage.value = [['/a.py', null], ['/b.py', { experiment: 3, runConfiguration: 'local' }], 'x'];
    const choices = new RememberedChoices(storage);
    expect(choices.of('/a.py')).toEqual({});
    expect(choices.of('/b.py')).toEqual({ runConfiguration: 'local' });
  });
});

describe('a file that a traceback names', () => {
  it('is that of the source directory where the run had a copy of it', async () => {
    const root = await temporaryFolder();
    const sourceDirectory = join(root, 'source');
    const runFolder = join(root, '.runledger', 'experiments', 'iris', 'runs', 'iris_1_a');
    await mkdir(join(sourceDirectory, 'lib'), { recursive: true });
    await writeFile(join(sourceDirectory, 'lib', 'model.py'), '');
    const place = { sourceDirectory, runFolder };
    const file = join(sourceDirectory, 'lib', 'model.py');
    expect(await findSourceFile(join(runFolder, '.work', 'lib', 'model.py'), place)).toBe(file);
    expect(await findSourceFile('lib/model.py', place)).toBe(file);
    expect(await findSourceFile(file, place)).toBe(file);
  });

  it('is not looked for outside by a relative path, and is said to be missing', async () => {
    const root = await temporaryFolder();
    await writeFile(join(root, 'secret.py'), '');
    const place = { sourceDirectory: join(root, 'source'), runFolder: join(root, 'run') };
    await expect(findSourceFile('../secret.py', place)).rejects.toMatchObject({ reason: 'not-found' });
    await expect(findSourceFile(join(root, 'gone.py'), place)).rejects.toMatchObject({ reason: 'not-found' });
  });
});
