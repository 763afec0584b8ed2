import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCondaDependencies, wantedPython } from '../../src/core/environments/condaDependencies.ts';
import { translateCondaPackages } from '../../src/core/environments/condaPackages.ts';
import { thisMachine } from '../../src/core/environments/environmentPlace.ts';
import { missingPackages } from '../../src/core/environments/packageCheck.ts';
import { isOffline, pipEnvironment, pipLastWords, pipStep } from '../../src/core/environments/pipProcess.ts';
import { readPipRequirements } from '../../src/core/environments/pipRequirements.ts';
import { findInterpreter } from '../../src/core/interpreters/interpreters.ts';
import { userCacheFolder } from '../../src/core/store/userData.ts';
import { runProgram, sourceFolder, temporaryFolder } from '../support/sourceFolder.ts';

describe('the packages of a conda environment', () => {
  it('are those of conda and those of pip', () => {
    const content = {
      name: 'project_environment',
      channels: ['conda-forge'],
      dependencies: ['python=3.6.2', ' scikit-learn ', { pip: ['azureml-defaults', 'numpy==1.24'] }, { pip: ['tqdm'] }],
    };
    const dependencies = readCondaDependencies(content, 'conda.yml');
    expect(dependencies).toEqual({
      conda: ['python=3.6.2', 'scikit-learn'],
      pip: ['azureml-defaults', 'numpy==1.24', 'tqdm'],
      channels: ['conda-forge'],
    });
    expect(wantedPython(dependencies)).toBe('3.6.2');
    expect(wantedPython({ conda: ['conda-forge::python >=3.7', 'python-dateutil=2'], pip: [] })).toBe('3.7');
    expect(wantedPython({ conda: ['ipython=8'], pip: [] })).toBeUndefined();
  });

  it.each([null, {}, { dependencies: null }, { dependencies: [{ pip: null }] }])('may be none: %j', (content) => {
    expect(readCondaDependencies(content, 'conda.yml')).toEqual({ conda: [], pip: [] });
  });

  it.each([
    [['numpy'], /^conda\.yml: this is not a conda environment/],
    [{ dependencies: 'numpy' }, /"dependencies" must be a list/],
    [{ dependencies: [3.8] }, /3\.8 among the dependencies/],
    [{ dependencies: [{ pip: 'numpy' }] }, /\{"pip":"numpy"\}/],
    [{ dependencies: [{ npm: ['x'] }] }, /\{"npm":\["x"\]\}/],
  ])('that are wrong are refused: %j', (content, message) => {
    expect(() => readCondaDependencies(content, 'conda.yml')).toThrow(
      expect.objectContaining({ reason: 'invalid-run-configuration', message: expect.stringMatching(message) }),
    );
  });

  it('that pip has too are translated, names and versions', () => {
    expect(
      translateCondaPackages([
        'python=3.8',
        'pip=20.2.4',
        'scikit-learn',
        'Numpy=1.18',
        'pandas=1.0.5=py36h830a2c2_0',
        'scipy==1.4.1',
        'matplotlib >=3,<4',
        'joblib 1.2.*',
        'conda-forge::pytorch=1.6',
        'imbalanced_learn',
        'cudatoolkit=10.1',
      ]),
    ).toEqual({
      requirements: [
        'scikit-learn',
        'numpy==1.18.*',
        'pandas==1.0.5.*',
        'scipy==1.4.1',
        'matplotlib>=3,<4',
        'joblib==1.2.*',
        'torch==1.6.*',
        'imbalanced-learn',
      ],
      unknown: ['cudatoolkit'],
    });
  });
});

describe('the lines of a requirements file', () => {
  it('are sorted, and what Runledger stands for is left out', async () => {
    const lines = [
      'numpy==1.24  # arrays',
      '',
      '# none',
      'azureml-defaults',
      'AzureML_core[notebooks]==1.20',
      'runledger',
    ];
    const { packages, options } = await readPipRequirements([...lines, 'a>=1', '--pre', 'numpy==1.24'], '/p');
    expect({ packages, options }).toEqual({ packages: ['a>=1', 'numpy==1.24'], options: ['--pre'] });
  });

  it('may go on after a backslash, and in other files', async () => {
    const folder = await sourceFolder({
      'base.txt': '-r more/deep.txt\n-r base.txt\nscipy\n',
      'more/deep.txt': '\uFEFFtqdm\n./local.whl\n--find-links wheels\n',
      'more/local.whl': 'content',
      'limits.txt': 'numpy<2\n',
    });
    const lines = [
      'numpy==1.24 \\',
      '    --hash=sha256:abc',
      '-r base.txt',
      '-c limits.txt',
      '-e git+https://host/x.git#egg=x',
    ];
    const read = await readPipRequirements(lines, folder);
    expect(read.packages).toEqual([
      '--editable git+https://host/x.git#egg=x',
      join(folder, 'more', 'local.whl'),
      'numpy==1.24      --hash=sha256:abc',
      'scipy',
      'tqdm',
    ]);
    expect(read.options).toEqual([
      `--find-links ${join(folder, 'more', 'wheels')}`,
      `--constraint ${join(folder, 'limits.txt')}`,
    ]);
    expect(read.contents).toHaveLength(2);
    await writeFile(join(folder, 'limits.txt'), 'numpy<3\n');
    const { contents } = await readPipRequirements(lines, folder);
    expect(contents.filter((hash) => read.contents.includes(hash))).toHaveLength(1);
  });

  it('that name a missing file are refused, with its path', async () => {
    const folder = await temporaryFolder();
    for (const line of ['-r no.txt', '-c no.txt', './no.txt', '--requirement=no.txt']) {
      await expect(readPipRequirements([line], folder)).rejects.toMatchObject({
        reason: 'invalid-run-configuration',
        message: expect.stringContaining(join(folder, 'no.txt')),
      });
    }
  });
});

describe('an interpreter tells which packages it lacks', () => {
  it('by name, version, marker and extra', async () => {
    const { path } = await findInterpreter([]);
    const version = (await runProgram(path, ['-c', 'import pip; print(pip.__version__)'], '/')).stdout.trim();
    const there = [
      'pip',
      'PIP',
      'pip>=1',
      `pip==${version}`,
      `pip == ${version.split('.')[0]}.*`,
      'x; python_version < "3"',
    ];
    const lacking = [
      'pip==0.1',
      'pip<1',
      'no-such-package-of-anybody',
      'pip @ file:///no/pip.whl',
      '--editable /x',
      'not = valid',
    ];
    expect(await missingPackages(path, [...there, ...lacking], thisMachine(path))).toEqual(lacking);
  });
});

describe('pip', () => {
  it('is quoted by its errors, else by its last lines', () => {
    const output =
      'Collecting x\nERROR: Could not find x\nERROR: No matching distribution found for x\n\n[notice] A new release\n';
    expect(pipLastWords(output)).toBe('ERROR: Could not find x\nERROR: No matching distribution found for x');
    expect(pipLastWords('ERROR: No x==9 (from versions: 0.1, 0.2, 1.0)\n')).toBe(
      'ERROR: No x==9 (from versions: 0.1, …, 1.0)',
    );
    expect(pipLastWords('one\ntwo\r\nthree\nfour\nWARNING: five\n')).toBe('two\nthree\nfour');
    expect(isOffline('... NameResolutionError(...): Failed to resolve')).toBe(true);
    expect(isOffline(output)).toBe(false);
    expect(pipStep('  Downloading numpy-1.24-cp311.whl (17.3 MB)\n')).toBe('Downloading numpy-1.24-cp311.whl');
    expect(pipStep('Requirement already satisfied: x')).toBeUndefined();
  });

  it('is not led elsewhere by the variables of whoever submits', () => {
    const given = {
      PATH: '/bin',
      PIP_TARGET: '/x',
      PIP_USER: '1',
      PYTHONPATH: '/y',
      PIP_INDEX_URL: 'u',
      VSCODE_PID: '1',
    };
    expect(pipEnvironment(given)).toEqual({
      PATH: '/bin',
      PIP_INDEX_URL: 'u',
      PYTHONNOUSERSITE: '1',
      PYTHONIOENCODING: 'utf-8',
      PYTHONUNBUFFERED: '1',
    });
  });
});

describe("the user's cache", () => {
  it('is where the platform has it', () => {
    expect(userCacheFolder({ RUNLEDGER_HOME: '/r' }, 'linux', '/h')).toBe(join('/r', 'cache'));
    expect(userCacheFolder({ XDG_CACHE_HOME: '/c' }, 'linux', '/h')).toBe(join('/c', 'runledger'));
    expect(userCacheFolder({}, 'linux', '/h')).toBe(join('/h', '.cache', 'runledger'));
    expect(userCacheFolder({}, 'darwin', '/h')).toBe(join('/h', 'Library', 'Caches', 'runledger'));
    expect(userCacheFolder({ LOCALAPPDATA: '/l' }, 'win32', '/h')).toBe(join('/l', 'runledger', 'cache'));
  });
});
