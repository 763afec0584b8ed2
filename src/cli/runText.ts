/** A run as the terminal shows it. */

import { parametersOf } from '../core/domain/givenParameters.ts';
import { isSystemMetric, type MetricSummary } from '../core/domain/metric.ts';
import type { ArtifactFile, RunDetails, RunFailure } from '../core/domain/run.ts';
import type { InstalledPackages } from '../core/environments/installedPackages.ts';
import { durationOf } from './runJson.ts';
import { bytesText, durationText, momentText, oneLine, scalarText, tableText } from './text.ts';

const shownFiles = 50;

export function runText(details: RunDetails, files: readonly ArtifactFile[], installed?: InstalledPackages): string {
  const { summary: run, submission } = details;
  const duration = durationOf(run);
  const facts: (readonly [string, string | undefined])[] = [
    ['Run', run.id],
    ['Name', run.displayName],
    ['Experiment', `${run.experiment}, number ${run.number}`],
    ['Status', run.exitCode === undefined ? run.status : `${run.status}, exit code ${run.exitCode}`],
    ['Created', momentText(run.createdTime)],
    ['Waits', run.waitReason],
    ['Started', run.startTime === undefined ? undefined : momentText(run.startTime)],
    ['Duration', duration === undefined ? undefined : durationText(duration)],
    ['Script', run.script === undefined ? undefined : [run.script, ...(submission?.arguments ?? [])].join(' ')],
    ['Target', run.target],
    ['Environment', submission?.environment],
    ['Interpreter', submission?.interpreter],
    ['Python', installed?.python],
    ['Packages', installed === undefined ? undefined : String(Object.keys(installed.packages).length)],
    ['Platform', installed?.platform || undefined],
    ['GPUs', installed?.gpus.join('; ') || undefined],
    ['Folder', details.folder],
  ];
  const ownMetrics = details.metrics.filter(({ name }) => !isSystemMetric(name));
  const systemMetrics = details.metrics.filter(({ name }) => isSystemMetric(name));
  const width = Math.max(...facts.map(([name]) => name.length));
  const parts = [
    facts
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name.padEnd(width)}  ${oneLine(value ?? '')}`)
      .join('\n'),
    run.failure === undefined ? '' : failureText(run.failure),
    prose('Description', details.description),
    prose('Notes', details.notes),
    details.warnings.map((warning) => `Warning: ${oneLine(warning)}`).join('\n'),
    pairs('Parameters', Object.fromEntries(parametersOf(details))),
    metricsText('Metric', ownMetrics),
    pairs('Environment variables', submission?.environmentVariables ?? {}),
    pairs('Tags', details.tags),
    pairs('Properties', details.properties),
    metricsText('System metric', systemMetrics),
    filesText(files),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

export function failureText(failure: RunFailure): string {
  const message = failure.type === undefined ? failure.message : `${failure.type}: ${failure.message}`;
  return [
    `Failure: ${oneLine(message)}`,
    ...(failure.advice === undefined ? [] : [`  ${oneLine(failure.advice)}`]),
  ].join('\n');
}

/** What a person wrote, line by line. */
function prose(title: string, text: string | undefined): string {
  const lines = text?.trim().split(/\r?\n/) ?? [''];
  return lines.join('') === '' ? '' : [`${title}:`, ...lines.map((line) => `  ${oneLine(line)}`.trimEnd())].join('\n');
}

function pairs(title: string, values: Readonly<Record<string, string | number | boolean | null>>): string {
  const entries = Object.entries(values);
  return entries.length === 0
    ? ''
    : [`${title}:`, ...entries.map(([name, value]) => `  ${oneLine(name)} = ${scalarText(value)}`)].join('\n');
}

function metricsText(title: string, metrics: readonly MetricSummary[]): string {
  if (metrics.length === 0) {
    return '';
  }
  const rows = metrics.map(({ name, last, min, max, count }) => [
    oneLine(name),
    scalarText(last),
    scalarText(min?.value),
    scalarText(max?.value),
    String(count),
  ]);
  return tableText([title, 'Last', 'Min', 'Max', 'Count'], rows);
}

function filesText(files: readonly ArtifactFile[]): string {
  if (files.length === 0) {
    return '';
  }
  const shown = files.slice(0, shownFiles).map(({ path, bytes }) => `  ${oneLine(path)} (${bytesText(bytes)})`);
  const rest = files.length > shownFiles ? [`  … and ${files.length - shownFiles} more`] : [];
  return ['Files:', ...shown, ...rest].join('\n');
}
