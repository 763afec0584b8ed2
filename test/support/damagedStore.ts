/** Stores with damage in them, and what a check makes of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { JournalRecord, ProcessIdentity } from '../../src/core/store/journalRecords.ts';
import { currentProcessIdentity } from '../../src/core/store/processIdentity.ts';
import { storeFolder } from '../../src/core/store/storeLayout.ts';
import type { CheckOptions } from '../../src/core/store-check/checkSession.ts';
import { checkStore } from '../../src/core/store-check/checkStore.ts';
import type { CheckResult, Finding } from '../../src/core/store-check/findings.ts';
import { newRun, record, temporaryWorkspace } from './temporaryStore.ts';

export interface Checked {
  readonly result: CheckResult;
  readonly findings: readonly Finding[];
  /** Kind and place of each problem, in order. */
  readonly problems: readonly string[];
  readonly notices: readonly string[];
}

/** Checks a store as if nobody had worked in it for long. */
export async function check(workspaceFolder: string, options: CheckOptions = {}): Promise<Checked> {
  const findings: Finding[] = [];
  const result = await checkStore(workspaceFolder, {
    settledSeconds: 0,
    leftoverSeconds: 0,
    ...options,
    onFinding: (finding) => findings.push(finding),
  });
  const told = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).map(({ kind, place }) => `${kind} ${place}`);
  return { result, findings, problems: told('problem').sort(), notices: told('notice').sort() };
}

/** A process of this machine that has ended. */
export async function deadProcess(): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', '']);
  const { pid } = child;
  await once(child, 'exit');
  return { ...(await currentProcessIdentity()), pid: pid ?? 0, startTime: '1' };
}

export async function processRecord(
  role: 'supervisor' | 'script' | 'submitter' | 'orchestrator',
  identity?: ProcessIdentity,
): Promise<JournalRecord> {
  return { k: 'process', role, ...(identity ?? (await deadProcess())) };
}

/** Every file below a folder with its content, by its path. */
export async function contentsOf(folder: string): Promise<Map<string, string>> {
  const contents = new Map<string, string>();
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    if ((await lstat(path)).isFile()) {
      contents.set(name, await readFile(path, 'latin1'));
    }
  }
  return contents;
}

export function inStore(workspaceFolder: string, ...parts: string[]): string {
  return join(storeFolder(workspaceFolder), ...parts);
}

export const nothing = { open: 0, repaired: 0, failed: 0 };

/** Repairs, and makes sure that nothing is left to repair, then or later. */
export async function repaired(folder: string): Promise<readonly string[]> {
  const { result, problems, findings } = await check(folder, { repair: true });
  expect(findings.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(result.problems).toEqual({ ...nothing, repaired: problems.length });
  const before = await contentsOf(inStore(folder));
  const again = await check(folder, { repair: true });
  expect(again.problems).toEqual([]);
  expect(again.result).toMatchObject({ problems: nothing, repairable: 0, keptFolder: undefined });
  expect(await contentsOf(inStore(folder))).toEqual(before);
  return problems;
}

/** A store with a run that has ended. */
export async function storeWithRun() {
  const folder = await temporaryWorkspace();
  const ended = await newRun(folder);
  await record(
    folder,
    ended,
    await processRecord('script'),
    { k: 'status', v: 'Running' },
    { k: 'status', v: 'Completed' },
  );
  await rm(inStore(folder, 'active', ended.runId));
  return { folder, ended };
}

/** A run's place in findings. */
export const runPlace = (run: { runId: string }, ...parts: string[]): string =>
  ['experiments/iris/runs', run.runId, ...parts].join('/');
