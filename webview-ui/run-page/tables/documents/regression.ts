import type { BasicChartModel, BasicPoint } from '../../../charts/basicChart.ts';
import { dataOf, isNumberList } from './documentData.ts';

export interface Residuals {
  /** One more than there are counts. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

export interface Predictions extends Residuals {
  /** The mean prediction for the true values of each bin, and its standard error. */
  readonly averages: readonly number[];
  readonly errors: readonly number[];
}

/** Reads a document of the schema `residuals`. Throws with a sentence where it is not one. */
export function readResiduals(document: unknown): Residuals {
  const data = dataOf(document);
  const [edges, counts] = [data?.bin_edges, data?.bin_counts];
  if (!isNumberList(edges) || !isNumberList(counts) || counts.length === 0 || edges.length !== counts.length + 1) {
    throw new Error('The file has no bins with one edge more than counts. Open it to see what was logged.');
  }
  return { edges, counts };
}

/** Reads a document of the schema `predictions`. Throws with a sentence where it is not one. */
export function readPredictions(document: unknown): Predictions {
  const bins = readResiduals(document);
  const data = dataOf(document);
  const [averages, errors] = [data?.bin_averages, data?.bin_errors];
  const { length } = bins.counts;
  if (!isNumberList(averages) || !isNumberList(errors) || averages.length !== length || errors.length !== length) {
    throw new Error('The file does not have an average and an error for each bin. Open it to see what was logged.');
  }
  return { ...bins, averages, errors };
}

/** How often the prediction was off by how much. */
export function residualsChart(name: string, { edges, counts }: Residuals): BasicChartModel {
  return {
    label: `${name}: histogram of residuals in ${counts.length} bins`,
    xTitle: 'residual',
    yTitle: 'count',
    series: [histogram({ edges, counts }, 0)],
    ...(edges[0] !== undefined && { x: { min: edges[0], max: edges.at(-1) ?? edges[0] } }),
  };
}

/** The mean prediction over the true value with a band of its error, and the line on which predictions are right. */
export function predictionsChart(name: string, predictions: Predictions): BasicChartModel {
  const { edges, averages, errors, counts } = predictions;
  const filled = averages.flatMap((average, index) => {
    const x = ((edges[index] ?? 0) + (edges[index + 1] ?? 0)) / 2;
    return (counts[index] ?? 0) === 0 ? [] : [{ x, average, error: Math.abs(errors[index] ?? 0) }];
  });
  const [first, last] = [edges[0] ?? 0, edges.at(-1) ?? 1];
  const curve = (heightOf: (bin: (typeof filled)[number]) => number): BasicPoint[] =>
    filled.map((bin) => ({ x: bin.x, y: heightOf(bin) }));
  return {
    label: `${name}: mean prediction over the true value in ${filled.length} bins`,
    xTitle: 'true value',
    yTitle: 'predicted',
    x: { min: first, max: last },
    // The first is drawn last, on top of the others.
    series: [
      { label: 'mean prediction', look: 'line', colour: 0, points: curve(({ average }) => average) },
      {
        label: 'ideal',
        look: 'line',
        colour: 'faint',
        dash: 'dashed',
        points: [first, last].map((at) => ({ x: at, y: at })),
      },
      { label: 'below', look: 'line', colour: 'faint', points: curve(({ average, error }) => average - error) },
      {
        label: 'above',
        look: 'line',
        colour: 'faint',
        points: curve(({ average, error }) => average + error),
        isBand: true,
      },
    ],
  };
}

/** How many true values there are in each bin. */
export function countsChart(name: string, { edges, counts }: Residuals): BasicChartModel {
  return {
    label: `${name}: true values in each of ${counts.length} bins`,
    xTitle: 'true value',
    yTitle: 'count',
    series: [histogram({ edges, counts }, 0)],
    ...(edges[0] !== undefined && { x: { min: edges[0], max: edges.at(-1) ?? edges[0] } }),
  };
}

function histogram({ edges, counts }: Residuals, colour: number): BasicChartModel['series'][number] {
  const points = counts.map((count, index) => ({ x: edges[index] ?? 0, y: count }));
  return {
    label: 'count',
    look: 'steps',
    colour,
    points: [...points, { x: edges.at(-1) ?? 0, y: counts.at(-1) ?? 0 }],
  };
}
