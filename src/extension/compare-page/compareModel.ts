import { parametersOf } from '../../core/domain/givenParameters.ts';
import { isSystemMetric, type MetricSummary, type Scalar, type TableData } from '../../core/domain/metric.ts';
import type { RunDetails } from '../../core/domain/run.ts';
import type {
  ComparedImagesModel,
  ComparedMetricModel,
  ComparedTableModel,
  ComparedTableRows,
  ComparedValuesModel,
  CompareModel,
} from '../../protocol/comparePage.ts';
import type { WireScalar } from '../../protocol/wire.ts';
import { toWireScalar } from '../experiment-page/experimentPageMapping.ts';
import { runLabel } from '../tree/nodes.ts';

const mostTableRows = 100;

export interface ComparedRun {
  readonly details: RunDetails;
  /** Its place in the series colours. */
  readonly slot: number;
  /** How the page addresses an artifact; undefined where it cannot. */
  readonly artifactUri: (path: string) => string | undefined;
}

/** What the page shows of runs side by side. */
export function compareModel(runs: readonly ComparedRun[]): CompareModel {
  const all = runs.map(({ details }) => details);
  return {
    runs: runs.map(({ details: { summary, snapshot }, slot }) => ({
      id: summary.id,
      label: runLabel(summary),
      number: summary.number,
      experiment: summary.experiment,
      status: summary.status,
      started: summary.startTime,
      ended: summary.endTime,
      slot,
      hasSnapshot: snapshot !== undefined,
    })),
    parameters: valuesByName(all, (run) => Object.fromEntries(parametersOf(run))),
    attributes: valuesByName(all, attributesOf),
    tags: valuesByName(all, ({ tags }) =>
      Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, value ?? true])),
    ),
    metrics: metricsOf(all),
    images: imagesOf(runs),
    tables: tablesOf(all),
  };
}

function attributesOf({ summary, submission, snapshot, user, host, description, notes, properties }: RunDetails) {
  const attributes: Readonly<Record<string, Scalar | undefined>> = {
    Script: summary.script,
    Arguments: submission?.arguments.join(' '),
    Target: summary.target,
    Environment: submission?.environment,
    'Run configuration': submission?.runConfiguration,
    Interpreter: submission?.interpreter,
    'Git branch': properties['azureml.git.branch'],
    'Git commit': properties['azureml.git.commit'],
    Code: snapshot?.hash.slice(0, 12),
    User: user,
    Host: host,
    Description: description,
    Notes: notes,
  };
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, Scalar] => entry[1] !== undefined && entry[1] !== ''),
  );
}

/** In the order in which the runs come upon the names. */
function valuesByName(
  runs: readonly RunDetails[],
  read: (run: RunDetails) => Readonly<Record<string, Scalar | null>>,
): readonly ComparedValuesModel[] {
  const byName = new Map<string, WireScalar[]>();
  for (const [index, run] of runs.entries()) {
    for (const [name, value] of Object.entries(read(run))) {
      const values = byName.get(name) ?? runs.map(() => null);
      values[index] = toWireScalar(value);
      byName.set(name, values);
    }
  }
  return [...byName].map(([name, values]) => ({ name, values }));
}

function metricsOf(runs: readonly RunDetails[]): readonly ComparedMetricModel[] {
  const byName = new Map<string, (MetricSummary | undefined)[]>();
  for (const [index, { metrics }] of runs.entries()) {
    for (const metric of metrics.filter(({ kind }) => kind === 'metric' || kind === 'list')) {
      const values = byName.get(metric.name) ?? runs.map(() => undefined);
      values[index] = metric;
      byName.set(metric.name, values);
    }
  }
  return [...byName].map(([name, metrics]) => ({
    name,
    isSystem: isSystemMetric(name),
    isCurve: metrics.some((metric) => metric?.isNumeric === true && metric.count > 1),
    values: metrics.map((metric) =>
      metric === undefined
        ? null
        : { last: toWireScalar(metric.last ?? null), min: metric.min?.value, max: metric.max?.value },
    ),
  }));
}

function tablesOf(runs: readonly RunDetails[]): readonly ComparedTableModel[] {
  const tables = runs.map(({ metrics }) => metrics.filter(({ kind }) => kind === 'table' || kind === 'row'));
  const names = [...new Set(tables.flat().map(({ name }) => name))];
  return names.map((name) => ({
    name,
    rowCounts: tables.map((all) => all.find((table) => table.name === name)?.count ?? null),
  }));
}

/** What of a table stands beside those of other runs: more of it is on the run's own page. */
export function comparedRows({ columns, rows }: TableData): ComparedTableRows {
  const shown = rows.slice(0, mostTableRows).map((row) => row.map((value) => toWireScalar(value)));
  return { columns, rows: shown, rowCount: rows.length };
}

function imagesOf(runs: readonly ComparedRun[]): readonly ComparedImagesModel[] {
  const names = [...new Set(runs.flatMap(({ details }) => details.images.map(({ name }) => name)))];
  return names.map((name) => ({
    name,
    images: runs.map(({ details, artifactUri }) =>
      details.images
        .filter((image) => image.name === name)
        .flatMap(({ path, step }, place) => {
          const uri = artifactUri(path);
          return uri === undefined ? [] : [{ uri, step: step ?? place }];
        }),
    ),
  }));
}
