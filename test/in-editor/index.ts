import { appendFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import Mocha from 'mocha';

/**
 * Runs every bundled `*.test.cjs` beside this file in the extension host and writes what happens, one JSON object a line,
 * to the file that `RUNLEDGER_TEST_REPORT` names. VS Code calls it; the process that started VS Code reads the report.
 */
export async function run(): Promise<void> {
  const reportFile = process.env.RUNLEDGER_TEST_REPORT;
  if (reportFile === undefined) {
    throw new Error('RUNLEDGER_TEST_REPORT must name the file that gets the results.');
  }
  const report = (line: object): void => appendFileSync(reportFile, `${JSON.stringify(line)}\n`);
  try {
    report({ kind: 'end', failures: await runMocha(report) });
  } catch (error) {
    report({ kind: 'crash', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    throw error;
  }
}

async function runMocha(report: (line: object) => void): Promise<number> {
  const pattern = process.env.RUNLEDGER_TEST_GREP;
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, ...(pattern ? { grep: pattern } : {}) });
  for (const name of readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.endsWith('.test.cjs')) {
      mocha.addFile(path.join(__dirname, name));
    }
  }
  mocha.reporter(
    class {
      constructor(runner: Mocha.Runner) {
        runner.on('pass', (test) => report({ kind: 'pass', title: test.fullTitle(), durationMs: test.duration ?? 0 }));
        runner.on('pending', (test) => report({ kind: 'skip', title: test.fullTitle() }));
        runner.on('fail', (test, error: Error) =>
          report({
            kind: 'fail',
            title: test.fullTitle(),
            message: stripVTControlCharacters(error.stack ?? error.message),
          }),
        );
      }
    } as unknown as Mocha.ReporterConstructor,
  );
  return new Promise((resolve) => mocha.run(resolve));
}
