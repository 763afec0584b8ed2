import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  checkInterpreter,
  findAndProbeInterpreter,
  findInterpreter,
  probeInterpreter,
} from '../../src/core/interpreters/interpreters.ts';
import { ScriptSyntaxError } from '../../src/core/interpreters/scriptSyntaxError.ts';
import { pythonSdkFolder, shellProgram, sourceFolder, temporaryFolder } from '../support/sourceFolder.ts';

afterEach(() => vi.unstubAllEnvs());

describe('an interpreter', () => {
  it('is found on the path where nobody chose one', async () => {
    const found = await findInterpreter(['', '  ']);
    expect(found.path).toMatch(/python/);
    expect(found.version).toMatch(/^3\.\d+\.\d+$/);
    expect(await checkInterpreter(found.path)).toEqual(found);
  });

  it('of a virtual environment is that environment', async () => {
    const { path } = await findInterpreter([]);
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'bin'));
    await symlink(path, join(folder, 'bin', 'python'));
    const { path: inFolder } = await checkInterpreter(join(folder, 'bin', 'python'));
    expect(inFolder).toBe(join(folder, 'bin', 'python'));
    await expect(checkInterpreter(folder)).rejects.toMatchObject({
      reason: 'interpreter-not-found',
      advice: expect.stringContaining(join(folder, 'bin', 'python')),
    });
  });

  it('that was chosen and is not there is an error, and no other is taken', async () => {
    const missing = join(await temporaryFolder(), 'python3');
    await expect(findInterpreter(['', missing, 'python3'])).rejects.toMatchObject({
      reason: 'interpreter-not-found',
      message: expect.stringContaining(missing),
      advice: expect.stringContaining('3.8'),
    });
    await expect(findInterpreter(['no-such-python'])).rejects.toMatchObject({ reason: 'interpreter-not-found' });
  });

  it('that is too old says which it is', async () => {
    const folder = await temporaryFolder();
    const old = await shellProgram(folder, 'python3', 'echo "Python 3.6.9"');
    await expect(checkInterpreter(old)).rejects.toMatchObject({
      reason: 'interpreter-too-old',
      message: expect.stringMatching(/Python 3\.6\.9.*3\.8/),
    });
    // Python 2 writes its version to the other stream.
    const older = await shellProgram(folder, 'python2', 'echo "Python 2.7.18" >&2');
    await expect(checkInterpreter(older)).rejects.toMatchObject({ reason: 'interpreter-too-old' });
  });

  it('on the path that is too old is passed over for one that is not', async () => {
    const { path } = await findInterpreter([]);
    const folder = await temporaryFolder();
    await shellProgram(folder, 'python3', 'echo "Python 3.7.1"');
    vi.stubEnv('PATH', `${folder}`);
    await expect(findInterpreter([])).rejects.toMatchObject({ reason: 'interpreter-too-old' });
    await symlink(path, join(folder, 'python'));
    expect((await findInterpreter([])).version).not.toBe('3.7.1');
  });

  it('is missing where the path has none', async () => {
    vi.stubEnv('PATH', await temporaryFolder());
    await expect(findInterpreter([])).rejects.toMatchObject({
      reason: 'interpreter-not-found',
      message: 'No Python was found on the path.',
    });
  });

  it.each([
    [
      'another program',
      'echo "usage: something" >&2; exit 2',
      /is not a Python interpreter: it says: usage: something\./,
    ],
    ['a program that says nothing', 'exit 0', /is not a Python interpreter: it did not answer\./],
    [
      'a broken Python',
      'case "$1" in --version) echo "Python 3.12.1";; *) echo "No module named encodings" >&2; exit 1;; esac',
      /is a Python that does not work: it says: No module named encodings\./,
    ],
  ])('is not %s', async (_what, text, message) => {
    const program = await shellProgram(await temporaryFolder(), 'python', text);
    await expect(checkInterpreter(program)).rejects.toMatchObject({
      reason: 'interpreter-not-found',
      message: expect.stringMatching(message),
    });
  });

  it('is not a file that cannot be executed', async () => {
    const folder = await sourceFolder({ python: 'text' });
    await expect(checkInterpreter(join(folder, 'python'))).rejects.toMatchObject({
      reason: 'interpreter-not-found',
      message: expect.stringContaining('it cannot be executed'),
    });
  });
});

describe('the probe', () => {
  it('finds a syntax error, with its line, and runs nothing', async () => {
    const source = await sourceFolder({
      'train.py': 'raise SystemExit(3)\nx = (1,\nprint("a"\n',
      'fine.py': 'raise SystemExit(3)\n',
    });
    const error: unknown = await findAndProbeInterpreter([], { scriptPath: join(source, 'train.py') }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(ScriptSyntaxError);
    expect(error).toMatchObject({ reason: 'script-syntax', file: join(source, 'train.py') });
    expect((error as ScriptSyntaxError).line).toBeGreaterThanOrEqual(2);
    expect((error as ScriptSyntaxError).message).toContain(`train.py, line ${(error as ScriptSyntaxError).line}: `);
    await expect(findAndProbeInterpreter([], { scriptPath: join(source, 'fine.py') })).resolves.toBeDefined();
  });

  it.each([
    ['a null byte', Buffer.from('x = 1\0\n')],
    ['an unknown encoding', Buffer.from('# coding: klingon\nx = 1\n')],
    ['a tab after spaces', Buffer.from('if 1:\n        x = 1\n\ty = 2\n')],
  ])('takes %s for a syntax error', async (_what, content) => {
    const source = await sourceFolder({ 'train.py': content });
    await expect(findAndProbeInterpreter([], { scriptPath: join(source, 'train.py') })).rejects.toMatchObject({
      reason: 'script-syntax',
    });
  });

  it('tells the real azureml from the one of Runledger', async () => {
    const compatFolder = join(pythonSdkFolder, 'compat');
    vi.stubEnv('PYTHONPATH', compatFolder);
    expect((await probeInterpreter('python3', { compatFolder })).hasAzureml).toBe(false);
    // Installed from a wheel, in a place that nobody named.
    expect((await probeInterpreter('python3')).hasAzureml).toBe(false);

    const installed = await sourceFolder({
      'azureml/__init__.py': "raise SystemExit('imported')",
      'azureml/core/__init__.py': '',
    });
    vi.stubEnv('PYTHONPATH', `${compatFolder}:${installed}`);
    expect((await probeInterpreter('python3', { compatFolder })).hasAzureml).toBe(true);
    const other = await sourceFolder({ 'azureml/__init__.py': '', 'azureml/studio/__init__.py': '' });
    vi.stubEnv('PYTHONPATH', other);
    expect((await probeInterpreter('python3', { compatFolder })).hasAzureml).toBe(false);
  });

  it('is not misled by modules beside the script, nor by what an interpreter prints', async () => {
    const source = await sourceFolder({
      'train.py': 'import json\n',
      'json.py': "raise SystemExit('mine')",
      'site/sitecustomize.py': "print('welcome to this machine')",
    });
    vi.stubEnv('PYTHONPATH', join(source, 'site'));
    const previous = process.cwd();
    process.chdir(source);
    try {
      expect((await findAndProbeInterpreter([], { scriptPath: join(source, 'train.py') })).version).toMatch(/^3\./);
    } finally {
      process.chdir(previous);
    }
  });

  it('can be stopped', async () => {
    const slow = await shellProgram(await temporaryFolder(), 'python', 'exec sleep 60');
    const stop = new AbortController();
    const probed = probeInterpreter(slow, { signal: stop.signal });
    setImmediate(() => stop.abort());
    await expect(probed).rejects.toMatchObject({ reason: 'canceled' });
  });
});
