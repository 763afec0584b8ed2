import type { Figure } from './figure.ts';

export interface BenchmarkContext {
  /** An empty folder that goes away with the benchmark. */
  readonly folder: string;
  /** Tells how far it is. */
  readonly say: (text: string) => void;
}

/** Something to measure. `npm run bench -- <name>` runs it alone. */
export interface Benchmark {
  readonly name: string;
  /** What it measures and how, for the page of figures. */
  readonly about: string;
  run(context: BenchmarkContext): Promise<readonly Figure[]>;
}
