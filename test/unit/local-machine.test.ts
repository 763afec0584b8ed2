import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  defaultConcurrency,
  localMachineFile,
  placeInQueue,
  readLocalMachine,
} from '../../src/core/compute/local/localMachine.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { ended, newCase, runIds, until } from '../support/submittedRun.ts';
import { openTestCatalog, temporaryFolder, temporaryWorkspace } from '../support/temporaryStore.ts';

const endless = 'import time\nwhile True:\n    time.sleep(1)\n';

async function withFile(text: string, workspaceFolder?: string): Promise<string> {
  const folder = workspaceFolder ?? (await temporaryWorkspace());
  const path = localMachineFile(folder);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return folder;
}

/** Queues of the test's own: others run on the same machine meanwhile. */
async function withOwnQueue(): Promise<void> {
  const home = process.env.RUNLEDGER_HOME;
  process.env.RUNLEDGER_HOME = await temporaryFolder();
  onTestFinished(() => {
    process.env.RUNLEDGER_HOME = home ?? '';
  });
}

describe('compute/local.yml', () => {
  it('may be missing, or say nothing', async () => {
    const usual = { maxConcurrentRuns: defaultConcurrency(), gpus: [], gpusPerRun: 0 };
    expect(await readLocalMachine(await temporaryWorkspace())).toEqual(usual);
    expect(await readLocalMachine(await withFile('# maxConcurrentRuns: 4\n'))).toEqual(usual);
  });

  it.each([
    ['maxConcurrentRuns: 3', { maxConcurrentRuns: 3, gpus: [], gpusPerRun: 0 }],
    ['type: local\ngpus: [0, 1, 2, 3]', { maxConcurrentRuns: 4, gpus: [0, 1, 2, 3], gpusPerRun: 1 }],
    ['gpus: [0, 1, 2]\ngpusPerRun: 2', { maxConcurrentRuns: 1, gpus: [0, 1, 2], gpusPerRun: 2 }],
    ['{"gpus": [5], "maxConcurrentRuns": 2}', { maxConcurrentRuns: 2, gpus: [5], gpusPerRun: 1 }],
  ])('%j', async (text, machine) => {
    expect(await readLocalMachine(await withFile(text))).toEqual(machine);
  });

  it.each([
    ['maxConcurrentRuns: 0', 'line 1, column 20: maxConcurrentRuns: must be at least 1'],
    [
      'description: x\nmaxConcurentRuns: 2',
      'line 2, column 1: maxConcurentRuns: is no key of a compute target of type local',
    ],
    ['type: docker', 'type: must be local'],
    ['gpus: [0]\ngpusPerRun: 2', 'gpusPerRun is more than there are in gpus'],
    ['gpus: [0, 1', 'line 1, column'],
    ['local', 'must be a set of keys with values'],
  ])('%j is refused', async (text, message) => {
    await expect(readLocalMachine(await withFile(text))).rejects.toThrow(message);
  });
});

it('as many runs as a quarter of the processors, at least two, or what the environment says', () => {
  expect([1, 8, 12, 64].map((processors) => defaultConcurrency({}, processors))).toEqual([2, 2, 3, 16]);
  expect(defaultConcurrency({ RUNLEDGER_MAX_CONCURRENT_RUNS: '7' }, 64)).toBe(7);
  expect(() => defaultConcurrency({ RUNLEDGER_MAX_CONCURRENT_RUNS: 'many' })).toThrow('"many"');
});

it('runs of a run stand in a queue of their own', () => {
  const machine = { maxConcurrentRuns: 2, gpus: [0, 1], gpusPerRun: 1 };
  const own = placeInQueue(machine, 'outer');
  expect(own.folder).not.toBe(placeInQueue(machine, undefined).folder);
  expect([own.limit, own.gpus]).toEqual([2, []]);
});

it('a run waits in the state Queued until another has ended', async () => {
  await withOwnQueue();
  const { workspaceFolder, submit } = await newCase({ 'train.py': endless, 'short.py': 'print(1)\n' });
  await withFile('maxConcurrentRuns: 1', workspaceFolder);
  const first = await submit();
  const catalog = await openTestCatalog(workspaceFolder);
  await until(catalog, first.runId, ({ summary }) => summary.status === 'Running');
  const second = await submit();
  await until(catalog, second.runId, ({ summary }) => summary.status === 'Queued');
  await cancelRun(workspaceFolder, first.runId);
  await until(catalog, second.runId, ({ summary }) => summary.status === 'Running');
  await cancelRun(workspaceFolder, second.runId);
  expect((await ended(workspaceFolder, second.runId)).summary.status).toBe('Canceled');
});

it('a file that cannot be understood is told before there is a run', async () => {
  const { workspaceFolder, submit } = await newCase({ 'train.py': endless });
  await withFile('maxConcurrentRuns: some', workspaceFolder);
  await expect(submit()).rejects.toThrow('must be a number');
  expect(await runIds(workspaceFolder)).toEqual([]);
});
