/** Finding a Python that can run scripts, and asking it what the submission needs to know. */
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { findOnPath, isFile } from '../base/commandPath.ts';
import { isNotFound, RunledgerError } from '../base/errors.ts';
import { isJsonObject } from '../store/jsonFile.ts';
import { answerAfter, type InterpreterOutput, runInterpreter } from './interpreterProcess.ts';
import { probeMarker, probeProgram } from './probeProgram.ts';
import { ScriptSyntaxError } from './scriptSyntaxError.ts';

export interface InterpreterInfo {
  /** The interpreter, absolute: `sys.executable`. */
  readonly path: string;
  /** As `3.11.7`. */
  readonly version: string;
}

export interface ProbedInterpreter extends InterpreterInfo {
  /** The real `azureml.core` is installed there. */
  readonly hasAzureml: boolean;
}

export interface ProbeOptions {
  /** A script to check for syntax errors, absolute. */
  readonly scriptPath?: string;
  /** The folder that holds Runledger's own `azureml`, which does not count as the real one. */
  readonly compatFolder?: string;
  readonly signal?: AbortSignal;
}

const minimumVersion = [3, 8] as const;
const installAdvice =
  'Install Python 3.8 or later, or choose an interpreter: in the editor, in the run configuration (interpreterPath), ' +
  'or on the command line with --python.';

/** What is looked for on the path where nobody chose. */
const defaultCommands = process.platform === 'win32' ? ['py', 'python', 'python3'] : ['python3', 'python'];

/**
 * Checks that a Python is there and recent enough.
 *
 * @param path a path, or a command on the path
 * @throws RunledgerError `interpreter-not-found` (also where it is no Python), `interpreter-too-old`
 */
export async function checkInterpreter(path: string): Promise<InterpreterInfo> {
  const { path: executable, version } = await probeInterpreter(path);
  return { path: executable, version };
}

/**
 * The interpreter to use. The first candidate that is not empty is the choice: where it does not work, that is an error.
 * Without one, the Python on the path.
 *
 * @throws as {@link checkInterpreter}
 */
export async function findInterpreter(candidates: readonly string[]): Promise<InterpreterInfo> {
  const { path, version } = await findAndProbeInterpreter(candidates);
  return { path, version };
}

/** The same, with everything else a submission asks of it, in one start of the interpreter. */
export async function findAndProbeInterpreter(
  candidates: readonly string[],
  options: ProbeOptions = {},
): Promise<ProbedInterpreter> {
  const choice = candidates.find((candidate) => candidate.trim() !== '');
  if (choice !== undefined) {
    return probeInterpreter(choice.trim(), options);
  }
  let tooOld: RunledgerError | undefined;
  for (const command of defaultCommands) {
    try {
      return await probeInterpreter(command, options);
    } catch (error) {
      if (RunledgerError.is(error, 'interpreter-too-old')) {
        tooOld ??= error;
      } else if (!RunledgerError.is(error, 'interpreter-not-found')) {
        throw error;
      }
    }
  }
  throw (
    tooOld ?? new RunledgerError('interpreter-not-found', 'No Python was found on the path.', { advice: installAdvice })
  );
}

/**
 * Starts an interpreter once to learn its version, whether it has the real `azureml.core`, and whether a script compiles.
 *
 * @throws RunledgerError as {@link checkInterpreter}; `script-syntax` as a {@link ScriptSyntaxError}; `canceled`
 */
export async function probeInterpreter(path: string, options: ProbeOptions = {}): Promise<ProbedInterpreter> {
  const command = await resolveInterpreter(path);
  const probe = ['-W', 'ignore', '-c', probeProgram, options.compatFolder ?? '', options.scriptPath ?? ''];
  const output = await runInterpreter(command, probe, options.signal);
  const answer = answerAfter(probeMarker, output.stdout);
  if (!isJsonObject(answer)) {
    throw await unusable(command, output, options.signal);
  }
  const { version, executable, syntax } = answer;
  const parts = Array.isArray(version) ? version.map(Number) : [];
  assertVersion(command, parts);
  if (options.scriptPath !== undefined && isJsonObject(syntax)) {
    throw ScriptSyntaxError.from(options.scriptPath, syntax, parts.join('.'));
  }
  return {
    path: typeof executable === 'string' && isAbsolute(executable) ? executable : command,
    version: parts.join('.'),
    hasAzureml: answer.azureml === true,
  };
}

/** Whether the SDK cannot run in a Python of this version. */
export function isTooOld([major = 0, minor = 0]: readonly number[]): boolean {
  return major < minimumVersion[0] || (major === minimumVersion[0] && minor < minimumVersion[1]);
}

function assertVersion(command: string, version: readonly number[]): void {
  if (isTooOld(version)) {
    throw new RunledgerError(
      'interpreter-too-old',
      `${command} is Python ${version.join('.')}; Runledger needs Python ${minimumVersion.join('.')} or later.`,
      { advice: installAdvice },
    );
  }
}

/** The error for a program that did not answer the probe: a Python that cannot even run it, or something else. */
async function unusable(
  command: string,
  output: InterpreterOutput,
  signal: AbortSignal | undefined,
): Promise<RunledgerError> {
  const versionOutput = await runInterpreter(command, ['--version'], signal);
  const version = /^Python (\d+)\.(\d+)(?:\.(\d+))?/m.exec(`${versionOutput.stdout}\n${versionOutput.stderr}`);
  if (version !== null) {
    try {
      assertVersion(
        command,
        version.slice(1).flatMap((part) => (part === undefined ? [] : [Number(part)])),
      );
    } catch (error) {
      if (error instanceof RunledgerError) {
        return error;
      }
      throw error;
    }
  }
  const lastLine = output.stderr.trim().split('\n').at(-1)?.trim().slice(0, 300).replace(/\.$/, '') ?? '';
  const detail = output.problem ?? (lastLine === '' ? 'it did not answer' : `it says: ${lastLine}`);
  const kind = version === null ? 'is not a Python interpreter' : 'is a Python that does not work';
  return new RunledgerError('interpreter-not-found', `${command} ${kind}: ${detail}.`, { advice: installAdvice });
}

/** The program that a path or a command names, absolute. */
async function resolveInterpreter(path: string): Promise<string> {
  const expanded =
    path === '~' || path.startsWith(`~${sep}`) || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
  const isCommand = !expanded.includes('/') && !expanded.includes(sep);
  if (isCommand) {
    const found = await findOnPath(expanded);
    if (found === undefined) {
      throw new RunledgerError('interpreter-not-found', `There is no "${path}" on the path.`, {
        advice: installAdvice,
      });
    }
    return found;
  }
  const absolute = resolve(expanded);
  let isFolder: boolean;
  try {
    isFolder = (await stat(absolute)).isDirectory();
  } catch (error) {
    if (isNotFound(error)) {
      throw new RunledgerError('interpreter-not-found', `There is no Python interpreter at ${absolute}.`, {
        advice: installAdvice,
        cause: error,
      });
    }
    throw new RunledgerError('interpreter-not-found', `The Python interpreter ${absolute} cannot be used.`, {
      advice: installAdvice,
      cause: error,
    });
  }
  if (isFolder) {
    const inside =
      process.platform === 'win32' ? join(absolute, 'Scripts', 'python.exe') : join(absolute, 'bin', 'python');
    const hint = (await isFile(inside)) ? `It holds one: ${inside}.` : installAdvice;
    throw new RunledgerError('interpreter-not-found', `${absolute} is a folder, not a Python interpreter.`, {
      advice: hint,
    });
  }
  return absolute;
}
