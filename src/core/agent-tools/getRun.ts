import * as v from 'valibot';
import { parametersOf } from '../domain/givenParameters.ts';
import type { MetricSummary } from '../domain/metric.ts';
import { readLogTail } from '../logs/logFollower.ts';
import { mainLogArtifact } from '../logs/mainLog.ts';
import { artifactFile } from '../store/artifacts.ts';
import { artifactsFolder } from '../store/storeLayout.ts';
import { defineTool } from './agentTool.ts';
import { catalogOfRun, jsonValue, rowOf } from './answers.ts';
import * as fields from './toolFields.ts';

const mostFiles = 100;
const mostMetrics = 200;
/** Of the log's end: some thousand words. */
const mostLogBytes = 32_768;

const metric = v.object({
  kind: v.optional(fields.described(v.string(), 'Where it is no series of numbers: list, row or table.')),
  last: v.optional(fields.value),
  min: v.optional(fields.value),
  max: v.optional(fields.value),
  count: fields.described(v.number(), 'Points, or rows of a table.'),
});

export const getRun = defineTool({
  name: 'get_run',
  title: 'Show a run',
  description:
    'Shows what is known of a run: state, parameters, last, lowest and highest value of each metric, tags, how it was submitted, its files, ' +
    'and why it failed, with the traceback. Ask for log_lines to read the end of what the script printed.',
  isReadOnly: true,
  input: v.object({
    run_id: fields.runId,
    log_lines: v.optional(fields.described(fields.wholeNumber(0, 500), 'So many lines from the end of the log.'), 0),
  }),
  output: v.object({
    ...fields.runRow.entries,
    description: v.optional(v.string()),
    notes: v.optional(v.string()),
    parameters: fields.described(v.record(v.string(), fields.value), 'Logged, or given on the command line.'),
    metrics: v.record(v.string(), metric),
    moreMetrics: v.optional(
      fields.described(v.array(v.string()), 'Names of those left out: ask get_metrics for them.'),
    ),
    tags: v.record(v.string(), v.nullable(v.string())),
    arguments: v.array(v.string()),
    sourceDirectory: v.optional(v.string()),
    runConfiguration: v.optional(v.string()),
    target: v.optional(v.string()),
    interpreter: v.optional(v.string()),
    commit: v.optional(v.string()),
    exitCode: v.optional(v.number()),
    traceback: v.optional(v.string()),
    advice: v.optional(v.string()),
    warnings: v.array(v.string()),
    hasChildren: v.boolean(),
    files: v.array(v.object({ path: v.string(), bytes: v.number() })),
    fileCount: v.number(),
    artifactsFolder: fields.described(v.string(), 'Where the files lie, absolute.'),
    log: v.optional(v.string()),
  }),
  async run(context, { run_id: id, log_lines: logLines }) {
    const catalog = await catalogOfRun(context, id);
    const details = await catalog.details(id);
    const files = await catalog.files(id);
    const { summary, submission } = details;
    const shown = details.metrics.slice(0, mostMetrics);
    const rest = details.metrics.slice(mostMetrics).map(({ name }) => name);
    return {
      ...rowOf(summary),
      description: details.description,
      notes: details.notes,
      parameters: Object.fromEntries(parametersOf(details).map(([name, value]) => [name, jsonValue(value)])),
      metrics: Object.fromEntries(shown.map((item) => [item.name, metricOf(item)])),
      ...(rest.length > 0 && { moreMetrics: rest }),
      tags: { ...details.tags },
      arguments: [...(submission?.arguments ?? [])],
      sourceDirectory: submission?.sourceDirectory,
      runConfiguration: submission?.runConfiguration,
      target: summary.target,
      interpreter: submission?.interpreter,
      commit: details.properties['azureml.git.commit'],
      exitCode: summary.exitCode,
      traceback: summary.failure?.traceback,
      advice: summary.failure?.advice,
      warnings: [...details.warnings],
      hasChildren: summary.hasChildren,
      files: files.slice(0, mostFiles).map(({ path, bytes }) => ({ path, bytes })),
      fileCount: files.length,
      artifactsFolder: artifactsFolder(details.folder),
      ...(logLines > 0 && { log: await endOfLog(details.folder, summary.type, logLines) }),
    };
  },
});

function metricOf({ kind, last, min, max, count }: MetricSummary): v.InferOutput<typeof metric> {
  return {
    ...(kind !== 'metric' && { kind }),
    ...(last !== undefined && { last: jsonValue(last) }),
    ...(count > 1 && min !== undefined && { min: jsonValue(min.value) }),
    ...(count > 1 && max !== undefined && { max: jsonValue(max.value) }),
    count,
  };
}

async function endOfLog(runFolder: string, runType: string | undefined, lines: number): Promise<string> {
  const { text } = await readLogTail(artifactFile(runFolder, mainLogArtifact(runType)), mostLogBytes);
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
