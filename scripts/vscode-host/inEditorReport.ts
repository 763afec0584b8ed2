import { watch } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { TaskError } from '../support/taskError.ts';
import type { TestCounts } from '../support/testCounts.ts';

/** One line of the report that test/in-editor/index.ts writes. */
type ReportLine =
  | { readonly kind: 'pass'; readonly title: string; readonly durationMs: number }
  | { readonly kind: 'skip'; readonly title: string }
  | { readonly kind: 'fail'; readonly title: string; readonly message: string }
  | { readonly kind: 'crash'; readonly message: string }
  | { readonly kind: 'end'; readonly failures: number };

/** Follows the report of tests that run in another process, and prints each result as it arrives. */
export class InEditorReport {
  readonly file: string;
  private printedLines = 0;
  private end: TestCounts | undefined;
  private readonly counts = { passed: 0, failed: 0, skipped: 0, failures: [] as string[] };

  constructor(file: string) {
    this.file = file;
  }

  async reset(): Promise<void> {
    await mkdir(path.dirname(this.file), { recursive: true });
    await rm(this.file, { force: true });
  }

  /** Resolves when the tests say that they have ended; rejects when they crash, or are not through in time. */
  async untilEnd(timeoutMs: number): Promise<TestCounts> {
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(), timeoutMs);
    try {
      const watcher = watch(path.dirname(this.file), { signal: aborter.signal });
      return await new Promise<TestCounts>((resolve, reject) => {
        let reading = Promise.resolve();
        const look = (): void => {
          reading = reading.then(async () => {
            const counts = await this.readNew();
            if (counts !== undefined) {
              resolve(counts);
            }
          });
          reading.catch(reject);
        };
        watcher.on('change', look);
        watcher.on('error', reject);
        watcher.on('close', () =>
          reject(new TaskError(`The tests in the editor did not end within ${timeoutMs / 1000} s.`)),
        );
        look();
      });
    } finally {
      clearTimeout(timer);
      aborter.abort();
    }
  }

  /** The counts, once the extension host is gone. */
  async final(): Promise<TestCounts> {
    const counts = await this.readNew();
    if (counts === undefined) {
      throw new TaskError('The extension host ended before the tests did.');
    }
    return counts;
  }

  /** Prints the lines that are new. Returns the counts once the last line is there. */
  private async readNew(): Promise<TestCounts | undefined> {
    const text = await readFile(this.file, 'utf8').catch(() => '');
    const lines = text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1);
    for (const line of lines.slice(this.printedLines)) {
      this.printedLines += 1;
      this.take(JSON.parse(line) as ReportLine);
    }
    return this.end;
  }

  private take(line: ReportLine): void {
    switch (line.kind) {
      case 'pass':
        this.counts.passed += 1;
        console.log(`  ✓ ${line.title} (${line.durationMs} ms)`);
        break;
      case 'skip':
        this.counts.skipped += 1;
        console.log(`  - ${line.title}`);
        break;
      case 'fail':
        this.counts.failed += 1;
        this.counts.failures.push(line.title);
        console.log(`  ✗ ${line.title}\n${line.message.replaceAll(/^/gm, '      ')}`);
        break;
      case 'crash':
        throw new TaskError(`The tests in the editor could not run:\n${line.message}`);
      case 'end':
        this.end = { ...this.counts };
        break;
    }
  }
}
