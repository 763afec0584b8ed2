import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { runCommand } from '../support/childProcess.ts';
import { packageFile, rootFolder, testOutputFolder } from '../support/paths.ts';
import { type Suite, withExitCode } from './suite.ts';

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
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
      };
      return withExitCode(counts, exitCode);
    },
  };
}
