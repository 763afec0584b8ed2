import type { Command } from 'vscode-languageserver-types';
import type { MetricSummary } from '../../core/domain/metric.ts';
import { isSystemMetric } from '../../core/domain/metric.ts';
import type { RunDetails } from '../../core/domain/run.ts';
import type { RunStatus } from '../../core/domain/runStatus.ts';
import { editorCommands } from '../../protocol/languageServer.ts';
import { directionOf } from '../../protocol/metricDirection.ts';
import { valueText } from './metricText.ts';
import type { ScriptRuns } from './scriptRuns.ts';

const mostRuns = 3;
const longestName = 40;

const icons: Readonly<Record<RunStatus, string>> = {
  NotStarted: 'circle-outline',
  Queued: 'clock',
  Preparing: 'sync',
  Starting: 'sync',
  Running: 'sync',
  Finalizing: 'sync',
  CancelRequested: 'circle-slash',
  Canceled: 'circle-slash',
  Completed: 'pass',
  Failed: 'error',
  NotResponding: 'question',
};

/** What is offered above a script: submitting it, and its last runs. */
export function scriptCommands(path: string, scriptRuns: ScriptRuns | undefined): readonly Command[] {
  return [
    { title: '$(play) Submit', command: editorCommands.submit, arguments: [{ script: path }] },
    { title: 'Submit with Arguments…', command: editorCommands.submitWithArguments, arguments: [{ script: path }] },
    ...(scriptRuns?.runs ?? []).slice(0, mostRuns).map((run) => ({
      title: runText(run),
      command: editorCommands.openRun,
      arguments: [{ workspaceFolder: scriptRuns?.catalog.workspace.folder, runId: run.summary.id }],
    })),
  ];
}

function runText({ summary, metrics }: RunDetails): string {
  const metric = primaryMetric(metrics);
  const figure = metric === undefined ? summary.status : `${shortened(metric.name)} ${valueText(metric.last)}`;
  return plain(`#${summary.number} · ${figure}`, icons[summary.status]);
}

/** What tells a run's success best: what is better the higher, else the lower it is, else whatever came first. */
function primaryMetric(metrics: readonly MetricSummary[]): MetricSummary | undefined {
  const series = metrics.filter(
    ({ name, kind, last }) => kind === 'metric' && last !== undefined && !isSystemMetric(name),
  );
  return (
    series.find(({ name }) => directionOf(name) === 'higher') ??
    series.find(({ name }) => directionOf(name) === 'lower') ??
    series[0]
  );
}

function shortened(name: string): string {
  const line = name.replace(/\s+/g, ' ');
  return line.length > longestName ? `${line.slice(0, longestName - 1)}…` : line;
}

/** `$(name)` in a run's text is no icon. */
function plain(text: string, icon: string): string {
  return `$(${icon}) ${text.replace(/\$\(/g, '$\u200B(')}`;
}
