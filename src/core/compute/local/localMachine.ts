/** What a workspace says of this machine as a compute target: `compute/local.yml` (docs/compute-targets.md). */
import { readFile } from 'node:fs/promises';
import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { parseDefinitionFile } from '../../base/definitionFile.ts';
import { fileError, isNotFound, RunledgerError } from '../../base/errors.ts';
import { computeFolder } from '../../store/storeLayout.ts';
import { userDataFolder } from '../../store/userData.ts';
import { localSettings } from '../targetSettings.ts';

export interface LocalMachine {
  /** Others wait in the machine's queue. */
  readonly maxConcurrentRuns: number;
  /** Indexes of the cards that runs share out; empty: each run sees all. */
  readonly gpus: readonly number[];
  readonly gpusPerRun: number;
}

/** Where a run stands before it may start, as the supervisor is told. */
export interface QueuePlace {
  /** All workspaces of the machine share it. */
  readonly folder: string;
  readonly limit: number;
  readonly gpus: readonly number[];
  readonly gpusPerRun: number;
}

const limitVariable = 'RUNLEDGER_MAX_CONCURRENT_RUNS';

/**
 * For workspaces that do not say how many: few enough that none starves the others.
 *
 * @throws RunledgerError `invalid-argument`
 */
export function defaultConcurrency(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  processors: number = availableParallelism(),
): number {
  const wanted = environment[limitVariable];
  if (wanted === undefined || wanted === '') {
    return Math.max(2, Math.floor(processors / 4));
  }
  if (!/^[1-9]\d{0,5}$/.test(wanted)) {
    throw new RunledgerError('invalid-argument', `${limitVariable} is "${wanted}", and has to be a number from 1 on.`);
  }
  return Number(wanted);
}

export function localMachineFile(workspaceFolder: string): string {
  return join(computeFolder(workspaceFolder), 'local.yml');
}

/** The file as it is made for a person to change: what would be so without it, as comments. */
export function localMachineTemplate(): string {
  return `# This machine as a compute target.
type: local

# Runs that go on at once; others wait in the queue of the machine.
# maxConcurrentRuns: ${defaultConcurrency()}

# Cards that runs share out: each gets gpusPerRun of them, as CUDA_VISIBLE_DEVICES. Without, each run sees all.
# gpus: [0, 1]
# gpusPerRun: 1
`;
}

/** @throws RunledgerError `invalid-argument` with line and column; `unreadable` */
export async function readLocalMachine(workspaceFolder: string): Promise<LocalMachine> {
  const path = localMachineFile(workspaceFolder);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isNotFound(error)) {
      text = '{}';
    } else {
      throw fileError(error, 'read the compute target', path);
    }
  }
  // A file of comments alone is as good as none.
  const settings = parseDefinitionFile(v.nullable(localSettings), text, path) ?? {};
  const { gpus = [], gpusPerRun = 1, maxConcurrentRuns } = settings;
  const shares = Math.floor(gpus.length / gpusPerRun);
  return {
    maxConcurrentRuns: maxConcurrentRuns ?? (shares > 0 ? shares : defaultConcurrency()),
    gpus,
    gpusPerRun: gpus.length === 0 ? 0 : gpusPerRun,
  };
}

/**
 * The queue of this machine. Runs that a run submits stand in one of its own: it may wait for them, and would wait for ever if
 * they stood behind it.
 *
 * @param submitter the id of the run that submits; undefined for a person
 */
export function placeInQueue(machine: LocalMachine, submitter: string | undefined): QueuePlace {
  const { maxConcurrentRuns, gpus, gpusPerRun } = machine;
  const queues = join(userDataFolder(), 'queues', hostname());
  return submitter === undefined
    ? { folder: join(queues, 'runs'), limit: maxConcurrentRuns, gpus, gpusPerRun }
    : // The cards are with the run that waits.
      { folder: join(queues, 'of', submitter), limit: maxConcurrentRuns, gpus: [], gpusPerRun: 0 };
}
