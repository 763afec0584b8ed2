/** How tests went. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The names of those that failed, as far as they have one. */
  readonly failures: readonly string[];
}

/** Counts of results that either pass or fail. */
export function countPassed(results: readonly { readonly name: string; readonly isPassed: boolean }[]): TestCounts {
  const failures = results.filter((result) => !result.isPassed).map((result) => result.name);
  return { passed: results.length - failures.length, failed: failures.length, skipped: 0, failures };
}

/** A runner that ended badly without a failed test has failed in another way, which counts. */
export function withExitCode(counts: TestCounts, exitCode: number): TestCounts {
  return exitCode !== 0 && counts.failed === 0
    ? { ...counts, failed: 1, failures: [`its runner ended with ${exitCode}`] }
    : counts;
}
