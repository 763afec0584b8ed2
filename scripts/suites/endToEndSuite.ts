import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { runCommand } from '../support/childProcess.ts';
import { packageFile, rootFolder, testOutputFolder } from '../support/paths.ts';
import { withExitCode } from '../support/testCounts.ts';
import { ensureServer } from '../vscode-host/serverInstall.ts';
import { ensureBrowser } from '../vscode-host/systemPackages.ts';
import type { Suite } from './suite.ts';

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
  readonly suites: readonly PlaywrightSuite[];
}

interface PlaywrightSuite {
  readonly file: string;
  readonly specs: readonly { readonly title: string; readonly ok: boolean }[];
  readonly suites?: readonly PlaywrightSuite[];
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
      const { stats, suites } = JSON.parse(await readFile(reportFile, 'utf8')) as PlaywrightReport;
      const counts = {
        passed: stats.expected,
        failed: stats.unexpected + stats.flaky,
        skipped: stats.skipped,
        failures: suites.flatMap(failuresOf),
      };
      return withExitCode(counts, exitCode);
    },
  };
}

function failuresOf({ file, specs, suites = [] }: PlaywrightSuite): readonly string[] {
  const failed = specs.filter(({ ok }) => !ok);
  return [...failed.map(({ title }) => `${file}: ${title}`), ...suites.flatMap(failuresOf)];
}
