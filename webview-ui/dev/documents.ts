import { noiseOf } from './curves.ts';

/** Documents that the invented run logged. */
export function documentOf(path: string): unknown {
  if (path.includes('roc')) {
    const class_labels = ['cat', 'dog', 'bird', 'auto', 'never seen'];
    const thresholds = Array.from({ length: 41 }, (_, index) => index / 40);
    const probability_tables = class_labels.map((_, index) =>
      thresholds.map((threshold) => {
        const tp = index === 4 ? 0 : Math.round(500 * (1 - threshold ** (3 + 3 * index)));
        const fp = Math.round(4500 * (1 - threshold) ** (3 + 2 * index));
        return [tp, fp, 4500 - fp, index === 4 ? 0 : 500 - tp];
      }),
    );
    return {
      schema_type: 'accuracy_table',
      data: { class_labels, probability_tables, probability_thresholds: thresholds },
    };
  }
  const bin_edges = Array.from({ length: 21 }, (_, index) => index - 10);
  const bin_counts = bin_edges
    .slice(1)
    .map((edge) => Math.round(400 * Math.exp(-((edge / 4) ** 2)) + 4 * (1 + noiseOf(edge))));
  const bin_averages = bin_edges.slice(1).map((edge) => 0.9 * edge + noiseOf(edge));
  const bin_errors = bin_edges.slice(1).map((edge) => 0.6 + 0.5 * Math.abs(noiseOf(edge + 3)));
  return { data: { bin_edges, bin_counts, bin_averages, bin_errors } };
}
