import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { endToEndSuite } from '../suites/endToEndSuite.ts';
import { inEditorSuite } from '../suites/inEditorSuite.ts';
import { packageSuite } from '../suites/packageSuite.ts';
import { pythonSuite } from '../suites/pythonSuite.ts';
import { sourceSuite } from '../suites/sourceSuite.ts';
import type { Suite } from '../suites/suite.ts';
import { computeSuite, unitSuite } from '../suites/vitestSuites.ts';
import { buildProduct } from '../support/bundles.ts';
import { distFolder } from '../support/paths.ts';
import { runTask, TaskError } from '../support/taskError.ts';
import type { TestCounts } from '../support/testCounts.ts';
import { buildPackage } from '../support/vsix.ts';

interface SuiteOutcome {
  readonly name: string;
  readonly seconds: number;
  /** Undefined: the suite could not run. */
  readonly counts: TestCounts | undefined;
}

/** `npm test [-- suite …]`: every suite, one after the other, then a table, what failed, and one closing line. */
await runTask(async () => {
  let packing: Promise<string> | undefined;
  const packed = (): Promise<string> => {
    packing ??= buildPackage();
    return packing;
  };
  let bundling: Promise<void> | undefined;
  const bundled = (): Promise<void> => {
    bundling ??= bundleCommand();
    return bundling;
  };
  const suites = chooseSuites(
    [
      sourceSuite,
      unitSuite(bundled),
      pythonSuite(bundled),
      computeSuite(bundled),
      packageSuite(packed),
      inEditorSuite(packed),
      endToEndSuite(packed),
    ],
    process.argv.slice(2),
  );
  const home = await mkdtemp(path.join(os.tmpdir(), 'runledger-test-home-'));
  isolateEnvironment(home);
  try {
    const outcomes: SuiteOutcome[] = [];
    for (const suite of suites) {
      outcomes.push(await runSuite(suite));
    }
    return conclude(outcomes);
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});

/** Builds the command that tests start as a process: from its sources it takes five times as long to start. */
async function bundleCommand(): Promise<void> {
  await buildProduct('development');
  process.env.RUNLEDGER_TEST_CLI = JSON.stringify([process.execPath, path.join(distFolder, 'cli.cjs')]);
}

function chooseSuites(all: readonly Suite[], names: readonly string[]): readonly Suite[] {
  const unknown = names.filter((name) => !all.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    throw new TaskError(
      `No such suite: ${unknown.join(', ')}. There are: ${all.map((suite) => suite.name).join(', ')}.`,
    );
  }
  return names.length === 0 ? all : all.filter((suite) => names.includes(suite.name));
}

/** Keeps the user's own workspaces and settings, and a run that the tests may be started from, out of the tests. */
function isolateEnvironment(home: string): void {
  for (const name of Object.keys(process.env)) {
    if (/^(RUNLEDGER|AZUREML)_/.test(name) && !/^RUNLEDGER_(TEST_|CHROMIUM$)/.test(name)) {
      delete process.env[name];
    }
  }
  process.env.RUNLEDGER_HOME = home;
  // Tests that run side by side share the machine's queue, and hold runs for as long as they look at them.
  process.env.RUNLEDGER_MAX_CONCURRENT_RUNS = '100';
}

async function runSuite(suite: Suite): Promise<SuiteOutcome> {
  console.log(`\n── ${suite.name} ${'─'.repeat(Math.max(0, 76 - suite.name.length))}`);
  const started = performance.now();
  let counts: TestCounts | undefined;
  try {
    counts = await suite.run();
  } catch (error) {
    console.error(error instanceof TaskError ? error.message : error);
  }
  return { name: suite.name, seconds: (performance.now() - started) / 1000, counts };
}

function conclude(outcomes: readonly SuiteOutcome[]): number {
  const total = { passed: 0, failed: 0, skipped: 0 };
  console.log(
    `\n${'suite'.padEnd(12)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'skipped'.padStart(8)}${'time'.padStart(8)}`,
  );
  for (const { name, seconds, counts } of outcomes) {
    // A suite that could not run has failed as a whole.
    const { passed, failed, skipped } = counts ?? { passed: 0, failed: 1, skipped: 0 };
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    const numbers = [passed, failed, skipped].map((count) => String(count).padStart(8)).join('');
    const note = counts === undefined ? '  could not run' : '';
    console.log(`${name.padEnd(12)}${numbers}${`${seconds.toFixed(1)} s`.padStart(8)}${note}`);
  }
  for (const { name, counts } of outcomes) {
    for (const failure of counts?.failures ?? []) {
      console.log(`\n✗ ${name}: ${failure}`);
    }
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}
