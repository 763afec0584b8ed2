import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planEnvironment } from '../../src/core/environments/environmentPlan.ts';
import { findInterpreter } from '../../src/core/interpreters/interpreters.ts';
import { createRunConfiguration, type PythonChoice } from '../../src/core/run-configurations/createRunConfiguration.ts';
import { loadRunConfiguration } from '../../src/core/run-configurations/runConfigurations.ts';
import { temporaryFolder } from '../support/temporaryStore.ts';

describe('a new run configuration', () => {
  it.each<[PythonChoice, object]>([
    [{ kind: 'selected' }, { interpreter: undefined, dependencies: undefined }],
    [
      { kind: 'interpreter', path: '/opt/py/bin/python' },
      { interpreter: '/opt/py/bin/python', dependencies: undefined },
    ],
    [
      { kind: 'condaEnvironment', environment: 'vision' },
      { interpreter: undefined, condaEnvironment: 'vision', dependencies: undefined },
    ],
    [{ kind: 'conda', file: 'env/conda.yml' }, { dependencies: { kind: 'file', path: 'env/conda.yml' } }],
    [{ kind: 'requirements', file: 'requirements.txt' }, { dependencies: { kind: 'inline' } }],
  ])('is read back as it was wanted: %j', async (python, expected) => {
    const folder = await temporaryFolder();
    const path = await createRunConfiguration({
      folder,
      name: 'lab 2',
      target: 'lab',
      script: 'src/train.py',
      arguments: ['--lr', '1.0', '--name', 'two words', 'yes'],
      python,
      environmentVariables: { LEVEL: 'on', EMPTY: '' },
    });
    expect(path).toBe(join(folder, '.azureml', 'lab 2.runconfig'));
    expect(await loadRunConfiguration(folder, 'lab 2')).toMatchObject({
      target: 'lab',
      script: 'src/train.py',
      arguments: ['--lr', '1.0', '--name', 'two words', 'yes'],
      environmentVariables: { LEVEL: 'on', EMPTY: '' },
      warnings: [],
      ...expected,
    });
  });

  it('takes its packages from a requirements file', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'requirements.txt'), 'no-such-package-here==1.0\n');
    await createRunConfiguration({
      folder,
      name: 'packages',
      target: 'local',
      python: { kind: 'requirements', file: 'requirements.txt' },
    });
    const configuration = await loadRunConfiguration(folder, 'packages');
    const plan = await planEnvironment(configuration.dependencies, await findInterpreter([]), {
      sourceDirectory: folder,
      configurationPath: configuration.path,
    });
    expect(plan.environment?.missing).toEqual(['no-such-package-here==1.0']);
  });

  it('replaces none that is there, and needs a name', async () => {
    const folder = await temporaryFolder();
    const wanted = { folder, name: 'lab', target: 'local', python: { kind: 'selected' } } as const;
    const path = await createRunConfiguration(wanted);
    const text = await readFile(path, 'utf8');
    await expect(createRunConfiguration({ ...wanted, target: 'other' })).rejects.toMatchObject({
      reason: 'already-exists',
    });
    await expect(createRunConfiguration({ ...wanted, name: '../lab' })).rejects.toMatchObject({
      reason: 'invalid-name',
    });
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});
