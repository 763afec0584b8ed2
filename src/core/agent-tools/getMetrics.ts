import * as v from 'valibot';
import { RunledgerError } from '../base/errors.ts';
import type { RunCatalog } from '../catalog/runCatalog.ts';
import { isSystemMetric, type MetricSummary } from '../domain/metric.ts';
import { nearestName } from '../run-query/nearestName.ts';
import { defineTool } from './agentTool.ts';
import { catalogOfRun, jsonValue, roundedValue } from './answers.ts';
import * as fields from './toolFields.ts';

/** A chart's column gives up to four points: its first, lowest, highest and last. */
const pointsPerColumn = 4;
const mostRows = 200;

const series = v.object({
  name: v.string(),
  count: fields.described(v.number(), 'Points there are; the given ones keep lows, highs, first and last.'),
  last: fields.value,
  min: v.optional(v.object({ step: v.number(), value: v.number() })),
  max: v.optional(v.object({ step: v.number(), value: v.number() })),
  steps: fields.described(v.array(v.number()), 'The step of each value, or its place where none was logged.'),
  values: fields.described(v.array(v.union([v.number(), v.string()])), 'Six digits each.'),
});

const table = v.object({
  name: v.string(),
  columns: v.array(v.string()),
  rows: v.array(v.array(fields.value)),
  rowCount: v.number(),
});

const texts = v.object({ name: v.string(), count: v.number(), last: fields.value });

export const getMetrics = defineTool({
  name: 'get_metrics',
  title: 'Read metrics',
  description:
    'Reads the curves of a run: the values of its metrics over the steps, thinned out so that every low and high stays, and the rows of its tables. ' +
    'Use it to judge how a training went: convergence, overfitting, divergence.',
  isReadOnly: true,
  input: v.object({
    run_id: fields.runId,
    metrics: v.optional(
      fields.described(
        v.pipe(v.array(v.string()), v.maxLength(50)),
        'Names of metrics. Default: all but those that tell what the run used of the machine (system/…), 20 at most.',
      ),
    ),
    points: v.optional(fields.described(fields.wholeNumber(4, 2000), 'About so many points of each at most.'), 60),
  }),
  output: v.object({
    run: v.string(),
    series: v.array(series),
    tables: v.array(table),
    others: v.optional(fields.described(v.array(texts), 'Metrics whose values are not all numbers.')),
    leftOut: v.optional(fields.described(v.array(v.string()), 'Metrics that were not asked for.')),
  }),
  async run(context, { run_id: id, metrics: wanted, points }) {
    const catalog = await catalogOfRun(context, id);
    const { metrics } = await catalog.details(id);
    const chosen = wanted === undefined ? proposed(metrics) : wanted.map((name) => metricNamed(metrics, name, id));
    const isTable = ({ kind }: MetricSummary): boolean => kind === 'row' || kind === 'table';
    const curves = chosen.filter((item) => !isTable(item) && item.isNumeric);
    const others = chosen.filter((item) => !isTable(item) && !item.isNumeric);
    const leftOut = wanted === undefined ? metrics.filter((item) => !chosen.includes(item)) : [];
    return {
      run: id,
      series: await Promise.all(curves.map((item) => seriesOf(catalog, id, item, points))),
      tables: await Promise.all(chosen.filter(isTable).map(({ name }) => tableOf(catalog, id, name))),
      ...(others.length > 0 && {
        others: others.map(({ name, count, last }) => ({ name, count, last: jsonValue(last) })),
      }),
      ...(leftOut.length > 0 && { leftOut: leftOut.map(({ name }) => name) }),
    };
  },
});

const mostProposed = 20;

function proposed(metrics: readonly MetricSummary[]): MetricSummary[] {
  return metrics.filter(({ name }) => !isSystemMetric(name)).slice(0, mostProposed);
}

function metricNamed(metrics: readonly MetricSummary[], name: string, runId: string): MetricSummary {
  const found = metrics.find((item) => item.name === name);
  if (found === undefined) {
    const names = metrics.map((item) => item.name);
    const near = nearestName(name, names);
    throw new RunledgerError('not-found', `The run ${runId} has no metric "${name}".`, {
      advice: near === undefined ? `It has: ${names.slice(0, 50).join(', ') || 'none'}.` : `Did you mean "${near}"?`,
    });
  }
  return found;
}

async function seriesOf(
  catalog: RunCatalog,
  runId: string,
  { name, count, last, min, max }: MetricSummary,
  points: number,
): Promise<v.InferOutput<typeof series>> {
  const width = Math.max(1, Math.floor(points / pointsPerColumn));
  // What all fits needs no thinning out.
  const slice = await catalog.series({ runId, metric: name, axis: 'step', width: count <= points ? count : width });
  return {
    name,
    count,
    last: jsonValue(last),
    ...(min !== undefined && { min: { step: min.x, value: min.value } }),
    ...(max !== undefined && { max: { step: max.x, value: max.value } }),
    steps: [...slice.x],
    values: slice.values.map(roundedValue),
  };
}

async function tableOf(catalog: RunCatalog, runId: string, name: string): Promise<v.InferOutput<typeof table>> {
  const { columns, rows } = await catalog.table(runId, name);
  return {
    name,
    columns: [...columns],
    rows: rows.slice(0, mostRows).map((row) => row.map(jsonValue)),
    rowCount: rows.length,
  };
}
