import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { fileError } from '../base/errors.ts';
import { registeredDataSets } from '../data-sets/registeredDataSets.ts';
import type { RunConfiguration } from '../run-configurations/runConfiguration.ts';
import { parseRunConfiguration } from '../run-configurations/runConfigurationFile.ts';
import type { SubmitRequest } from '../submission/submission.ts';
import { type CommandJob, parseCommandJob } from './commandJob.ts';
import { runConfigurationText } from './jobRunConfiguration.ts';

/** A job, and how it is run here. */
export interface ReadCommandJob {
  readonly job: CommandJob;
  readonly runConfiguration: RunConfiguration;
}

/**
 * Reads the file of a command job, absolute.
 *
 * @throws RunledgerError as `parseCommandJob` does; `not-found`, `unreadable`
 */
export async function readCommandJob(path: string, workspaceFolder: string): Promise<ReadCommandJob> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, 'read the job', path);
  }
  const label = basename(path);
  const job = parseCommandJob(content, path, label, await registeredDataSets(workspaceFolder));
  const name = basename(path, extname(path));
  const text = await runConfigurationText(job);
  return { job, runConfiguration: parseRunConfiguration(text, { name, path: undefined, label }) };
}

/** What is submitted of a command job: without its place, and the interpreters to choose from. */
export function commandJobRequest({
  job,
  runConfiguration,
}: ReadCommandJob): Omit<SubmitRequest, 'workspaceFolder' | 'experiment' | 'interpreterCandidates'> {
  const { command, script } = runConfiguration;
  return {
    sourceDirectory: job.sourceDirectory,
    ...(command === undefined ? { scriptPath: resolve(job.sourceDirectory, script ?? '') } : { command }),
    arguments: runConfiguration.arguments,
    runConfiguration,
    ...(job.displayName === undefined ? {} : { displayName: job.displayName }),
  };
}
