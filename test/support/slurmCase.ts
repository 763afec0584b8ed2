/** Runs on a Slurm cluster of the tests' own, for test files. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { stringify } from 'yaml';
import type { RunDetails } from '../../src/core/domain/run.ts';
import { isTerminal } from '../../src/core/domain/runStatus.ts';
import { computeFolder } from '../../src/core/store/storeLayout.ts';
import { NoSlurmError, SlurmCluster } from './backends/slurmCluster.ts';
import { type Case, newCase, until } from './submittedRun.ts';
import { openTestCatalog } from './temporaryStore.ts';

let cluster: SlurmCluster | undefined;
let missing = '';

/** Starts a cluster for the tests of a file, and stops it after them; where none can be started they are skipped, on CI they fail. */
export function useSlurm(): void {
  beforeAll(async () => {
    try {
      cluster = await SlurmCluster.start();
      process.env.SLURM_CONF = cluster.configuration;
    } catch (error) {
      if (!(error instanceof NoSlurmError) || process.env.CI === 'true') {
        throw error;
      }
      missing = error.message;
    }
  }, 180_000);

  afterAll(async () => {
    await cluster?.stop();
    delete process.env.SLURM_CONF;
  }, 60_000);

  beforeEach(async (context) => {
    context.skip(cluster === undefined, `Slurm could not be started: ${missing}`);
    context.onTestFailed(async () => console.error(await cluster?.report()));
    // A test that killed a daemon may have ended before the controller drained the daemon's node.
    await cluster?.nodesUp();
  });
}

export function slurm(): SlurmCluster {
  if (cluster === undefined) {
    throw new Error(missing);
  }
  return cluster;
}

/** A project with a script, and the compute target \`cluster\`. */
export async function slurmCase(
  script: string,
  settings: object = {},
  runConfiguration: object = {},
): Promise<Case & { readonly submitToCluster: () => Promise<string> }> {
  const project = await newCase({
    'train.py': script,
    '.azureml/cluster.runconfig': stringify({ target: 'cluster', ...runConfiguration }),
  });
  await defineCluster(project.workspaceFolder, settings);
  return {
    ...project,
    submitToCluster: async () => (await project.submit({ runConfiguration: 'cluster' })).runId,
  };
}

export async function defineCluster(workspaceFolder: string, settings: object = {}): Promise<void> {
  const folder = computeFolder(workspaceFolder);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'cluster.yml'), stringify({ type: 'slurm', partition: 'main', ...settings }));
}

export async function running(workspaceFolder: string, runId: string): Promise<RunDetails> {
  const catalog = await openTestCatalog(workspaceFolder);
  const details = await until(catalog, runId, ({ summary: { status } }) => status === 'Running' || isTerminal(status));
  if (details.summary.status !== 'Running') {
    throw new Error(`The run ended as ${details.summary.status}: ${JSON.stringify(details.summary.failure)}`);
  }
  return details;
}

/** Until the script has said so in its log: it has got to where the test wants it. */
export async function ready(workspaceFolder: string, runId: string): Promise<RunDetails> {
  const details = await running(workspaceFolder, runId);
  while (!(await logOf(details)).includes('ready')) {
    await delay(50);
  }
  return details;
}

export async function logOf({ folder }: Pick<RunDetails, 'folder'>, name = 'std_log.txt'): Promise<string> {
  return readFile(join(folder, 'artifacts', 'logs', name), 'utf8').catch(() => '');
}

export async function jobOf(workspaceFolder: string, runId: string): Promise<string> {
  const catalog = await openTestCatalog(workspaceFolder);
  const details = await until(catalog, runId, ({ properties }) => properties['slurm.jobId'] !== undefined);
  return details.properties['slurm.jobId'] ?? '';
}

export async function jobState(job: string): Promise<string> {
  return /JobState=(\S+)/.exec(await slurm().command('scontrol', '-o', 'show', 'job', job))?.[1] ?? '';
}

/** Ids of the processes of a role that have written of a run. */
export async function processesOf(details: Pick<RunDetails, 'folder'>, role: string): Promise<readonly number[]> {
  const names = await readdir(join(details.folder, 'journal'));
  return names.filter((file) => file.startsWith(`${role}-`)).map((file) => Number(file.split('-')[1]));
}

export async function processOf(details: RunDetails, role: string): Promise<number> {
  return (await processesOf(details, role))[0] ?? 0;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
