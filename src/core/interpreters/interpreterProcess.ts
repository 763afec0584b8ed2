/** Asking an interpreter something: a start, and an answer among what it prints. */
import { execFile } from 'node:child_process';
import { errorCode, RunledgerError } from '../base/errors.ts';

/** A first start from a cold network disk takes many seconds; a program that waits for ever is no interpreter. */
const timeoutMs = 60_000;
const maxOutputBytes = 4 * 1024 * 1024;

export interface InterpreterOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** Why the program could not be started or did not end. */
  readonly problem: string | undefined;
}

/**
 * Runs an interpreter to its end with nothing on its standard input. Resolves however it ends.
 *
 * @throws RunledgerError `canceled`
 */
export function runInterpreter(
  command: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<InterpreterOutput> {
  const options = {
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: maxOutputBytes,
    windowsHide: true,
    encoding: 'utf8',
    ...(signal && { signal }),
  } as const;
  return new Promise((done, fail) => {
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (signal?.aborted === true) {
        fail(new RunledgerError('canceled', 'The submission was canceled.'));
        return;
      }
      done({ stdout, stderr, problem: error === null ? undefined : startProblem(error) });
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end();
  });
}

function startProblem(error: Error & { readonly killed?: boolean }): string | undefined {
  switch (errorCode(error)) {
    case 'EACCES':
      return 'it cannot be executed';
    case 'ENOEXEC':
    case 'EFTYPE':
    case 'UNKNOWN':
      return 'it is not a program for this machine';
    default:
      return error.killed === true ? `it did not answer within ${timeoutMs / 1000} s` : undefined;
  }
}

/** The JSON value that stands after the last marker, on the same line; undefined where there is none. */
export function answerAfter(marker: string, stdout: string): unknown {
  const start = stdout.lastIndexOf(marker);
  if (start === -1) {
    return undefined;
  }
  try {
    return JSON.parse(stdout.slice(start + marker.length).split(/\r?\n/, 1)[0] ?? '');
  } catch {
    return undefined;
  }
}
