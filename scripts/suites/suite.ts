import type { TestCounts } from '../support/testCounts.ts';

/** One kind of tests. `run` prints as it goes on, and throws only if the tests could not be run. */
export interface Suite {
  readonly name: string;
  run(): Promise<TestCounts>;
}
