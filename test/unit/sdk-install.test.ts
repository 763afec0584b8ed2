import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { runProgram as runCommandLine } from '../../src/cli/program.ts';
import { describeAzureml, installSdk } from '../../src/core/sdk/installSdk.ts';
import {
  type ProgramResult,
  pythonSdkFolder,
  repositoryRoot,
  runProgram,
  temporaryFolder,
} from '../support/sourceFolder.ts';
import { temporaryWorkspace } from '../support/temporaryStore.ts';
import { writeWheelOf } from '../support/wheel.ts';

const timeout = { timeout: 120_000 };

/** An installation: a folder with the wheel where a package has it. Gives the folder of its Python sources. */
async function installation(): Promise<string> {
  const folder = await temporaryFolder();
  await succeed('python3', join(pythonSdkFolder, 'wheel_backend.py'), join(folder, 'dist', 'python'));
  return join(folder, 'python');
}

async function succeed(command: string, ...args: readonly string[]): Promise<ProgramResult> {
  const result = await runProgram(command, args, '/');
  expect(result.code, `${args.join(' ')}\n${result.stdout}${result.stderr}`).toBe(0);
  return result;
}

async function venv(...options: readonly string[]): Promise<string> {
  const folder = join(await temporaryFolder(), 'venv');
  await succeed('python3', '-m', 'venv', ...options, folder);
  return join(folder, 'bin', 'python');
}

describe('the wheel of the SDK', timeout, () => {
  it('is the same for the same sources, has their version, and no azureml of its own', async () => {
    const [one, two] = [await installation(), await installation()];
    const wheels = await Promise.all(
      [one, two].map(async (sdk) => {
        const folder = join(sdk, '..', 'dist', 'python');
        const [name = '', ...others] = await readdir(folder);
        expect(others).toEqual([]);
        return { name, path: join(folder, name), data: await readFile(join(folder, name)) };
      }),
    );
    const { version } = JSON.parse(await readFile(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string };
    expect(wheels[0]?.name).toBe(`runledger-${version}-py3-none-any.whl`);
    expect(wheels[0]?.data.equals(wheels[1]?.data ?? Buffer.alloc(0))).toBe(true);
    const { stdout } = await succeed('python3', '-m', 'zipfile', '-l', wheels[0]?.path ?? '');
    const names = stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(' ')[0] ?? '');
    expect(names).toEqual(expect.arrayContaining(['runledger/py.typed', 'runledger/supervisor/__main__.py']));
    expect(names).toContain('runledger/_compat/azureml/core/__init__.py');
    expect(names).toContain(`runledger-${version}.dist-info/entry_points.txt`);
    expect(
      names.filter((name) => !/^(runledger\/|runledger-[\d.]+\.dist-info\/|runledger_azureml\.pth$)/.test(name)),
    ).toEqual([]);
  });

  it('can be built and installed by pip from the sources, without a network', async () => {
    const python = await venv();
    await succeed(python, '-m', 'pip', 'install', '--no-index', '--quiet', pythonSdkFolder);
    await succeed(python, '-c', 'import runledger, azureml.core; runledger.start_run');
    const { stdout } = await succeed(python, '-m', 'pip', 'show', 'runledger');
    expect(stdout).toContain('Name: runledger');
  });
});

describe('installing the SDK', timeout, () => {
  it('gives an environment runledger and azureml.core, and goes again without a trace', async () => {
    const sdk = await installation();
    const python = await venv();
    const said: string[] = [];
    const installed = await installSdk(python, { pythonSdkFolder: sdk, onOutput: (part) => said.push(part) });
    expect(installed).toMatchObject({ interpreter: python, azureml: { isReal: false, version: undefined } });
    expect(installed.azureml.file).toContain(join('runledger', '_compat', 'azureml', 'core'));
    expect(describeAzureml(installed)).toContain("Runledger's");
    expect(said.join('')).toContain('Successfully installed runledger');
    // A second time is no error: an update looks the same.
    await installSdk(python, { pythonSdkFolder: sdk });

    const folder = await temporaryWorkspace();
    const program = `
import os
os.chdir(${JSON.stringify(folder)})
from azureml.core import Experiment, Run, Workspace
from azureml.core.run import _OfflineRun
from azureml.train.estimator import Estimator
run = Experiment(Workspace.from_config(), 'installed').start_logging()
run.log('loss', 0.5)
run.complete()
print(run.get_metrics(), Run.__module__)
import azureml.automl.core.shared
try:
    azureml.automl.core.shared.Anything()
except Exception as error:
    print(error)
`;
    const { stdout } = await succeed(python, '-c', program);
    expect(stdout).toContain("{'loss': 0.5} runledger.azureml_v1.run\n");
    expect(stdout).toContain('not available in this version of Runledger');

    await succeed(python, '-m', 'pip', 'uninstall', '-y', '-q', 'runledger');
    const { code, stderr } = await runProgram(python, ['-c', 'import azureml'], '/');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("No module named 'azureml'") });
  });

  it('stays out of the way of the real azureml.core, whichever comes first and whichever goes', async () => {
    const sdk = await installation();
    const wheels = await temporaryFolder();
    const namespace = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n";
    const real = await writeWheelOf(wheels, 'azureml-core', '1.60.0', {
      'azureml/__init__.py': namespace,
      'azureml/core/__init__.py': "class Workspace:\n    origin = 'real'\n",
    });
    const part = await writeWheelOf(wheels, 'azureml-dataprep', '5.0', {
      'azureml/__init__.py': namespace,
      'azureml/dataprep/__init__.py': '',
    });
    const python = await venv();
    const pip = (...args: string[]) => succeed(python, '-m', 'pip', ...args, '-q');
    const origin = async () =>
      (
        await succeed(
          python,
          '-c',
          'import runledger, azureml.core; print(azureml.core.Workspace.__dict__.get("origin"))',
        )
      ).stdout.trim();

    await pip('install', '--no-index', real);
    const installed = await installSdk(python, { pythonSdkFolder: sdk });
    expect(installed.azureml).toMatchObject({ isReal: true, version: '1.60.0' });
    expect(describeAzureml(installed)).toContain('the real SDK, version 1.60.0');
    expect(await origin()).toBe('real');
    // What the real one lacks is not filled up from Runledger.
    expect((await runProgram(python, ['-c', 'import azureml.widgets'], '/')).stderr).toContain('ModuleNotFoundError');

    await pip('uninstall', '-y', 'azureml-core');
    expect(await origin()).toBe('None');
    await pip('install', '--no-index', part);
    expect(await origin(), 'a part of the real SDK without its core is not the real SDK').toBe('None');
    await pip('install', '--no-index', '--no-deps', '--force-reinstall', real);
    expect(await origin()).toBe('real');
  });

  it('says what is wrong: no pip, no Python, no wheel, and stops when it is asked to', async () => {
    const sdk = await installation();
    const bare = await venv('--without-pip');
    await expect(installSdk(bare, { pythonSdkFolder: sdk })).rejects.toMatchObject({
      reason: 'environment-failed',
      message: expect.stringContaining('No module named pip'),
      advice: expect.stringContaining('ensurepip'),
    });
    await expect(installSdk('/no/such/python', { pythonSdkFolder: sdk })).rejects.toMatchObject({
      reason: 'interpreter-not-found',
    });
    const empty = join(await temporaryFolder(), 'python');
    await expect(installSdk(bare, { pythonSdkFolder: empty })).rejects.toMatchObject({ reason: 'not-found' });
    const python = await venv();
    const stop = new AbortController();
    const stopped = installSdk(python, {
      pythonSdkFolder: sdk,
      onOutput: () => stop.abort(),
      signal: stop.signal,
    });
    await expect(stopped).rejects.toMatchObject({ reason: 'canceled' });
  });

  it('can be asked for on the command line', async () => {
    const sdk = await installation();
    const python = await venv();
    const run = async (...args: readonly string[]) => {
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      const code = await runCommandLine(args, {
        installation: { version: '0', pythonSdkFolder: sdk, command: ['runledger'] },
        stdin: process.stdin,
        stdout,
        stderr,
        currentFolder: join(python, '..'),
        onInterrupt: () => () => {},
      });
      stdout.end();
      stderr.end();
      return { code, stdout: await text(stdout), stderr: await text(stderr) };
    };
    const table = await run('sdk', 'install', '--python', './python');
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(/^Installed runledger [\d.]+ for .*\nazureml\.core there is Runledger's\.\n$/);
    const json = await run('sdk', 'install', '--python', python, '-o', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ interpreter: python, azureml: { isReal: false, version: null } });
    const failed = await run('sdk', 'install', '--python', './nothing');
    expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('There is no Python') });
  });
});
