import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { captureCommand } from '../support/childProcess.ts';
import { checkPackage } from '../support/packageContents.ts';
import { findPython } from '../support/python.ts';
import type { CheckResult } from '../support/sourceChecks.ts';
import { countPassed } from '../support/testCounts.ts';
import type { Suite } from './suite.ts';

/** What is in the packed extension, and that its command runs without the repository around it. */
export function packageSuite(packed: () => Promise<string>): Suite {
  return {
    name: 'package',
    run: async () => {
      const file = await packed();
      return countPassed([
        report('the package holds what it should, and nothing else', await checkPackage(file)),
        report('the packed command runs', await checkCommand(file)),
      ]);
    },
  };
}

function report(name: string, problems: readonly string[]): CheckResult {
  const isPassed = problems.length === 0;
  console.log([`${isPassed ? '✓' : '✗'} ${name}`, ...problems.map((problem) => `    ${problem}`)].join('\n'));
  return { name, isPassed };
}

async function checkCommand(file: string): Promise<readonly string[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'runledger-package-'));
  try {
    const unpacked = await captureCommand(findPython(), ['-m', 'zipfile', '-e', file, folder]);
    if (unpacked.exitCode !== 0) {
      return [`it could not be unpacked: ${unpacked.stderr}`];
    }
    const command = path.join(folder, 'extension', 'dist', 'cli.cjs');
    const help = await captureCommand(process.execPath, [command, '--help'], { cwd: folder });
    const isHelp = help.exitCode === 0 && help.stdout.includes('Usage: runledger');
    return isHelp ? [] : [`runledger --help ended with ${help.exitCode}:\n${help.stdout}${help.stderr}`];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
