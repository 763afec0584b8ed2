/**
 * Which process is which, and whether it still lives (docs/store-format.md, "Liveness"). All that differs between platforms
 * is in this file.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { errorCode } from '../base/errors.ts';
import type { ProcessIdentity } from './journalRecords.ts';

const run = promisify(execFile);

let bootIdPromise: Promise<string> | undefined;

/** Differs after every start of the machine; empty where the platform tells none. */
export function bootId(): Promise<string> {
  bootIdPromise ??= readBootId();
  return bootIdPromise;
}

async function readBootId(): Promise<string> {
  try {
    switch (process.platform) {
      case 'linux':
        return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
      case 'darwin':
        return (await run('sysctl', ['-n', 'kern.bootsessionuuid'])).stdout.trim();
      default:
        return '';
    }
  } catch {
    return '';
  }
}

/** When a process started, in the platform's own words; empty where that is not to be had. */
async function processStartTime(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
      const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return afterName[19] ?? '';
    }
    if (process.platform === 'win32') {
      return '';
    }
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    });
    return stdout.trim();
  } catch {
    return '';
  }
}

/** A zombie has ended: only its parent has not asked yet how. */
async function isZombie(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') {
    return false;
  }
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}

export type Liveness = 'alive' | 'dead' | 'elsewhere';

/** Whether the process of a record lives. `elsewhere`: it belongs to another host, and cannot be asked. */
export async function livenessOf(identity: ProcessIdentity): Promise<Liveness> {
  if (identity.host !== '' && identity.host !== hostname()) {
    return 'elsewhere';
  }
  const boot = await bootId();
  if (identity.bootId !== '' && boot !== '' && identity.bootId !== boot) {
    return 'dead';
  }
  if (identity.pid <= 0) {
    // No process, but a group of them, or all.
    return 'dead';
  }
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    if (errorCode(error) !== 'EPERM') {
      return 'dead';
    }
  }
  if (await isZombie(identity.pid)) {
    return 'dead';
  }
  const started = await processStartTime(identity.pid);
  return identity.startTime !== '' && started !== '' && started !== identity.startTime ? 'dead' : 'alive';
}

/** What a `process` record says of the process that calls. */
export function currentProcessIdentity(): Promise<ProcessIdentity> {
  return processIdentityOf(process.pid);
}

/** What a `process` record says of a process of this machine that lives. */
export async function processIdentityOf(pid: number): Promise<ProcessIdentity> {
  return { pid, startTime: await processStartTime(pid), bootId: await bootId(), host: hostname() };
}
