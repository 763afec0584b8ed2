/** What a keystroke in a long Python file costs before its hints and its completions are there. */
import { join } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { openJournal } from '../../src/core/store/journalWriter.ts';
import { createRun } from '../../src/core/store/runCreation.ts';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import type { OpenFile } from '../../src/language-server/fileFeatures.ts';
import { pythonFeatures } from '../../src/language-server/python/pythonFeatures.ts';
import { RunsOfScripts } from '../../src/language-server/python/scriptRuns.ts';
import { DiskWorld } from '../../src/language-server/world/diskWorld.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithLimit, counted } from './figure.ts';

const lineCount = 5000;
/** One line in so many logs. */
const loggingLines = 10;
const metricCount = 20;
const keystrokes = 30;
const hintsLimitMs = 30;
const completionsLimitMs = 20;

export const pythonHints: Benchmark = {
  name: 'python-hints',
  about:
    `After a keystroke in a Python file of ${lineCount.toLocaleString('en')} lines, of which one in ${loggingLines} logs: all of its inlay hints, and the ` +
    'completion of a metric. As the language server answers, without the editor, from the first keystroke on.',
  run: async ({ folder }) => {
    const path = await folderWithRun(folder);
    const runs = new RunsOfScripts(() => {});
    const everything = { inlayHints: true, hovers: true, completions: true, codeLenses: true };
    const features = pythonFeatures({ runs, settings: async () => everything });
    const text = longScript();
    const { signal } = new AbortController();
    const world = new DiskWorld(() => [folder]);
    const file = (version: number): OpenFile => ({
      document: TextDocument.create('file:///train.py', 'python', version, `${text}# ${'x'.repeat(version)}`),
      path,
      world,
      signal,
    });
    const whole = { start: { line: 0, character: 0 }, end: { line: lineCount + 1, character: 0 } };
    try {
      // The store is opened with the file, before anything is typed.
      await runs.of(path);
      const hints: number[] = [];
      const completions: number[] = [];
      let found = 0;
      for (let keystroke = 0; keystroke < keystrokes; keystroke++) {
        const typed = file(keystroke);
        let started = performance.now();
        found = (await features.inlayHints?.(typed, whole))?.length ?? 0;
        hints.push(performance.now() - started);
        const again = file(keystroke + keystrokes);
        const position = again.document.positionAt(text.indexOf('run.log("') + 'run.log("'.length);
        started = performance.now();
        await features.completions?.(again, position);
        completions.push(performance.now() - started);
      }
      return [
        comparedWithLimit('inlay hints of the whole file', hints, hintsLimitMs, 'ms'),
        comparedWithLimit('completion of a metric', completions, completionsLimitMs, 'ms'),
        counted('hints', found, lineCount / loggingLines),
      ];
    } finally {
      runs.dispose();
    }
  },
};

function longScript(): string {
  const lines = Array.from({ length: lineCount }, (_, index) =>
    index % loggingLines === 0
      ? `    run.log("metric ${index % metricCount}", value)`
      : `    x${index} = layer(${index}, sizes=[1, 2, 3], name="block" + f"{index}") if y else None  # (a comment)`,
  );
  return `def train(run):\n${lines.join('\n')}\n`;
}

async function folderWithRun(folder: string): Promise<string> {
  process.env.RUNLEDGER_HOME = join(folder, 'user-data');
  await createWorkspace({ folder, name: 'bench' });
  const submission = { script: 'train.py', sourceDirectory: folder, arguments: [], inPlace: true };
  const run = await createRun({
    workspaceFolder: folder,
    experiment: 'bench',
    type: 'azureml.scriptrun',
    createdBy: 'bench/1',
    submission,
  });
  const journal = await openJournal({
    workspaceFolder: folder,
    runId: run.runId,
    runFolder: run.folder,
    role: 'bench',
  });
  for (let metric = 0; metric < metricCount; metric++) {
    for (let step = 0; step < 100; step++) {
      await journal.append({ k: 'metric', n: `metric ${metric}`, v: 1 / (step + 1), s: step });
    }
  }
  await journal.append({ k: 'status', v: 'Completed' });
  await journal.close({ isTerminal: true });
  return join(folder, 'train.py');
}
