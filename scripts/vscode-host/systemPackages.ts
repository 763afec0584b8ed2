import process from 'node:process';
import { captureCommand, findCommand } from '../support/childProcess.ts';
import { installDebianPackages } from '../support/debianPackages.ts';
import { TaskError } from '../support/taskError.ts';
import { findChromium } from './chromium.ts';

/** Something that the machine must have, and the Debian packages that bring it. */
interface Requirement {
  readonly name: string;
  readonly debianPackages: readonly string[];
  isPresent(): Promise<boolean>;
}

const command = (name: string, ...debianPackages: string[]): Requirement => ({
  name,
  debianPackages,
  isPresent: async () => findCommand(name) !== undefined,
});

const library = (name: string, ...debianPackages: string[]): Requirement => ({
  name: `the headers of ${name}`,
  debianPackages,
  isPresent: async () =>
    findCommand('pkg-config') !== undefined && (await captureCommand('pkg-config', ['--exists', name])).exitCode === 0,
});

const buildTools = [command('g++', 'g++'), command('make', 'make'), command('python3', 'python3')];

/** What building the native modules of the VS Code server takes. */
function serverBuildRequirements(): readonly Requirement[] {
  if (process.platform !== 'linux') {
    return buildTools;
  }
  return [
    ...buildTools,
    command('pkg-config', 'pkg-config'),
    library('krb5-gssapi', 'libkrb5-dev'),
    library('x11', 'libx11-dev'),
    library('xkbfile', 'libxkbfile-dev'),
    library('libsecret-1', 'libsecret-1-dev'),
  ];
}

/** A browser, and fonts for it: Debian's chromium comes without any. */
const browserRequirement: Requirement = {
  name: 'Chromium (or Google Chrome)',
  debianPackages: ['chromium', 'fonts-liberation', 'fonts-dejavu-core'],
  isPresent: async () => findChromium() !== undefined,
};

export async function ensureServerBuildTools(): Promise<void> {
  await ensure(serverBuildRequirements(), 'build the VS Code server');
}

export async function ensureBrowser(): Promise<void> {
  await ensure([browserRequirement], 'show the workbench in a browser');
}

/**
 * Makes sure that the requirements are met, with apt-get where that is allowed without asking for a password.
 * @throws TaskError with the steps to take where it is not.
 */
async function ensure(requirements: readonly Requirement[], purpose: string): Promise<void> {
  const missing = await findMissing(requirements);
  if (missing.length === 0) {
    return;
  }
  const packages = [...new Set(missing.flatMap((requirement) => requirement.debianPackages))];
  const names = missing.map((requirement) => requirement.name).join(', ');
  if (!(await installDebianPackages(packages, purpose))) {
    throw new TaskError(stepsFor(names, packages, purpose));
  }
  const stillMissing = await findMissing(missing);
  if (stillMissing.length > 0) {
    const rest = stillMissing.map((requirement) => requirement.name).join(', ');
    throw new TaskError(`apt-get succeeded, but this is still missing: ${rest}.`);
  }
}

async function findMissing(requirements: readonly Requirement[]): Promise<readonly Requirement[]> {
  const isPresent = await Promise.all(requirements.map((requirement) => requirement.isPresent()));
  return requirements.filter((_, index) => isPresent[index] === false);
}

function stepsFor(names: string, packages: readonly string[], purpose: string): string {
  const steps =
    process.platform === 'darwin'
      ? ['xcode-select --install', 'install Google Chrome, or set RUNLEDGER_CHROMIUM to a Chromium']
      : process.platform === 'linux'
        ? ['sudo apt-get update', `sudo apt-get install ${packages.join(' ')}`]
        : ['use Linux (WSL will do) or macOS for this command'];
  return [
    `To ${purpose}, this is needed and was not found: ${names}.`,
    'It could not be installed from here. What to do (on other distributions: the packages of the same purpose):',
    ...steps.map((step) => `  ${step}`),
    'Then run the command again.',
  ].join('\n');
}
