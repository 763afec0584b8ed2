import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { readCondaDependencies } from '../../src/core/environments/condaDependencies.ts';
import { listCondaEnvironments } from '../../src/core/environments/condaEnvironments.ts';
import { condaSpecification } from '../../src/core/environments/condaSpecification.ts';
import {
  condaStepTool,
  condaToolAt,
  condaVariables,
  createArguments,
  findCondaTool,
  interpreterOfConda,
  usualPlaces,
} from '../../src/core/environments/condaTool.ts';
import {
  type DependenciesSource,
  environmentsFolder,
  planEnvironment,
} from '../../src/core/environments/environmentPlan.ts';
import { readPipRequirements } from '../../src/core/environments/pipRequirements.ts';
import { findInterpreter, type InterpreterInfo } from '../../src/core/interpreters/interpreters.ts';
import { temporaryFolder, writeFiles } from '../support/sourceFolder.ts';
import { ended, newCase, runIds } from '../support/submittedRun.ts';

let python: InterpreterInfo;
let home: string;

/** As on a machine where nobody installed conda. */
beforeEach(async () => {
  python = await findInterpreter([]);
  home = await temporaryFolder();
  vi.stubEnv('HOME', home);
  vi.stubEnv('USERPROFILE', home);
  vi.stubEnv('PATH', home);
  for (const name of ['RUNLEDGER_CONDA', 'MAMBA_EXE', 'CONDA_EXE', 'CONDA_PREFIX']) {
    vi.stubEnv(name, undefined);
  }
});
afterEach(() => vi.unstubAllEnvs());

function source(content: unknown): DependenciesSource {
  return { kind: 'inline', dependencies: readCondaDependencies(content, 'conda.yml') };
}

/** A file by the name of the program, which is found and never started. */
async function program(path: string): Promise<string> {
  await writeFiles(home, { [path]: '' });
  return join(home, path);
}

describe('conda environments that are there', () => {
  it('are those of the list of the user that have a Python, by name', async () => {
    const python = (name: string): string => relative(home, interpreterOfConda(join(home, 'envs', name)));
    // Conda lists it as any other.
    const ofRun = join(environmentsFolder(), '0123456789abcdef', 'conda');
    await writeFiles(home, {
      [python('vision')]: '',
      [python('audio')]: '',
      'envs/empty/note.txt': '',
      // Of one name with the one before, which the name stands for.
      [relative(home, interpreterOfConda(join(home, 'other', 'empty')))]: '',
      '.conda/environments.txt': ['envs/vision', 'envs/audio', 'envs/empty', 'other/empty', 'envs/gone']
        .map((path) => join(home, path))
        .concat(ofRun)
        .join('\n'),
    });
    await mkdir(dirname(interpreterOfConda(ofRun)), { recursive: true });
    await writeFile(interpreterOfConda(ofRun), '');
    expect(await listCondaEnvironments()).toEqual([
      { name: 'audio', prefix: join(home, 'envs', 'audio') },
      { name: 'vision', prefix: join(home, 'envs', 'vision') },
    ]);
  });
});

describe('the program that makes conda environments', () => {
  it('is the one that is named, then that of the shell, then that on the path, then where installers put it', async () => {
    const installed = usualPlaces(home, process.platform)[0] ?? '';
    await mkdir(join(installed, '..'), { recursive: true });
    await writeFile(installed, '');
    expect(await findCondaTool({})).toEqual({ kind: 'mamba', path: installed });
    const onPath = await program(process.platform === 'win32' ? 'micromamba.exe' : 'micromamba');
    expect(await findCondaTool({})).toEqual({ kind: 'micromamba', path: onPath });
    const ofShell = await program('c/conda');
    expect(await findCondaTool({ CONDA_EXE: ofShell })).toEqual({ kind: 'conda', path: ofShell });
    const named = await program('m/mamba');
    expect(await findCondaTool({ CONDA_EXE: ofShell, RUNLEDGER_CONDA: named })).toEqual({ kind: 'mamba', path: named });
    expect(await findCondaTool({ RUNLEDGER_CONDA: join(home, 'gone') })).toEqual({ kind: 'micromamba', path: onPath });
  });

  it('is called so that it asks nothing', () => {
    expect(createArguments(condaToolAt('/c/bin/conda'), '/p', '/f.yml')).toEqual(
      'env create --quiet --prefix /p --file /f.yml'.split(' '),
    );
    expect(createArguments(condaToolAt('/c/bin/mamba'), '/p', '/f.yml')).toEqual(
      'env create --quiet --prefix /p --file /f.yml'.split(' '),
    );
    expect(createArguments(condaToolAt('C:\\m\\micromamba.exe'.replaceAll('\\', '/')), '/p', '/f.yml')).toEqual(
      'create --yes --prefix /p --file /f.yml'.split(' '),
    );
    expect(condaVariables({ PYTHONPATH: '/x', CONDARC: '/r' })).toMatchObject({
      CONDARC: '/r',
      CONDA_ALWAYS_YES: 'true',
      MAMBA_ALWAYS_YES: 'true',
    });
    expect(condaVariables({ PYTHONPATH: '/x' })).not.toHaveProperty('PYTHONPATH');
  });

  it('says why it failed', () => {
    const conda =
      'Collecting package metadata (repodata.json): ...working... done\nSolving environment: ...working... failed\n\n' +
      'ResolvePackageNotFound: \n  - no-such-package-of-anybody\n';
    expect(condaStepTool.lastWords(conda)).toBe('ResolvePackageNotFound:\n  - no-such-package-of-anybody');
    expect(condaStepTool.isOffline('CondaHTTPError: HTTP 000 CONNECTION FAILED for url')).toBe(true);
    expect(condaStepTool.stepOf('Solving environment: ...working... done\n')).toBe('Solving environment');
    const micromamba =
      'error    libmamba Could not solve for environment specs\n    The following package could not be found\n';
    expect(condaStepTool.lastWords(micromamba)).toBe(
      'error    libmamba Could not solve for environment specs\n    The following package could not be found',
    );
  });
});

describe('the specification that conda gets', () => {
  const fallback = { tool: 'conda', fallbackPython: '3.11.7' } as const;

  async function made(content: unknown, options: typeof fallback | { tool: 'micromamba'; fallbackPython: string }) {
    const dependencies = readCondaDependencies(content, 'conda.yml');
    return condaSpecification(dependencies, await readPipRequirements(dependencies.pip, home), options);
  }

  it('has the channels and packages as they were written, and of pip what is to be installed', async () => {
    await writeFiles(home, { 'local.whl': '' });
    const content = {
      name: 'project_environment',
      channels: ['nvidia', 'conda-forge'],
      dependencies: [
        'python=3.10',
        'pip=23',
        'nvidia::cudatoolkit=11.8',
        { pip: ['azureml-defaults', './local.whl', '--pre'] },
      ],
    };
    const { specification, warnings } = await made(content, fallback);
    expect(parse(stringify(specification))).toEqual({
      channels: ['nvidia', 'conda-forge'],
      dependencies: ['python=3.10', 'pip=23', 'nvidia::cudatoolkit=11.8', { pip: ['--pre', join(home, 'local.whl')] }],
    });
    expect(warnings).toEqual([]);
  });

  it('has the Python that was chosen where none is asked for, and pip where it is needed', async () => {
    const { specification } = await made({ dependencies: ['gdal', { pip: ['tqdm'] }] }, fallback);
    expect(specification).toEqual({ dependencies: ['python=3.11', 'gdal', 'pip', { pip: ['tqdm'] }] });
    const micromamba = { tool: 'micromamba', fallbackPython: '3.9.1' } as const;
    expect((await made({ dependencies: ['python-dateutil'] }, micromamba)).specification).toEqual({
      channels: ['conda-forge'],
      dependencies: ['python=3.9', 'python-dateutil'],
    });
  });

  it('does not have a Python that scripts cannot be looked after with', async () => {
    const { specification, warnings } = await made({ dependencies: ['python=3.6.2', 'numpy'] }, fallback);
    expect(specification).toEqual({ dependencies: ['python>=3.8', 'numpy'] });
    expect(warnings).toEqual([expect.stringContaining('asks for Python 3.6.2')]);
  });
});

describe('packages of conda that the interpreter lacks', () => {
  const wanted = {
    channels: ['conda-forge'],
    dependencies: ['python=3.11', 'no-such-package', { pip: ['no-such-lib'] }],
  };
  const options = { configurationPath: undefined } as const;

  it('are put into an environment of conda, whatever the interpreter', async () => {
    const tool = await program('conda');
    vi.stubEnv('CONDA_EXE', tool);
    const { environment, warnings } = await planEnvironment(source(wanted), python, {
      ...options,
      sourceDirectory: home,
    });
    expect(warnings).toEqual([]);
    expect(environment).toMatchObject({
      conda: { tool: { kind: 'conda', path: tool }, specification: { channels: ['conda-forge'] } },
      missing: ['no-such-lib'],
    });
    expect(environment?.interpreter).toBe(join(environment?.folder ?? '', 'conda', 'bin', 'python'));

    const channel = { ...wanted, channels: ['bioconda'] };
    const third = await planEnvironment(source(channel), python, { ...options, sourceDirectory: home });
    expect(third.environment?.key).not.toBe(environment?.key);
  });

  it('are an error that says what to install where there is no conda, before there is a run', async () => {
    const { workspaceFolder, submit } = await newCase({
      'train.py': '',
      'own.runconfig': JSON.stringify({ environment: { python: { condaDependencies: wanted } } }),
    });
    await expect(submit({ runConfiguration: 'own', interpreterCandidates: [python.path] })).rejects.toMatchObject({
      reason: 'environment-failed',
      message: expect.stringMatching(
        /asks for packages of conda \(no-such-package\), and there is no conda, mamba or micromamba.* does not have: no-such-lib\./,
      ),
      advice: expect.stringMatching(/Install Miniforge .*micromamba.*"pip".*userManagedDependencies: true/),
    });
    expect(await runIds(workspaceFolder)).toEqual([]);
  });

  it('need no conda where the interpreter has them', async () => {
    const content = { dependencies: ['python=3.11', 'pip', 'cudatoolkit=10.1', { pip: ['azureml-defaults'] }] };
    const { environment, warnings } = await planEnvironment(source(content), python, {
      ...options,
      sourceDirectory: home,
    });
    expect(environment).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('is not known: cudatoolkit.')]);
    // Where there is one, it knows.
    vi.stubEnv('CONDA_EXE', await program('conda'));
    const made = await planEnvironment(source(content), python, { ...options, sourceDirectory: home });
    expect(made).toMatchObject({ environment: { conda: { tool: { kind: 'conda' } } }, warnings: [] });
    const known = { dependencies: ['python=3.11', 'pip', { pip: ['azureml-defaults'] }] };
    const plan = await planEnvironment(source(known), python, { ...options, sourceDirectory: home });
    expect(plan).toEqual({ environment: undefined, warnings: [] });
  });

  it('of pip alone are put into a virtual environment', async () => {
    const content = { dependencies: ['python=3.6.2', 'pip', { pip: ['no-such-lib'] }] };
    const plan = await planEnvironment(source(content), python, { ...options, sourceDirectory: home });
    expect(plan.environment).toMatchObject({ base: python, wantedPython: '3.6.2' });
    expect(plan.environment?.conda).toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')('a conda environment that is there', () => {
  it('gives its interpreter by name or by folder, and is active', async () => {
    const prefix = join(home, 'miniforge3', 'envs', 'vision');
    await writeFiles(prefix, { 'conda-meta/history': '', 'bin/keep': '' });
    await symlink(python.path, join(prefix, 'bin', 'python'));
    await writeFiles(home, { '.conda/environments.txt': `${prefix}\n${join(home, 'gone')}\n` });
    const { workspaceFolder, submit } = await newCase({
      'train.py': '',
      ...Object.fromEntries(
        [
          ['name', 'vision'],
          ['folder', '~/miniforge3/envs/vision'],
          ['gone', 'nobody'],
          ['empty', '~/miniforge3'],
        ].map(([name, wanted]) => [
          `${name}.runconfig`,
          JSON.stringify({ environment: { python: { baseCondaEnvironment: wanted, userManagedDependencies: true } } }),
        ]),
      ),
    });
    const other = { interpreterCandidates: ['/no/such/python'] };
    for (const runConfiguration of ['name', 'folder']) {
      const submitted = await submit({ runConfiguration, ...other });
      expect(submitted.warnings).toEqual([]);
      const { summary, submission } = await ended(workspaceFolder, submitted.runId);
      expect([summary.status, submission?.interpreter]).toEqual(['Completed', join(prefix, 'bin', 'python')]);
    }
    await expect(submit({ runConfiguration: 'gone', ...other })).rejects.toMatchObject({
      reason: 'interpreter-not-found',
      message: 'There is no conda environment "nobody" on this machine.',
      advice: expect.stringContaining('There are: vision.'),
    });
    await expect(submit({ runConfiguration: 'empty', ...other })).rejects.toThrow('has no Python');
  });
});
