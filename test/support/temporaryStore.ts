/** Real stores in temporary folders, for tests. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Disposable } from '../../src/core/base/events.ts';
import { openRunCatalog } from '../../src/core/catalog/indexedRunCatalog.ts';
import type { RunCatalog } from '../../src/core/catalog/runCatalog.ts';
import type { JournalRecord } from '../../src/core/store/journalRecords.ts';
import { type JournalWriter, openJournal } from '../../src/core/store/journalWriter.ts';
import { type CreatedRun, type CreateRunOptions, createRun } from '../../src/core/store/runCreation.ts';
import { createWorkspace } from '../../src/core/store/workspaces.ts';

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

/** Runs after the current test, last first. */
export function onCleanup(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup);
}

export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'runledger-test-')));
  // A supervisor whose run nobody waited for may still be writing its last words.
  onCleanup(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return folder;
}

/** A new workspace whose registry is a temporary folder too. */
export async function temporaryWorkspace(name = 'vision'): Promise<string> {
  const folder = await temporaryFolder();
  const before = process.env.RUNLEDGER_HOME;
  process.env.RUNLEDGER_HOME = join(folder, 'user-data');
  onCleanup(() => {
    if (before === undefined) {
      delete process.env.RUNLEDGER_HOME;
    } else {
      process.env.RUNLEDGER_HOME = before;
    }
  });
  await createWorkspace({ folder, name });
  return folder;
}

export function newRun(workspaceFolder: string, options: Partial<CreateRunOptions> = {}): Promise<CreatedRun> {
  return createRun({ workspaceFolder, experiment: 'iris', type: 'azureml.scriptrun', createdBy: 'test/1', ...options });
}

export async function openTestJournal(workspaceFolder: string, run: CreatedRun, role = 'test'): Promise<JournalWriter> {
  return openJournal({ workspaceFolder, runId: run.runId, runFolder: run.folder, role });
}

/** Writes records to a journal of their own. */
export async function record(workspaceFolder: string, run: CreatedRun, ...records: JournalRecord[]): Promise<void> {
  const journal = await openTestJournal(workspaceFolder, run);
  for (const item of records) {
    await journal.append(item);
  }
  await journal.close();
}

export async function openTestCatalog(workspaceFolder: string): Promise<RunCatalog> {
  const catalog = await openRunCatalog(workspaceFolder);
  onCleanup(() => catalog.dispose());
  return catalog;
}

/** Collects what a source tells, and resolves as soon as a condition holds. */
export function collector<T>(subscribe: (listener: (value: T) => void) => Disposable): {
  readonly values: T[];
  until(condition: (values: readonly T[]) => boolean): Promise<void>;
} {
  const values: T[] = [];
  let check = (): void => {};
  const subscription = subscribe((value) => {
    values.push(value);
    check();
  });
  onCleanup(() => subscription.dispose());
  return {
    values,
    until: (condition) =>
      new Promise((resolve) => {
        check = () => {
          if (condition(values)) {
            resolve();
          }
        };
        check();
      }),
  };
}
