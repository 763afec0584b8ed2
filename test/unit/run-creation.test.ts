import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { RunledgerError } from '../../src/core/base/errors.ts';
import { claimNumber, highestClaim } from '../../src/core/store/claims.ts';
import {
  createWorkspace,
  findWorkspace,
  openWorkspace,
  registeredWorkspaces,
} from '../../src/core/store/workspaces.ts';
import { newRun, openTestCatalog, temporaryFolder, temporaryWorkspace } from '../support/temporaryStore.ts';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '../..');

describe('a workspace', () => {
  it('appears whole, with its own .gitignore', async () => {
    const folder = await temporaryWorkspace();
    expect((await readdir(join(folder, '.runledger'))).sort()).toEqual(
      ['.gitignore', 'active', 'experiments', 'snapshots', 'trash', 'workspace.json'].sort(),
    );
    expect(await readFile(join(folder, '.runledger/.gitignore'), 'utf8')).toBe('*\n');
    expect(await readdir(folder)).not.toContainEqual(expect.stringContaining('staging'));
  });

  it('is made once', async () => {
    const folder = await temporaryWorkspace();
    const { id } = await openWorkspace(folder);
    await expect(createWorkspace({ folder })).rejects.toMatchObject({ reason: 'already-exists' });
    expect((await openWorkspace(folder)).id).toBe(id);
  });

  it('is found from a folder below it, and by the registry', async () => {
    const folder = await temporaryWorkspace('near');
    await mkdir(join(folder, 'src/deep'), { recursive: true });
    expect(await findWorkspace(join(folder, 'src/deep'))).toMatchObject({ name: 'near', folder });
    expect(await registeredWorkspaces()).toMatchObject([{ name: 'near', folder }]);
  });

  it('of a newer version is refused, and left alone', async () => {
    const folder = await temporaryWorkspace();
    const file = join(folder, '.runledger/workspace.json');
    const newer = '{"format": 2, "id": "x", "name": "y", "createdTime": 1}';
    await writeFile(file, newer);
    await expect(openWorkspace(folder)).rejects.toMatchObject({ reason: 'newer-format' });
    expect(await readFile(file, 'utf8')).toBe(newer);
  });

  it('cannot be made where a file is in the way', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const error: unknown = await createWorkspace({ folder: join(folder, 'file') }).catch((reason: unknown) => reason);
    expect(RunledgerError.is(error)).toBe(true);
  });

  it('is not made over something else of its name, which is told for what it is', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, '.runledger'), 'a file in the way');
    await expect(createWorkspace({ folder })).rejects.toMatchObject({ reason: 'not-writable' });
    expect(await readFile(join(folder, '.runledger'), 'utf8')).toBe('a file in the way');
  });
});

describe('a run', () => {
  it('has an id, a number and a record', async () => {
    const folder = await temporaryWorkspace();
    const first = await newRun(folder, { experiment: 'Iris' });
    const second = await newRun(folder, { experiment: 'iris' });
    expect(first.runId).toMatch(/^Iris_\d{10}_[0-9a-f]{8}$/);
    expect(second).toMatchObject({ number: 2, experiment: 'Iris', experimentKey: 'iris' });
    expect(JSON.parse(await readFile(join(first.folder, 'run.json'), 'utf8'))).toMatchObject({
      format: 1,
      number: 1,
      id: first.runId,
    });
  });

  it('of an unknown format is one unreadable row, and hides no other', async () => {
    const folder = await temporaryWorkspace();
    const broken = await newRun(folder);
    const newer = await newRun(folder);
    const good = await newRun(folder);
    await writeFile(join(broken.folder, 'run.json'), '{"form');
    await writeFile(join(newer.folder, 'run.json'), '{"format": 7}');
    const { items } = await (await openTestCatalog(folder)).runs({ experimentKey: 'iris', limit: 10 });
    expect(items.map((item) => item.kind)).toEqual(['run', 'unreadable', 'unreadable']);
    expect(items[0]).toMatchObject({ id: good.runId });
    expect(items[1]).toMatchObject({ problem: expect.stringContaining('Update Runledger') });
    expect(items[2]).toMatchObject({ problem: expect.stringContaining('not valid JSON') });
  });
});

describe('run numbers', () => {
  it('count up without gaps, whatever the number of runs', async () => {
    const folder = await temporaryFolder();
    for (let number = 1; number <= 70; number++) {
      expect(await highestClaim(folder)).toBe(number - 1);
      expect(await claimNumber(folder, `run-${number}`)).toBe(number);
    }
  });

  it('never repeat when 50 processes of both languages create runs at once', async () => {
    const folder = await temporaryWorkspace();
    const typescript = `
      import { createRun } from ${JSON.stringify(join(repository, 'src/core/store/runCreation.ts'))};
      for (let i = 0; i < 4; i++) {
        const run = await createRun({ workspaceFolder: process.argv[1], experiment: 'race', type: 'azureml.scriptrun', createdBy: 'test/1' });
        console.log(run.number);
      }`;
    const python = [
      'import sys',
      'from azureml.core import Workspace, Experiment',
      "experiment = Experiment(Workspace.from_config(sys.argv[1]), 'Race')",
      'for _ in range(4):',
      '    run = experiment.start_logging()',
      '    print(run.number)',
      '    run.complete()',
    ].join('\n');
    const env = {
      ...process.env,
      PYTHONPATH: [join(repository, 'python'), join(repository, 'python/compat')].join(':'),
    };
    const processes = Array.from({ length: 50 }, (_, index) =>
      index % 2 === 0
        ? run(process.execPath, ['--input-type=module-typescript', '-e', typescript, folder], { env })
        : run('python3', ['-c', python, folder], { env, cwd: folder }),
    );
    const outputs = await Promise.all(processes);
    const numbers = outputs.flatMap(({ stdout }) => stdout.trim().split('\n').map(Number));
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    const { items } = await (await openTestCatalog(folder)).runs({ experimentKey: 'race', limit: 300 });
    expect(items.map((item) => item.kind === 'run' && item.number)).toEqual(
      Array.from({ length: 200 }, (_, index) => 200 - index),
    );
  }, 120_000);
});
