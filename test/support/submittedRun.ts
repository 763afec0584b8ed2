import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunCatalog } from '../../src/core/catalog/runCatalog.ts';
import type { RunDetails } from '../../src/core/domain/run.ts';
import { isTerminal } from '../../src/core/domain/runStatus.ts';
import { findRunFolder, storeFolder } from '../../src/core/store/storeLayout.ts';
import type { SubmitOptions, SubmitRequest, SubmittedRun } from '../../src/core/submission/submission.ts';
import { submitRun } from '../../src/core/submission/submitRun.ts';
import { pythonSdkFolder, sourceFolder } from './sourceFolder.ts';
import { collector, openTestCatalog, temporaryWorkspace } from './temporaryStore.ts';

export interface Case {
  readonly workspaceFolder: string;
  readonly source: string;
  submit(request?: Partial<SubmitRequest>, options?: Partial<SubmitOptions>): Promise<SubmittedRun>;
}

/** A workspace, and beside it a source folder with `train.py`. */
export async function newCase(files: Readonly<Record<string, string>>): Promise<Case> {
  const workspaceFolder = await temporaryWorkspace();
  const source = await sourceFolder(files);
  return {
    workspaceFolder,
    source,
    submit: (request = {}, options = {}) =>
      submitRun(
        {
          workspaceFolder,
          experiment: 'iris',
          scriptPath: join(source, 'train.py'),
          sourceDirectory: source,
          arguments: [],
          runConfiguration: 'local',
          interpreterCandidates: [],
          ...request,
        },
        { pythonSdkFolder, ...options },
      ),
  };
}

export async function until(
  catalog: RunCatalog,
  runId: string,
  isWanted: (details: RunDetails) => boolean,
): Promise<RunDetails> {
  const deltas = collector((listener) => catalog.follow(runId, listener));
  for (;;) {
    // Counted before the reading: what comes meanwhile may tell what was read too early.
    const seen = deltas.values.length;
    const details = await catalog.details(runId);
    if (isWanted(details)) {
      return details;
    }
    await deltas.until((values) => values.length > seen);
  }
}

export async function ended(workspaceFolder: string, runId: string): Promise<RunDetails> {
  return until(await openTestCatalog(workspaceFolder), runId, ({ summary }) => isTerminal(summary.status));
}

export async function folderOf(workspaceFolder: string, runId: string): Promise<string> {
  return (await findRunFolder(workspaceFolder, runId)) ?? '';
}

export async function runIds(workspaceFolder: string): Promise<string[]> {
  return readdir(join(storeFolder(workspaceFolder), 'experiments', 'iris', 'runs')).catch(() => []);
}

export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
