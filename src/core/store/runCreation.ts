import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileError, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { userName } from '../base/userName.ts';
import type { Step, Trial } from '../domain/run.ts';
import { publishFolder, randomHex, toJsonText } from './atomicFile.ts';
import { markChild } from './childMarks.ts';
import { claimNumber } from './claims.ts';
import { ensureExperiment } from './experiments.ts';
import { numbersFolder, runFolder, runsFolder, stagingPrefix, supportedFormat } from './storeLayout.ts';

export interface CreateRunOptions {
  readonly workspaceFolder: string;
  /** Made on first use. */
  readonly experiment: string;
  /** `azureml.scriptrun`, or undefined for an interactive run. */
  readonly type: string | undefined;
  readonly displayName?: string | undefined;
  /** In place of one that is made. */
  readonly runId?: string;
  /** A run of the same experiment. */
  readonly parentId?: string;
  /** The `submission` object of run.json. */
  readonly submission?: object;
  readonly tags?: Readonly<Record<string, string | null>>;
  readonly properties?: Readonly<Record<string, string>>;
  /** Of a sweep. */
  readonly trial?: Trial;
  /** Of a pipeline. */
  readonly step?: Step;
  /** The program, as `runledger-cli/0.1.0`. */
  readonly createdBy: string;
}

export interface CreatedRun {
  readonly runId: string;
  readonly number: number;
  readonly folder: string;
  readonly experiment: string;
  readonly experimentKey: string;
}

/** Makes a run, which appears whole or not at all. Throws `invalid-name`, `not-writable`, `disk-full`. */
export async function createRun(options: CreateRunOptions): Promise<CreatedRun> {
  const { workspaceFolder } = options;
  const experiment = await ensureExperiment(workspaceFolder, options.experiment);
  const createdTime = Date.now() / 1000;
  const runId =
    options.runId ??
    (options.type === 'azureml.scriptrun'
      ? `${experiment.name}_${Math.floor(createdTime)}_${randomHex(4)}`
      : randomUUID());
  const folder = runFolder(workspaceFolder, experiment.key, runId);
  if (options.runId !== undefined && (await pathExists(folder))) {
    // Before a number is claimed, which would name the run twice.
    throw new RunledgerError('already-exists', `A run with the id ${runId} is there already.`);
  }
  try {
    const number = await claimNumber(numbersFolder(workspaceFolder, experiment.key), runId);
    const record = {
      format: supportedFormat,
      id: runId,
      number,
      experiment: experiment.name,
      type: options.type ?? null,
      displayName: options.displayName ?? null,
      description: null,
      parentId: options.parentId ?? null,
      createdTime,
      user: userName(),
      host: hostname(),
      createdBy: options.createdBy,
      tags: options.tags ?? {},
      properties: options.properties ?? {},
      submission: options.submission ?? null,
      ...(options.trial !== undefined && { trial: options.trial }),
      ...(options.step !== undefined && { step: options.step }),
    };
    const isPublished = await publishFolder(
      join(runsFolder(workspaceFolder, experiment.key), `${stagingPrefix}${randomHex(4)}`),
      folder,
      async (staging) => {
        await mkdir(join(staging, 'journal'));
        await mkdir(join(staging, 'artifacts'));
        await writeFile(join(staging, 'run.json'), toJsonText(record), { flush: true });
      },
    );
    if (!isPublished) {
      throw new RunledgerError('already-exists', `A run with the id ${runId} is there already.`);
    }
    if (options.parentId !== undefined) {
      await markChild(runFolder(workspaceFolder, experiment.key, options.parentId), runId);
    }
    return { runId, number, folder, experiment: experiment.name, experimentKey: experiment.key };
  } catch (error) {
    throw fileError(error, 'create the run', folder);
  }
}
