/** Making a virtual environment: Python's `venv`, then pip. */
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError, RunledgerError } from '../base/errors.ts';
import { toJsonText, writeFileAtomically } from '../store/atomicFile.ts';
import { runAttended } from './attendedProcess.ts';
import type { PlannedEnvironment } from './environmentPlan.ts';
import { isOffline, pipEnvironment, pipLastWords, pipStep, pipSwitches } from './pipProcess.ts';

export interface MakeEnvironmentOptions {
  /** Everything that is done and printed is added to this file, whose folder is made. */
  readonly logPath: string;
  /** How the log is called in messages. */
  readonly logName: string;
  readonly onStep?: (step: string) => void;
  readonly signal?: AbortSignal;
}

const keptOutputLength = 64 * 1024;

/** Tells that an environment is whole: written last. */
export function environmentMarker(folder: string): string {
  return join(folder, 'environment.json');
}

/**
 * Makes an environment in a folder that nobody else writes to. What is left of an earlier attempt is removed.
 *
 * @throws RunledgerError `environment-failed` with pip's last words; `canceled`; `not-writable`, `disk-full`
 */
export async function buildEnvironment(planned: PlannedEnvironment, options: MakeEnvironmentOptions): Promise<void> {
  const { folder, base, requirements } = planned;
  const venv = join(folder, 'venv');
  const requirementsFile = join(folder, 'requirements.txt');
  const log = await EnvironmentLog.open(options);
  try {
    await removeFolder(venv);
    await mkdir(folder, { recursive: true });
    await writeFileAtomically(requirementsFile, `${[...requirements.options, ...requirements.packages].join('\n')}\n`);
    log.write(
      `${base.path} (Python ${base.version}) does not have: ${planned.missing.join(', ')}\n` +
        `Making an environment in ${venv} of:\n${requirements.packages.map((line) => `  ${line}\n`).join('')}`,
    );
    options.onStep?.('Making a virtual environment');
    await step(planned, options, log, base.path, ['-m', 'venv', venv]);
    const pip = ['-m', 'pip', 'install', ...pipSwitches, '-r', requirementsFile];
    await step(planned, options, log, planned.interpreter, pip);
    const { path, version } = base;
    const content = { format: 1, base: { path, version }, requirements, createdTime: Date.now() / 1000 };
    await writeFileAtomically(environmentMarker(folder), toJsonText(content));
    log.write('The environment is ready.\n');
  } catch (error) {
    await rm(venv, { recursive: true, force: true });
    const failure = fileError(error, 'make the environment', folder);
    log.write(`${failure.message}\n`);
    throw failure;
  } finally {
    await log.close();
  }
}

async function step(
  planned: PlannedEnvironment,
  { onStep, signal, logName }: MakeEnvironmentOptions,
  log: EnvironmentLog,
  interpreter: string,
  args: readonly string[],
): Promise<void> {
  let output = '';
  log.write(`\n$ ${interpreter} ${args.join(' ')}\n`);
  const exitCode = await runAttended(interpreter, args, {
    cwd: planned.sourceDirectory,
    env: pipEnvironment(process.env),
    onOutput: (text) => {
      log.write(text);
      output = (output + text).slice(-keptOutputLength);
      const line = pipStep(text);
      if (line !== undefined) {
        onStep?.(line);
      }
    },
    ...(signal && { signal }),
  });
  if (exitCode !== 0) {
    const isPip = args.includes('pip');
    throw new RunledgerError(
      'environment-failed',
      `${isPip ? 'pip could not install the packages of the environment' : 'The virtual environment could not be made'} ` +
        `(exit code ${exitCode}). It says:\n${pipLastWords(output)}`,
      { advice: adviceFor(planned, output, logName) },
    );
  }
}

function adviceFor(planned: PlannedEnvironment, output: string, logName: string): string {
  const { base, missing } = planned;
  const sentences = [`The whole log is ${logName}.`];
  if (isOffline(output)) {
    sentences.push('The package index could not be reached: check the network, or pip.conf.');
  }
  if (planned.wantedPython !== undefined && !isSamePython(planned.wantedPython, base.version)) {
    sentences.push(
      `The environment asks for Python ${planned.wantedPython}, and ${base.path} is Python ${base.version}: choose an ` +
        'interpreter of that version, or loosen the versions of the packages.',
    );
  }
  sentences.push(
    `Correct the packages of the environment; or install what ${base.path} lacks (${missing.join(', ')}) yourself; or set ` +
      'userManagedDependencies: true (in Python environment.python.user_managed_dependencies = True) to run without them.',
  );
  return sentences.join(' ');
}

function isSamePython(wanted: string, found: string): boolean {
  const parts = wanted.split('.').slice(0, 2);
  return parts.join('.') === found.split('.').slice(0, parts.length).join('.');
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  await rm(environmentMarker(dirname(folder)), { force: true });
}

/** A log that is written in order, whoever waits for it. */
export class EnvironmentLog {
  private readonly file: FileHandle;
  private last: Promise<unknown> = Promise.resolve();

  private constructor(file: FileHandle) {
    this.file = file;
  }

  /** @throws RunledgerError `not-writable`, `disk-full` */
  static async open({ logPath }: Pick<MakeEnvironmentOptions, 'logPath'>): Promise<EnvironmentLog> {
    try {
      await mkdir(dirname(logPath), { recursive: true });
      return new EnvironmentLog(await open(logPath, 'a'));
    } catch (error) {
      throw fileError(error, 'write the log of the environment', logPath);
    }
  }

  /** What cannot be written is lost: the environment is made all the same. */
  write(text: string): void {
    this.last = this.last.then(() => this.file.write(text)).catch(() => {});
  }

  async close(): Promise<void> {
    await this.last;
    await this.file.close();
  }
}
