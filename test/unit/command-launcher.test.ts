import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeCommandLauncher } from '../../src/core/launcher/commandLauncher.ts';
import { runProgram, temporaryFolder } from '../support/sourceFolder.ts';

const echo = `process.stdout.write(JSON.stringify([process.argv.slice(2), process.env.ELECTRON_RUN_AS_NODE]));`;

describe('the launcher of the command', () => {
  let folder: string;
  let program: string;

  beforeEach(async () => {
    folder = join(await temporaryFolder(), "it's a folder");
    program = join(folder, 'cli.cjs');
    await mkdir(folder);
    await writeFile(program, echo);
    vi.stubEnv('RUNLEDGER_HOME', folder);
  });

  afterEach(() => vi.unstubAllEnvs());

  async function written(node: string): Promise<string> {
    const path = await writeCommandLauncher({ node, program });
    expect(path).toBe(join(folder, 'bin', 'runledger'));
    return path ?? '';
  }

  it('starts the command with the Node that it was written with, arguments untouched', async () => {
    const path = await written(process.execPath);
    const { stdout } = await runProgram(path, ['run', 'a b', '$HOME', "it's"], folder);
    expect(JSON.parse(stdout)).toEqual([['run', 'a b', '$HOME', "it's"], '1']);
  });

  it('takes a Node of the path where that one is gone', async () => {
    const { stdout } = await runProgram(await written('/nowhere/node'), ['x'], folder);
    expect(JSON.parse(stdout)[0]).toEqual(['x']);
  });

  it('says what is missing', async () => {
    const path = await written('/nowhere/node');
    vi.stubEnv('PATH', '/usr/nowhere');
    expect(await runProgram('/bin/sh', [path], folder)).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('Install Node.js 24'),
    });
    await rm(program);
    expect(await runProgram('/bin/sh', [path], folder)).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('is gone'),
    });
  });

  it('is written again only where something moved', async () => {
    const path = await written(process.execPath);
    const first = await stat(path);
    await written(process.execPath);
    expect((await stat(path)).ino).toBe(first.ino);
    await written('/elsewhere/node');
    expect((await stat(path)).ino).not.toBe(first.ino);
    expect((await stat(path)).mode & 0o777).toBe(0o755);
  });
});
