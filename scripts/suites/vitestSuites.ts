import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { runCommand } from '../support/childProcess.ts';
import { packageFile, rootFolder, testOutputFolder } from '../support/paths.ts';
import { withExitCode } from '../support/testCounts.ts';
import type { Suite } from './suite.ts';

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: 'passed' | 'failed';
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** test/unit/ and test/webview/, in Node. `bundled` builds the command that they start. */
export const unitSuite = (bundled: () => Promise<void>): Suite => vitestSuite('unit', bundled, []);

/**
 * test/compute/: what every compute target does, on back ends that the tests start themselves. One that cannot be had is told, and its
 * tests are skipped; with `CI=true` they have failed.
 */
export const computeSuite = (bundled: () => Promise<void>): Suite =>
  vitestSuite('compute', bundled, ['--config', path.join(rootFolder, 'test', 'compute', 'vitest.config.ts')]);

function vitestSuite(name: string, bundled: () => Promise<void>, options: readonly string[]): Suite {
  return {
    name,
    run: async () => {
      await bundled();
      const reportFile = path.join(testOutputFolder, name, 'report.json');
      await mkdir(path.dirname(reportFile), { recursive: true });
      await rm(reportFile, { force: true });
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
      const exitCode = await runCommand(
        process.execPath,
        [packageFile('vitest', 'vitest.mjs'), 'run', ...reporters, ...options],
        { cwd: rootFolder },
      );
      const report = JSON.parse(await readFile(reportFile, 'utf8')) as VitestReport;
      const counts = {
        passed: report.numPassedTests,
        failed: report.numFailedTests,
        skipped: report.numPendingTests + report.numTodoTests,
        failures: failuresOf(report),
      };
      return withExitCode(counts, exitCode);
    },
  };
}

/** A file that could not be read has failed without a test that did. */
function failuresOf({ testResults }: VitestReport): readonly string[] {
  return testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, assertionResults }) => {
      const file = path.relative(rootFolder, name);
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      return failed.length === 0 ? [file] : failed.map(({ fullName }) => `${file}: ${fullName}`);
    });
}
