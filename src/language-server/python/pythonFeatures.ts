/** What the server does in Python files that log: values beside the calls, curves, names, and what ran above. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import {
  type CodeLens,
  type CompletionItem,
  CompletionItemKind,
  type Hover,
  type InlayHint,
  MarkupKind,
  type Position,
  type Range,
} from 'vscode-languageserver-types';
import { isSystemMetric } from '../../core/domain/metric.ts';
import { findLogCalls, importsTracking, type LogCall, type LoggedName } from '../../core/python-source/logCalls.ts';
import type { MetricColumn } from '../../core/run-table/runColumns.ts';
import type { FileFeatures, OpenFile } from '../fileFeatures.ts';
import { metricHover } from './metricHover.ts';
import { metricText } from './metricText.ts';
import type { PythonSettings } from './pythonSettings.ts';
import { scriptCommands } from './runLenses.ts';
import type { RunsOfScripts, ScriptRuns } from './scriptRuns.ts';

/** A line of code is followed by so much at most. */
const longestHint = 100;
/** More metrics than these are not told beside one call. */
const mostMatches = 3;
/** Names that people write are shorter; of longer ones the search for what an f-string gives could take long. */
const longestMatched = 200;

export interface PythonFeaturesDeps {
  readonly runs: RunsOfScripts;
  readonly settings: () => Promise<PythonSettings>;
}

export function pythonFeatures({ runs, settings }: PythonFeaturesDeps): FileFeatures {
  /** Calls and runs of a file; undefined for one that logs nothing, which costs nothing more. */
  const look = async (
    { document, path }: OpenFile,
    setting: keyof PythonSettings,
  ): Promise<{ calls: readonly LogCall[]; scriptRuns: ScriptRuns } | undefined> => {
    const calls = callsOf(document);
    if (calls.length === 0 || !(await settings())[setting]) {
      return undefined;
    }
    const scriptRuns = await runs.of(path);
    return scriptRuns && { calls, scriptRuns };
  };

  return {
    async inlayHints(file, range) {
      const found = await look(file, 'inlayHints');
      return found === undefined ? [] : hintsOf(file.document, range, found.calls, found.scriptRuns);
    },
    async hover(file, position) {
      const offset = file.document.offsetAt(position);
      const name = nameAt(callsOf(file.document), offset);
      const found = name && (await look(file, 'hovers'));
      const names = name && found ? namesOf(name, found.scriptRuns) : [];
      const values = await Promise.all(names.map((known) => found && metricHover(found.scriptRuns, known)));
      const shown = values.filter((value) => value !== undefined).join('\n\n---\n\n');
      return name && shown !== '' ? hoverOf(file.document, name, shown) : undefined;
    },
    async completions(file, position) {
      const offset = file.document.offsetAt(position);
      const name = callsOf(file.document)
        .flatMap(({ names }) => names)
        .find(({ isLiteral, start, end }) => isLiteral && start <= offset && offset <= end);
      const found = name && (await look(file, 'completions'));
      return found ? completionsOf(file.document, name, await loggedNames(found.scriptRuns)) : [];
    },
    async codeLenses({ document, path }) {
      const mayBeTracked = callsOf(document).length > 0 || importsTracking(document.getText());
      if (!mayBeTracked || !(await settings()).codeLenses) {
        return [];
      }
      const scriptRuns = await runs.of(path);
      const isTracked = (scriptRuns?.runs.length ?? 0) > 0 || importsTracking(document.getText());
      return isTracked ? scriptCommands(path, scriptRuns).map(lensOf) : [];
    },
  };
}

const known = new WeakMap<TextDocument, { readonly version: number; readonly calls: readonly LogCall[] }>();

function callsOf(document: TextDocument): readonly LogCall[] {
  let found = known.get(document);
  if (found?.version !== document.version) {
    found = { version: document.version, calls: findLogCalls(document.getText()) };
    known.set(document, found);
  }
  return found.calls;
}

function hintsOf(
  document: TextDocument,
  range: Range,
  calls: readonly LogCall[],
  { runs }: ScriptRuns,
): readonly InlayHint[] {
  const [latest] = runs;
  if (latest === undefined) {
    return [];
  }
  const metrics = new Map(latest.metrics.map((metric) => [metric.name, metric]));
  const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  const { summary } = latest;
  return calls
    .filter(({ isClosed, start, end }) => isClosed && from <= end && start <= to)
    .flatMap(({ names, end }): InlayHint[] => {
      const isAlone = names.length === 1 && names[0]?.pattern === undefined;
      const texts = names
        .flatMap((logged) => namesOf(logged, { runs: [latest] }))
        .flatMap((name) => {
          const metric = metrics.get(name);
          return metric === undefined ? [] : [isAlone ? metricText(metric) : `${name} ${metricText(metric)}`];
        });
      const text = texts.join('   ').replace(/\s*[\r\n]\s*/g, ' ');
      return text === ''
        ? []
        : [
            {
              position: endOfLine(document, end),
              label: text.length > longestHint ? `${text.slice(0, longestHint - 1)}…` : text,
              paddingLeft: true,
              tooltip: `Last value and best one of run #${summary.number} (${summary.status})`,
            },
          ];
    });
}

/** The metrics that a name stands for: of an f-string those of the latest run that has such, where they are few. */
function namesOf({ name, pattern }: LoggedName, { runs }: Pick<ScriptRuns, 'runs'>): readonly string[] {
  if (pattern === undefined) {
    return [name];
  }
  for (const { metrics } of runs) {
    const matching = metrics
      .map((metric) => metric.name)
      .filter((known) => known.length <= longestMatched && pattern.test(known) && !isSystemMetric(known));
    if (matching.length > 0) {
      return matching.length <= mostMatches ? matching : [];
    }
  }
  return [];
}

function endOfLine(document: TextDocument, offset: number): Position {
  const { line } = document.positionAt(offset);
  const text = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  return { line, character: text.replace(/\r?\n$/, '').length };
}

/** The name under the pointer; over the name of the function, the one that it logs. */
function nameAt(calls: readonly LogCall[], offset: number): LoggedName | undefined {
  for (const { names, start } of calls) {
    const name = names.find((candidate) => candidate.start <= offset && offset <= candidate.end);
    const isOnFunction = names.length === 1 && start <= offset && offset < (names[0]?.start ?? 0);
    if (name !== undefined || isOnFunction) {
      return name ?? names[0];
    }
  }
  return undefined;
}

function hoverOf(document: TextDocument, { start, end }: LoggedName, value: string): Hover {
  return { contents: { kind: MarkupKind.Markdown, value }, range: rangeOf(document, start, end) };
}

function rangeOf(document: TextDocument, start: number, end: number): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** Those of the experiment that the script ran in last; before its first run, of all. */
async function loggedNames({ catalog, runs }: ScriptRuns): Promise<readonly Pick<MetricColumn, 'name' | 'runCount'>[]> {
  const [latest] = runs;
  if (latest !== undefined) {
    const { metrics } = await catalog.runColumns(latest.summary.experimentKey);
    return metrics.filter(({ isSystem }) => !isSystem);
  }
  const { metrics } = await catalog.knownNames();
  return metrics.map((name) => ({ name, runCount: 0 }));
}

function completionsOf(
  document: TextDocument,
  { start, end }: LoggedName,
  names: readonly Pick<MetricColumn, 'name' | 'runCount'>[],
): readonly CompletionItem[] {
  const range = rangeOf(document, start, end);
  const quote = document.getText(rangeOf(document, start - 1, start));
  return names
    .toSorted((a, b) => b.runCount - a.runCount || a.name.localeCompare(b.name))
    .map(({ name, runCount }, index) => ({
      label: name,
      kind: CompletionItemKind.Value,
      detail: runCount === 0 ? 'metric' : runCount === 1 ? 'metric of 1 run' : `metric of ${runCount} runs`,
      sortText: String(index).padStart(6, '0'),
      filterText: name,
      textEdit: { range, newText: asLiteral(name, quote) },
    }));
}

function asLiteral(name: string, quote: string): string {
  return name
    .replace(/[\\\n\r]/g, (character) => ({ '\\': '\\\\', '\n': '\\n', '\r': '\\r' })[character] ?? '')
    .replaceAll(quote, `\\${quote}`);
}

function lensOf(command: CodeLens['command'] & object): CodeLens {
  return { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, command };
}
