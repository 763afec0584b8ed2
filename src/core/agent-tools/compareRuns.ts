import * as v from 'valibot';
import { parametersOf } from '../domain/givenParameters.ts';
import { isSystemMetric } from '../domain/metric.ts';
import type { RunDetails } from '../domain/run.ts';
import { defineTool } from './agentTool.ts';
import { catalogOfRun, jsonValue, rowOf } from './answers.ts';
import * as fields from './toolFields.ts';

type Value = ReturnType<typeof jsonValue>;

const inOrder = fields.described(v.array(fields.value), 'Of each run, in their order; null where it has none.');

export const compareRuns = defineTool({
  name: 'compare_runs',
  title: 'Compare runs',
  description:
    'Puts runs side by side: the parameters, arguments and tags in which they differ, and the last, lowest and highest value of each metric. ' +
    'Use it to find out what made one run better than another.',
  isReadOnly: true,
  input: v.object({
    run_ids: fields.described(
      v.pipe(v.array(v.string()), v.minLength(2), v.maxLength(20)),
      'The ids of two to twenty runs.',
    ),
  }),
  output: v.object({
    runs: v.array(fields.runRow),
    parameters: fields.described(v.record(v.string(), inOrder), 'Those that differ.'),
    sameParameters: fields.described(v.record(v.string(), fields.value), 'Those that all runs have alike.'),
    tags: fields.described(v.record(v.string(), inOrder), 'Those that differ.'),
    setup: fields.described(v.record(v.string(), inOrder), 'What differs in how they were submitted.'),
    metrics: v.record(v.string(), v.object({ last: inOrder, min: inOrder, max: inOrder })),
  }),
  async run(context, { run_ids: ids }) {
    const runs: RunDetails[] = [];
    for (const id of new Set(ids)) {
      runs.push(await (await catalogOfRun(context, id)).details(id));
    }
    const parameters = byName(runs, (run) => Object.fromEntries(parametersOf(run)));
    const isSame = ([, values]: readonly [string, readonly Value[]]): boolean => new Set(values).size === 1;
    return {
      runs: runs.map(({ summary }) => rowOf(summary)),
      parameters: Object.fromEntries(parameters.filter((item) => !isSame(item))),
      sameParameters: Object.fromEntries(parameters.filter(isSame).map(([name, values]) => [name, values[0] ?? null])),
      tags: Object.fromEntries(byName(runs, tagValues).filter((item) => !isSame(item))),
      setup: Object.fromEntries(byName(runs, setupOf).filter((item) => !isSame(item))),
      metrics: Object.fromEntries(metricNames(runs).map((name) => [name, metricOf(runs, name)])),
    };
  },
});

/** All names that any of the runs has, with the value of each run. */
function byName(
  runs: readonly RunDetails[],
  values: (run: RunDetails) => Readonly<Record<string, Value>>,
): (readonly [string, Value[]])[] {
  const all = runs.map(values);
  const names = new Set(all.flatMap((item) => Object.keys(item)));
  return [...names].map((name) => [name, all.map((item) => jsonValue(item[name]))]);
}

/** A tag without a value is there all the same. */
function tagValues({ tags }: RunDetails): Record<string, Value> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, value ?? true]));
}

function setupOf({ summary, submission, snapshot, properties }: RunDetails): Record<string, Value> {
  return {
    script: summary.script ?? null,
    arguments: submission === undefined ? null : submission.arguments.join(' '),
    runConfiguration: submission?.runConfiguration ?? null,
    target: summary.target ?? null,
    interpreter: submission?.interpreter ?? null,
    snapshot: snapshot?.hash ?? null,
    commit: properties['azureml.git.commit'] ?? null,
  };
}

function metricNames(runs: readonly RunDetails[]): string[] {
  const names = runs.flatMap(({ metrics }) =>
    metrics.filter(({ name, kind }) => kind === 'metric' && !isSystemMetric(name)).map(({ name }) => name),
  );
  return [...new Set(names)].sort();
}

function metricOf(runs: readonly RunDetails[], name: string): Record<'last' | 'min' | 'max', Value[]> {
  const found = runs.map(({ metrics }) => metrics.find((metric) => metric.name === name));
  return {
    last: found.map((metric) => jsonValue(metric?.last)),
    min: found.map((metric) => jsonValue(metric?.min?.value)),
    max: found.map((metric) => jsonValue(metric?.max?.value)),
  };
}
