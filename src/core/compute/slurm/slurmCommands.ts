/** Asking Slurm, through its own commands, before there is a run. What goes on afterwards the supervisor asks. */
import { execFile } from 'node:child_process';
import { errorCode, RunledgerError } from '../../base/errors.ts';
import { type SlurmJob, testScript } from './slurmJob.ts';

/** A command gives up by itself some ten seconds after the controller is gone. */
const timeoutMs = 60_000;

export interface CommandAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program where jobs are submitted. Rejects with `unsupported-target` where it is not there. */
export type RunCommand = (
  command: readonly [string, ...string[]],
  options: { readonly input?: string; readonly signal?: AbortSignal },
) => Promise<CommandAnswer>;

/** On this machine. */
export const runHere: RunCommand = ([program, ...args], { input, signal }) =>
  new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', timeout: timeoutMs, windowsHide: true, ...(signal && { signal }) } as const;
    const child = execFile(program, args, { ...options, env: environmentOfCommands() }, (error, stdout, stderr) => {
      if (signal?.aborted === true) {
        reject(new RunledgerError('canceled', 'The question to Slurm was canceled.'));
      } else if (error !== null && errorCode(error) === 'ENOENT') {
        reject(
          new RunledgerError('unsupported-target', `${program} is not on the path of this machine.`, {
            advice: "Install Slurm's client commands, or name a compute target of type ssh as host.",
          }),
        );
      } else {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ exitCode, stdout, stderr });
      }
    });
    // A program that ends without reading is told by its exit code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });

/** Where a job submits another, what Slurm told the first would be taken for wishes. */
function environmentOfCommands(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => name === 'SLURM_CONF' || name === 'SLURM_CLUSTERS' || !/^SLURMD?_/.test(name),
  );
  return Object.fromEntries(kept);
}

/**
 * Whether Slurm would take a job. Resolves with when and where it would start, in Slurm's words.
 *
 * @throws RunledgerError `unsupported-target` with its reason where it would not
 */
export async function testJob(run: RunCommand, job: SlurmJob, file: string, signal?: AbortSignal): Promise<string> {
  const { exitCode, stderr } = await run(['sbatch', '--test-only', ...job.options], {
    input: testScript(job),
    ...(signal && { signal }),
  });
  if (exitCode !== 0) {
    const reason = wordsOf(stderr) || `sbatch ended with exit code ${exitCode}`;
    throw new RunledgerError('unsupported-target', `Slurm would not take the job: ${reason}.`, {
      advice: isUnreachable(reason)
        ? 'Try again when its controller is back; scontrol ping says whether it is, and SLURM_CONF where it is looked for.'
        : `Correct ${file}; sinfo shows what the cluster has.`,
    });
  }
  return wordsOf(stderr).replace(/^Job \d+ to start at (\S+)/, 'a job would start at $1');
}

/** @throws RunledgerError `unsupported-target` where a command fails, with what it said */
export async function ask(
  run: RunCommand,
  command: readonly [string, ...string[]],
  signal?: AbortSignal,
): Promise<string> {
  const { exitCode, stdout, stderr } = await run(command, { ...(signal && { signal }) });
  if (exitCode !== 0) {
    const reason = wordsOf(stderr) || wordsOf(stdout) || `exit code ${exitCode}`;
    throw new RunledgerError('unsupported-target', `${command[0]} failed: ${reason}.`, {
      advice: 'See whether the cluster is up: scontrol ping, sinfo.',
    });
  }
  return stdout.trim();
}

/** What a command said, as one sentence without an end, and without its own name before each line. */
export function wordsOf(text: string): string {
  const lines = text.split('\n').map((line) =>
    line
      .trim()
      .replace(/^\w+: (?:error: )?/, '')
      .replace(/\.$/, ''),
  );
  return lines.filter((line) => line !== '').join('; ');
}

function isUnreachable(reason: string): boolean {
  return /unable to contact|connection refused|timed out|unexpected message|communication|configuration source/i.test(
    reason,
  );
}
