import { existsSync } from 'node:fs';
import process from 'node:process';
import { captureCommand, findCommand, runCommand } from './childProcess.ts';
import { TaskError } from './taskError.ts';

/**
 * Installs packages with apt-get, without asking for a password.
 * @returns false, with nothing done, where there is no apt-get or this user may not.
 * @throws TaskError if apt-get fails.
 */
export async function installDebianPackages(packages: readonly string[], purpose: string): Promise<boolean> {
  const administrator = await administratorPrefix();
  if (findCommand('apt-get') === undefined || !existsSync('/etc/debian_version') || administrator === undefined) {
    return false;
  }
  console.log(`Installing with apt-get, to ${purpose}: ${packages.join(' ')}`);
  await apt(administrator, ['update', '-q']);
  await apt(administrator, ['install', '-y', '-q', '--no-install-recommends', ...packages]);
  return true;
}

/** What to put before a command that needs the administrator; undefined where this user may not. */
async function administratorPrefix(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) {
    return [];
  }
  if (findCommand('sudo') !== undefined && (await captureCommand('sudo', ['-n', 'true'])).exitCode === 0) {
    return ['sudo', '-n'];
  }
  return undefined;
}

async function apt(administrator: readonly string[], args: readonly string[]): Promise<void> {
  const [program, ...rest] = [...administrator, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
  const exitCode = await runCommand(program ?? 'env', rest);
  if (exitCode !== 0) {
    throw new TaskError(`apt-get ${args[0]} ended with ${exitCode}. What it printed above says why.`);
  }
}
