import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { TaskError } from './taskError.ts';

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends the process and fails. */
  readonly timeoutMs?: number;
}

export interface CommandOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command with the terminal's own output. Resolves to its exit code (128 and more: ended by a signal). */
export async function runCommand(command: string, args: readonly string[], options: RunOptions = {}): Promise<number> {
  const child = spawn(command, args, { ...spawnOptions(options), stdio: ['ignore', 'inherit', 'inherit'] });
  return exitCodeOf(child, command, options.timeoutMs);
}

/** Runs a command and keeps what it prints. */
export async function captureCommand(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<CommandOutput> {
  const child = spawn(command, args, { ...spawnOptions(options), stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    chunks.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    chunks.stderr += text;
  });
  const exitCode = await exitCodeOf(child, command, options.timeoutMs);
  return { exitCode, ...chunks };
}

/** The full path of a command on PATH, or undefined. */
export function findCommand(name: string): string | undefined {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const extension of extensions) {
      const candidate = path.join(folder, name + extension);
      if (folder !== '' && existsSync(candidate)) {
        return candidate;
      }
    }
  }
  return undefined;
}

/** Starts a process as the leader of a group of its own, so that {@link killTree} reaches everything it starts. */
export function spawnTree(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(command, args, { ...options, detached: process.platform !== 'win32' });
}

/** Ends a process started by {@link spawnTree} and its descendants; returns when the process is gone. */
export async function killTree(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const exited = once(child, 'exit');
  signalTree(child.pid, 'SIGTERM');
  const pid = child.pid;
  const force = setTimeout(() => signalTree(pid, 'SIGKILL'), 5_000);
  await exited;
  clearTimeout(force);
  // What ignored the first signal must not outlive its leader.
  signalTree(pid, 'SIGKILL');
}

/** The same without waiting, for the exit of this process. */
export function killTreeNow(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    signalTree(child.pid, 'SIGKILL');
  }
}

function signalTree(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
}

function spawnOptions(options: RunOptions): SpawnOptions & { env: NodeJS.ProcessEnv } {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value === undefined) {
      delete env[name];
    } else {
      env[name] = value;
    }
  }
  return { env, ...(options.cwd === undefined ? {} : { cwd: options.cwd }) };
}

async function exitCodeOf(child: ChildProcess, command: string, timeoutMs: number | undefined): Promise<number> {
  let isTimedOut = false;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          isTimedOut = true;
          child.kill('SIGKILL');
        }, timeoutMs);
  try {
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (...result: [number | null, string | null]) => resolve(result));
    });
    if (isTimedOut) {
      throw new TaskError(`${path.basename(command)} did not end within ${Math.round((timeoutMs ?? 0) / 1000)} s.`);
    }
    return code ?? (signal === 'SIGINT' ? 130 : 137);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new TaskError(`The command ${command} was not found.`);
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
