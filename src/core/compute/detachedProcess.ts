/** Starting a process that looks after a run, and outlives whoever started it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError, RunledgerError } from '../base/errors.ts';
import { readLogTail } from '../logs/logFollower.ts';
import { isJsonObject } from '../store/jsonFile.ts';
import { artifactsFolder } from '../store/storeLayout.ts';

/** The artifact that the messages of such a process go to. */
export const systemLogArtifact = 'logs/system_log.txt';

/** A process answers within a fraction of a second; on a loaded machine with a cold disk in many. */
const handshakeTimeoutMs = 120_000;
const maxAnswerLength = 64 * 1024;
const quotedLogBytes = 4096;

export interface DetachedProcess {
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** Of the run that it looks after. */
  readonly runFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Written to its standard input as JSON. */
  readonly request: object;
  /** What to do where it cannot be started, to follow "and". */
  readonly advice: string;
  /** The artifact that its messages go to, where that is not the system log. */
  readonly logArtifact?: string;
}

/**
 * Starts a process and waits for its one line `{"pid": …}`.
 *
 * @throws RunledgerError `supervisor-failed` with what it said; `not-writable`, `disk-full`
 */
export async function startDetached(options: DetachedProcess): Promise<void> {
  const logArtifact = options.logArtifact ?? systemLogArtifact;
  const logPath = join(artifactsFolder(options.runFolder), logArtifact);
  const [program, ...args] = options.command;
  const log = await openLog(logPath);
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      // Not the source folder: a `signal.py` there would be imported in place of Python's.
      cwd: options.runFolder,
      env: options.environment,
      detached: true,
      stdio: ['pipe', 'pipe', log.fd],
      windowsHide: true,
    });
  } finally {
    await log.close();
  }
  try {
    await handshake(child, JSON.stringify(options.request));
  } catch (error) {
    throw await startError(error, logPath, logArtifact, options.advice);
  } finally {
    child.stdin?.destroy();
    child.stdout?.destroy();
    child.unref();
  }
}

async function openLog(path: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true });
    return await open(path, 'a');
  } catch (error) {
    throw fileError(error, 'start the run', path);
  }
}

/** An environment without what belongs to the editor. */
export function withoutEditorVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/^(ELECTRON_RUN_AS_NODE|VSCODE_.*)$/i.test(name));
  return Object.fromEntries(kept);
}

/** Resolves when the process has answered; rejects with its own words or with how it ended. */
function handshake(child: ChildProcess, request: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`it did not answer within ${handshakeTimeoutMs / 1000} s`));
    }, handshakeTimeoutMs);
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      finish();
    };
    child.once('error', (error) => settle(() => reject(error)));
    // Not `exit`: what it wrote just before is still on its way then.
    child.once('close', (code, signal) => {
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      settle(() => reject(new Error(`it ended before it answered (${how})`)));
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
      const end = answer.indexOf('\n');
      if (end !== -1 || answer.length > maxAnswerLength) {
        const problem = answerProblem(answer.slice(0, end === -1 ? maxAnswerLength : end));
        settle(() => (problem === undefined ? resolve() : reject(new Error(problem))));
      }
    });
    // A process that ends without reading is told by `close`.
    child.stdin?.on('error', () => {});
    child.stdin?.end(`${request}\n`);
  });
}

function answerProblem(line: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return `it answered ${JSON.stringify(line.slice(0, 200))}`;
  }
  if (isJsonObject(value) && typeof value.error === 'string') {
    return value.error;
  }
  return isJsonObject(value) && typeof value.pid === 'number' ? undefined : `it answered ${line.slice(0, 200)}`;
}

async function startError(
  error: unknown,
  logPath: string,
  logArtifact: string,
  action: string,
): Promise<RunledgerError> {
  const reason = error instanceof Error ? error.message : String(error);
  const { text } = await readLogTail(logPath, quotedLogBytes);
  const lastLine = text.trimEnd().split('\n').at(-1)?.trim() ?? '';
  const detail = lastLine === '' ? '' : ` Its last words: ${lastLine}`;
  return new RunledgerError(
    'supervisor-failed',
    `The run could not be started: ${reason.replace(/\.$/, '')}.${detail}`,
    {
      advice: `See ${logArtifact} among the run's files, and ${action}.`,
      cause: error,
    },
  );
}
