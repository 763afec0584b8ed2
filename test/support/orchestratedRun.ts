/** Sweeps and pipelines of real scripts, for tests. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunDetails } from '../../src/core/domain/run.ts';
import type { Job } from '../../src/core/orchestration/job.ts';
import { type OrchestrationRequest, submitOrchestration } from '../../src/core/orchestration/submitOrchestration.ts';
import { builtInRunConfigurations } from '../../src/core/run-configurations/runConfiguration.ts';
import { childrenFolder, entriesOf, orchestratorsFolder } from '../../src/core/store/storeLayout.ts';
import type { SubmittedRun } from '../../src/core/submission/submission.ts';
import { cliProgram } from './commandLine.ts';
import { pythonSdkFolder, runProgram, sourceFolder } from './sourceFolder.ts';
import { folderOf } from './submittedRun.ts';
import { openTestCatalog, temporaryWorkspace } from './temporaryStore.ts';

export const cliCommand = [process.execPath, cliProgram] as const;

export interface OrchestrationCase {
  readonly workspaceFolder: string;
  readonly source: string;
  job(script: string, ...args: Job['arguments']): Job;
  submit(definition: object, request?: Partial<OrchestrationRequest>): Promise<SubmittedRun>;
}

/** A workspace, and beside it a source folder with scripts. */
export async function newOrchestrationCase(files: Readonly<Record<string, string>>): Promise<OrchestrationCase> {
  const workspaceFolder = await temporaryWorkspace();
  const source = await sourceFolder(files);
  const [local] = builtInRunConfigurations;
  return {
    workspaceFolder,
    source,
    job: (script, ...args) => ({
      sourceDirectory: source,
      script,
      arguments: args,
      runConfiguration: local?.configuration as Job['runConfiguration'],
      interpreterCandidates: [],
      environmentVariables: {},
    }),
    submit: (definition, request = {}) =>
      submitOrchestration(
        { workspaceFolder, experiment: 'iris', definition, ...request },
        { pythonSdkFolder, cliCommand: [...cliCommand], createdBy: 'test/1' },
      ),
  };
}

/** The children of a run, by number. */
export async function childrenOf(workspaceFolder: string, runId: string): Promise<readonly RunDetails[]> {
  const catalog = await openTestCatalog(workspaceFolder);
  const ids = await entriesOf(childrenFolder(await folderOf(workspaceFolder, runId)));
  const children = await Promise.all(ids.map((id) => catalog.details(id)));
  return children.sort((a, b) => a.summary.number - b.summary.number);
}

/** What run.json of a run holds. */
export async function recordOf(details: RunDetails): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await readFile(join(details.folder, 'run.json'), 'utf8'));
}

/** Kills the process that carries out a run, and waits until it is gone. */
export async function killOrchestrator(workspaceFolder: string, runId: string): Promise<void> {
  const folder = orchestratorsFolder(await folderOf(workspaceFolder, runId));
  const last = Math.max(...(await entriesOf(folder)).map(Number));
  const { pid } = JSON.parse(await readFile(join(folder, String(last)), 'utf8')) as { readonly pid: number };
  const gone = runProgram('tail', [`--pid=${pid}`, '-f', '/dev/null'], folder);
  process.kill(pid, 'SIGKILL');
  await gone;
}
