import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { environmentsFolder } from '../../src/core/environments/environmentPlan.ts';
import { parsePipSettings } from '../../src/core/environments/pipSettings.ts';
import {
  findUv,
  uvEnvironment,
  uvRequirementOptions,
  uvTool,
  uvVariables,
} from '../../src/core/environments/uvProcess.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { appears, isGone } from '../support/endlessWork.ts';
import { temporaryFolder } from '../support/sourceFolder.ts';
import { type Case, ended, folderOf, newCase, runIds } from '../support/submittedRun.ts';
import { findTestUv } from '../support/uv.ts';
import { endlessPackage, writeWheel } from '../support/wheel.ts';

const uv = await findTestUv();
const minute = 60_000;

function configuration(pip: readonly string[]): string {
  return JSON.stringify({ environment: { python: { condaDependencies: { dependencies: [{ pip }] } } } });
}

async function logOf({ workspaceFolder }: Case, runId: string, name: string): Promise<string> {
  return readFile(join(await folderOf(workspaceFolder, runId), 'artifacts', name), 'utf8');
}

const environmentLog = 'logs/azureml/environment_log.txt';

describe.skipIf(uv === undefined)('an environment that uv makes', { timeout: 3 * minute }, () => {
  beforeEach(() => {
    vi.stubEnv('RUNLEDGER_INSTALLER', undefined);
    vi.stubEnv('UV', uv);
  });
  afterEach(() => vi.unstubAllEnvs());

  it('has the packages, and pip for what scripts install themselves; pip makes it where that is asked for', async () => {
    const wheels = await temporaryFolder();
    await writeWheel(wheels, 'greeting', '1.2', "text = 'hello'\n");
    const made = await newCase({
      'train.py': 'import greeting, pip, sys\nprint(greeting.text, sys.prefix)\n',
      'offline.runconfig': configuration(['--no-index', `--find-links ${wheels}`, 'greeting>=1', 'azureml-defaults']),
    });
    const [first, second] = await Promise.all([
      made.submit({ runConfiguration: 'offline' }),
      made.submit({ runConfiguration: 'offline', experiment: 'other' }),
    ]);
    const logs: string[] = [];
    for (const { runId } of [first, second]) {
      expect((await ended(made.workspaceFolder, runId)).summary.status).toBe('Completed');
      expect(await logOf(made, runId, 'logs/std_log.txt')).toContain(`hello ${environmentsFolder()}`);
      logs.push(await logOf(made, runId, environmentLog));
    }
    expect(logs.filter((text) => text.includes(`$ ${uv} pip install`))).toHaveLength(1);
    expect(logs.filter((text) => text.includes('+ greeting==1.2'))).toHaveLength(1);
    expect(logs.filter((text) => text.includes('Using the environment'))).toHaveLength(1);
  });

  it('gets pip from the index where there is one', async () => {
    const made = await newCase({ 'train.py': 'import pip, greeting\nprint(pip.__version__)\n' });
    await writeWheel(made.source, 'greeting', '1.2', '');
    await writeFile(join(made.source, 'index.runconfig'), configuration(['./greeting-1.2-py3-none-any.whl']));
    const { runId } = await made.submit({ runConfiguration: 'index' });
    expect((await ended(made.workspaceFolder, runId)).summary.status).toBe('Completed');
    const log = await logOf(made, runId, environmentLog);
    expect(log).toContain(`$ ${uv} venv`);
    expect(log).not.toContain('-m venv');
  });

  it('that cannot be made fails the run with what uv says, and leaves nothing', async () => {
    const made = await newCase({
      'train.py': '',
      'bad.runconfig': configuration(['--no-index', 'no-such-package-of-anybody==9.9']),
    });
    const { runId, status } = await made.submit({ runConfiguration: 'bad' });
    expect(status).toBe('Failed');
    const { failure } = (await ended(made.workspaceFolder, runId)).summary;
    expect(failure?.message).toContain('uv could not install the packages of the environment (exit code 1)');
    expect(failure?.message).toContain('no-such-package-of-anybody');
    expect(failure?.advice).toContain(environmentLog);
    const [key = '', ...others] = await readdir(environmentsFolder());
    expect(others).toEqual([]);
    expect(await readdir(join(environmentsFolder(), key))).toEqual(['requirements.txt']);
  });

  it('ends being made when the run is canceled', async () => {
    const folder = await temporaryFolder();
    const made = await newCase({
      'train.py': '',
      'endless.runconfig': configuration(['--no-index', './endless']),
      ...endlessPackage(join(folder, 'pid')),
    });
    const submitted = made.submit({ runConfiguration: 'endless' });
    await appears(folder, 'pid');
    const [runId = ''] = await runIds(made.workspaceFolder);
    await cancelRun(made.workspaceFolder, runId);
    expect((await submitted).status).toBe('Canceled');
    await isGone(Number(await readFile(join(folder, 'pid'), 'utf8')));
    expect((await readdir(environmentsFolder())).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('is that of pip where uv does not know what is asked for', async () => {
    const wheels = await temporaryFolder();
    await writeWheel(wheels, 'greeting', '1.2', '');
    const made = await newCase({
      'train.py': 'import greeting\n',
      'odd.runconfig': configuration(['--no-index', `--find-links ${wheels}`, '--use-feature=fast-deps', 'greeting']),
    });
    const { runId } = await made.submit({ runConfiguration: 'odd' });
    expect((await ended(made.workspaceFolder, runId)).summary.status).toBe('Completed');
    expect(await logOf(made, runId, environmentLog)).toContain('-m pip install');
  });
});

describe('uv', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is the one that UV names, or on the path', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'bin'));
    const name = process.platform === 'win32' ? 'uv.exe' : 'uv';
    const onPath = join(folder, 'bin', name);
    const named = join(folder, 'my-uv');
    await writeFile(onPath, '');
    await writeFile(named, '');
    vi.stubEnv('PATH', join(folder, 'bin'));
    expect(await findUv({})).toBe(onPath);
    expect(await findUv({ UV: named })).toBe(named);
    expect(await findUv({ UV: join(folder, 'gone') })).toBe(onPath);
    expect(await findUv({ UV: named, RUNLEDGER_INSTALLER: 'pip' })).toBeUndefined();
  });

  it('gets what requirements say that it takes from arguments alone, or is not asked', () => {
    const of = (options: readonly string[], packages: readonly string[] = []): readonly string[] | undefined =>
      uvRequirementOptions({ options, packages, contents: [] });
    expect(of(['--index-url https://a/simple', '--no-index', '--find-links /w', '--constraint /c.txt'])).toEqual([]);
    expect(of(['--trusted-host a.b', '--pre', '--prefer-binary'])).toEqual([
      '--allow-insecure-host',
      'a.b',
      '--prerelease',
      'allow',
    ]);
    expect(of(['--use-feature=x'])).toBeUndefined();
    expect(of(['--find-links "/a b"'])).toBeUndefined();
    expect(of([], ['a==1 --hash=sha256:0'])).toEqual([]);
    expect(of([], ['a==1 --config-settings=x=y'])).toBeUndefined();
  });

  it('looks for packages where pip would', () => {
    const settings = parsePipSettings(
      [
        ":env:.index-url='https://env/simple'",
        ":env:.disable-pip-version-check='1'",
        "download.only-binary=':all:'",
        "global.extra-index-url='\\nhttps://a/simple\\nhttps://b/simple'",
        "global.index-url='https://global/simple'",
        "install.find-links='/no/such/folder https://wheels'",
        'global.trusted-host="it\'s"',
        "global.pre='false'",
        '',
      ].join('\n'),
    );
    expect(uvVariables(settings)).toEqual({
      UV_DEFAULT_INDEX: 'https://env/simple',
      UV_INDEX: 'https://a/simple https://b/simple',
      UV_FIND_LINKS: 'https://wheels',
      UV_INSECURE_HOST: "it's",
    });
    expect(uvVariables(parsePipSettings("global.client-cert='/c.pem'\n"))).toBeUndefined();
    const own = { UV_DEFAULT_INDEX: 'https://own', UV_TARGET: '/t', VIRTUAL_ENV: '/v', CONDA_PREFIX: '/c' };
    expect(uvEnvironment(own, { UV_DEFAULT_INDEX: 'https://pip', UV_NO_INDEX: '1' })).toEqual({
      UV_DEFAULT_INDEX: 'https://own',
      UV_NO_INDEX: '1',
      UV_INDEX_STRATEGY: 'unsafe-best-match',
      PYTHONNOUSERSITE: '1',
      PYTHONIOENCODING: 'utf-8',
      PYTHONUNBUFFERED: '1',
    });
  });

  it('says why it failed', () => {
    const output =
      'Using Python 3.11.2 environment at: /e\nerror: Request failed after 3 retries\n  cause: Failed to fetch: https://h/six/\n' +
      '  cause: error sending request for url (https://h/six/)\n  cause: dns error\n  cause: x\nhint: more\n';
    expect(uvTool.lastWords(output)).toBe(
      'error: Request failed after 3 retries\n  cause: Failed to fetch: https://h/six/\n' +
        '  cause: error sending request for url (https://h/six/)\n  cause: dns error',
    );
    expect(uvTool.isOffline(output)).toBe(true);
    expect(uvTool.stepOf('Resolved 3 packages in 2ms\n')).toBe('Resolved 3 packages in 2ms');
    expect(uvTool.stepOf(' + six==1.17.0\n')).toBeUndefined();
  });
});
