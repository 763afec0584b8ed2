/** Ending what is left of a script whose supervisor was killed. `abandoned.py` of the supervisor is the same for Python. */
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity, RecordedProcess } from '../store/journalRecords.ts';
import { bootId, livenessOf } from '../store/processIdentity.ts';
import { ControlGroup } from './controlGroup.ts';

/** How long a process may take to end in order, as the supervisor grants it. */
const graceMs = 5000;
const killLimitMs = 10_000;
const checkIntervalMs = 100;

/**
 * Ends a script that has lost its supervisor, with all that it started: first by asking, then by force. What belongs to another machine,
 * or may be another process under the same number, is left alone.
 */
export function endScript(script: RecordedProcess, runId: string): Promise<void> {
  return process.platform === 'linux' ? endOnLinux(script, runId) : endGroup(script);
}

async function endOnLinux(script: RecordedProcess, runId: string): Promise<void> {
  if (script.host !== hostname() || script.bootId === '' || script.bootId !== (await bootId())) {
    return;
  }
  const group = await ControlGroup.of(script, runId);
  // A number alone may be another process by now. That of a process group is not given again before the group is empty.
  const leader = script.startTime !== '' && (await livenessOf(script)) === 'alive' ? script.pid : undefined;
  const find = async (): Promise<ReadonlySet<number>> => {
    const found = new Set(group === undefined ? await processesOf(runId, leader) : await group.pids());
    // Who cancels may be one of them.
    found.delete(process.pid);
    return found;
  };
  const wait = async (milliseconds: number): Promise<ReadonlySet<number>> => {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const left = await find();
      if (left.size === 0 || performance.now() > deadline) {
        return left;
      }
      await delay(checkIntervalMs);
    }
  };

  signalAll(await find(), 'SIGTERM');
  let left = await wait(graceMs);
  const deadline = performance.now() + killLimitMs;
  while (left.size > 0 && performance.now() < deadline) {
    await group?.kill();
    signalAll(left, 'SIGKILL');
    left = await wait(2 * checkIntervalMs);
  }
  await group?.remove();
}

/**
 * The living processes that were started in a run, which its variable tells, the members of the process group of its script, and what
 * any of them started.
 */
async function processesOf(runId: string, leader: number | undefined): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  const children = new Map<number, number[]>();
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? await statOf(pid) : undefined;
    if (stat !== undefined) {
      children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid]);
      if (stat.group === leader || (await hasVariable(pid, `RUNLEDGER_RUN_ID=${runId}`))) {
        found.add(pid);
      }
    }
  }
  for (const pid of found) {
    for (const child of children.get(pid) ?? []) {
      found.add(child);
    }
  }
  return found;
}

/** Undefined of one that has ended, also where its parent has not asked yet how. */
async function statOf(pid: number): Promise<{ readonly parent: number; readonly group: number } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  // The program's name, in parentheses, may hold spaces and parentheses itself.
  const [state, parent, group] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? ['X'];
  return state === 'Z' || state === 'X' ? undefined : { parent: Number(parent), group: Number(group) };
}

async function hasVariable(pid: number, text: string): Promise<boolean> {
  // Those of other users cannot be read.
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return environment.split('\0').includes(text);
}

function signalAll(pids: Iterable<number>, signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has just ended, or is somebody else's.
    }
  }
}

/** Somebody else's child tells nobody of its end, hence the checks. */
async function endGroup(identity: ProcessIdentity): Promise<void> {
  if (identity.startTime === '' || (await livenessOf(identity)) !== 'alive') {
    return;
  }
  const deadline = performance.now() + graceMs;
  signalGroup(identity.pid, 'SIGTERM');
  while ((await livenessOf(identity)) === 'alive') {
    if (performance.now() > deadline) {
      signalGroup(identity.pid, 'SIGKILL');
      return;
    }
    await delay(checkIntervalMs);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  for (const target of process.platform === 'win32' ? [pid] : [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      // It leads no group, or is gone.
    }
  }
}
