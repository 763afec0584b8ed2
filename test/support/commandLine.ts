/** The command line, run in this process or in one of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { expect } from 'vitest';
import { findInstallation } from '../../src/cli/installation.ts';
import { runProgram } from '../../src/cli/program.ts';
import { type ProgramResult, repositoryRoot } from './sourceFolder.ts';
import { onCleanup } from './temporaryStore.ts';

/** What `npm test` built of the command, else its sources. */
export const cliProgram = builtProgram() ?? join(repositoryRoot, 'src', 'cli', 'main.ts');

function builtProgram(): string | undefined {
  const command = process.env.RUNLEDGER_TEST_CLI;
  return command === undefined ? undefined : (JSON.parse(command) as readonly string[]).at(-1);
}

/** The command as a process of its own. */
export class RunningCommand {
  readonly child: ChildProcess;
  readonly result: Promise<ProgramResult>;
  private stdout = '';
  private stderr = '';
  private wake = (): void => {};

  constructor(cwd: string, args: readonly string[], path = cliProgram) {
    this.child = spawn(process.execPath, [path, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    onCleanup(() => {
      this.child.kill('SIGKILL');
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.wake();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.wake();
    });
    this.result = new Promise((resolve) => {
      this.child.once('close', (code) => resolve({ code: code ?? -1, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  async printed(text: string): Promise<void> {
    while (!(this.stdout + this.stderr).includes(text)) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

/** A stream that keeps what is written to it. */
class Collected extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Runs the command in this process: all of it but the reading of the process's own arguments and streams. */
export async function cli(currentFolder: string, ...args: string[]): Promise<ProgramResult> {
  const stdout = new Collected();
  const stderr = new Collected();
  const onInterrupt = (): (() => void) => () => {};
  const context = {
    installation: findInstallation(cliProgram),
    stdin: Readable.from([]),
    stdout,
    stderr,
    currentFolder,
    onInterrupt,
  };
  const code = await runProgram(args, context);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/** What a command shows with `-o json`; it must end in order and say nothing else. */
export async function json<T>(cwd: string, ...args: string[]): Promise<T> {
  const { stdout, code, stderr } = await cli(cwd, ...args, '-o', 'json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}
