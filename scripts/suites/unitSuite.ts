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
export const unitSuite = (bundled: () => Promise<void>): Suite => ({
  name: 'unit',
  run: async () => {
    await bundled();
    const reportFile = path.join(testOutputFolder, 'unit', 'report.json');
    await mkdir(path.dirname(reportFile), { recursive: true });
    await rm(reportFile, { force: true });
    const exitCode = await runCommand(
      process.execPath,
      [
        packageFile('vitest', 'vitest.mjs'),
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${reportFile}`,
      ],
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
});
