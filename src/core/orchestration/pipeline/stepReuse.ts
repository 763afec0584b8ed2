/** Steps that need not run again: what decides it, and where the results of earlier ones are found. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isNotFound, RunledgerError } from '../../base/errors.ts';
import { pathExists } from '../../base/pathExists.ts';
import type { Step } from '../../domain/run.ts';
import { toJsonText, writeFileAtomically } from '../../store/atomicFile.ts';
import { readStoreFile, stringField } from '../../store/jsonFile.ts';
import { experimentKey } from '../../store/names.ts';
import { runFolder, storeFolder, supportedFormat } from '../../store/storeLayout.ts';
import type { StoredSnapshot } from '../definition.ts';
import { templatesOf } from '../job.ts';
import { resolveTemplate, type TemplateScope } from '../template.ts';
import type { StepDefinition } from './pipelineDefinition.ts';

/** A finished step run whose outputs can be used again. */
export interface StepResult {
  readonly runId: string;
  readonly experiment: string;
  readonly step: Step;
}

/**
 * What two runs of a step must have in common for one to stand for the other: the code, the command line with the identity of
 * each input, the run configuration, and the content of the paths that were named for it. SHA-256, in hex.
 *
 * @param identity names what a parameter is, and which run made an input
 */
export async function stepKey(
  step: StepDefinition,
  snapshot: StoredSnapshot | undefined,
  identity: TemplateScope,
): Promise<string> {
  const { job } = step;
  // Where a run configuration was read from does not matter, nor what it was called.
  const { name: _name, path: _path, warnings: _warnings, ...configuration } = job.runConfiguration;
  const content = {
    type: step.type,
    snapshot: snapshot?.hash ?? null,
    script: job.script ?? null,
    isCommandList: Array.isArray(job.command),
    templates: templatesOf(job).map((template) => resolveTemplate(template, identity)),
    environmentVariables: Object.keys(job.environmentVariables),
    configuration,
    interpreterCandidates: job.interpreterCandidates,
    outputs: step.outputs.map(({ name, datastore, path }) => [name, datastore, path]),
    version: step.version ?? null,
    hashPaths: await Promise.all(step.hashPaths.map(pathContent)),
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** The content of a file, or of all files of a folder, in words; a path that is not there is a content too. */
async function pathContent(path: string): Promise<unknown> {
  try {
    if ((await stat(path)).isDirectory()) {
      const names = (await readdir(path)).sort();
      return await Promise.all(names.map(async (name) => [name, await pathContent(join(path, name))]));
    }
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch (error) {
    if (isNotFound(error)) {
      return null;
    }
    throw error;
  }
}

function resultFile(workspaceFolder: string, key: string): string {
  return join(storeFolder(workspaceFolder), 'steps', `${key}.json`);
}

/** Remembers that a step run can stand for others of the same key. */
export async function rememberResult(workspaceFolder: string, key: string, result: StepResult): Promise<void> {
  const path = resultFile(workspaceFolder, key);
  const { runId, experiment, step } = result;
  const outputs: string[] = [];
  for (const [name, { path: output }] of Object.entries(step.outputs)) {
    if (await pathExists(output)) {
      outputs.push(name);
    }
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomically(
    path,
    toJsonText({ format: supportedFormat, key, runId, experiment, step, written: outputs }),
  );
}

/** The run that can stand for one of this key; undefined where there was none, it was deleted, or an output of it is gone. */
export async function findResult(workspaceFolder: string, key: string): Promise<StepResult | undefined> {
  try {
    const record = await readStoreFile(resultFile(workspaceFolder, key), 'the step');
    const runId = stringField(record, 'runId');
    const experiment = stringField(record, 'experiment');
    const step = record.step as Step | undefined;
    const written = record.written as readonly string[] | undefined;
    if (runId === undefined || experiment === undefined || step === undefined || written === undefined) {
      return undefined;
    }
    const paths = written.map((name) => step.outputs[name]?.path ?? '');
    const needed = [runFolder(workspaceFolder, experimentKey(experiment), runId), ...paths];
    const found = await Promise.all(needed.map(pathExists));
    return found.every((isThere) => isThere) ? { runId, experiment, step } : undefined;
  } catch (error) {
    if (RunledgerError.is(error)) {
      // A record that cannot be used is none: the step runs.
      return undefined;
    }
    throw error;
  }
}
