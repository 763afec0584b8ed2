/** How the tests of a suite went. */
export interface SuiteCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One kind of tests. `run` prints as it goes on, and throws only if the tests could not be run. */
export interface Suite {
  readonly name: string;
  run(): Promise<SuiteCounts>;
}

/** Counts of results that either pass or fail. */
export function countPassed(results: readonly { readonly isPassed: boolean }[]): SuiteCounts {
  const passed = results.filter((result) => result.isPassed).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}

/** A runner that ended badly without a failed test has failed in another way, which counts. */
export function withExitCode(counts: SuiteCounts, exitCode: number): SuiteCounts {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
