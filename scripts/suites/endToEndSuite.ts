import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { runCommand } from '../support/childProcess.ts';
import { packageFile, rootFolder, testOutputFolder } from '../support/paths.ts';
import { ensureServer } from '../vscode-host/serverInstall.ts';
import { ensureBrowser } from '../vscode-host/systemPackages.ts';
import { type Suite, withExitCode } from './suite.ts';

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
}

/** test/e2e/, clicking through the real workbench with the packed extension installed. */
export function endToEndSuite(packed: () => Promise<string>): Suite {
  return {
    name: 'e2e',
    run: async () => {
      const vsix = await packed();
      await ensureServer();
      await ensureBrowser();
      const reportFile = path.join(testOutputFolder, 'e2e', 'report.json');
      await rm(reportFile, { force: true });
      const config = path.join(rootFolder, 'test', 'e2e', 'playwright.config.ts');
      const exitCode = await runCommand(
        process.execPath,
        [packageFile('@playwright', 'test', 'cli.js'), 'test', '--config', config],
        { cwd: rootFolder, env: { RUNLEDGER_TEST_VSIX: vsix } },
      );
      const { stats } = JSON.parse(await readFile(reportFile, 'utf8')) as PlaywrightReport;
      const counts = { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
      return withExitCode(counts, exitCode);
    },
  };
}
