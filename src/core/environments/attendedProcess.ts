/** Long work of a Python program that must not go on when whoever started it is gone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { RunledgerError } from '../base/errors.ts';

/**
 * Starts the command that its arguments are, and ends it with everything it started as soon as the standard input ends: when
 * the process on its other side closes it, or is killed.
 */
const attendProgram = `
import os, signal, subprocess, sys, threading
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)

def end_with_standard_input():
    while os.read(0, 4096):
        pass
    if os.name == 'nt':
        subprocess.call(['taskkill', '/F', '/T', '/PID', str(child.pid)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    elif os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    else:
        child.kill()

threading.Thread(target=end_with_standard_input, daemon=True).start()
code = child.wait()
os._exit(code if code >= 0 else 128 - code)
`;

export interface AttendedOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Told everything that is printed, as it is printed. */
  readonly onOutput: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs a program to its end.
 *
 * @param attendant a Python, which looks after it
 * @param command the program and its arguments
 * @returns its exit code
 * @throws RunledgerError `canceled`, once nothing of it runs any more; `environment-failed` where it cannot be started
 */
export function runAttended(attendant: string, command: readonly string[], options: AttendedOptions): Promise<number> {
  const { cwd, env, onOutput, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(canceled());
      return;
    }
    const child: ChildProcess = spawn(attendant, ['-I', '-c', attendProgram, ...command], {
      cwd,
      env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const end = (): void => {
      child.stdin?.destroy();
    };
    signal?.addEventListener('abort', end, { once: true });
    child.stdin?.on('error', () => {});
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', onOutput);
    }
    child.once('error', (error) => {
      signal?.removeEventListener('abort', end);
      const message = `${attendant} could not be started: ${error.message}.`;
      reject(new RunledgerError('environment-failed', message, { advice: 'Check the interpreter.', cause: error }));
    });
    child.once('close', (code) => {
      signal?.removeEventListener('abort', end);
      if (signal?.aborted === true) {
        reject(canceled());
      } else {
        resolve(code ?? 1);
      }
    });
  });
}

function canceled(): RunledgerError {
  return new RunledgerError('canceled', 'It was canceled.');
}
