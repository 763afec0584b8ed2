import type { BasicPoint } from '../../../charts/basicChart.ts';
import { dataOf, isNumberList, textsOf } from './documentData.ts';

/** Counts at one threshold. */
type Counts = readonly [truePositives: number, falsePositives: number, trueNegatives: number, falseNegatives: number];

export interface AccuracyTable {
  readonly labels: readonly string[];
  /** By class, then by threshold. */
  readonly counts: readonly (readonly Counts[])[];
}

export interface ClassCurve {
  readonly label: string;
  readonly points: readonly BasicPoint[];
  /** The area under the curve; undefined where the class never occurs, or always does. */
  readonly area: number | undefined;
}

/** Reads a document of the schema `accuracy_table`. Throws with a sentence where it is not one. */
export function readAccuracyTable(document: unknown): AccuracyTable {
  const data = dataOf(document);
  const tables = [data?.probability_tables, data?.percentile_tables].find(isTables);
  if (tables === undefined) {
    throw new Error('The file has no probability or percentile tables. Open it to see what was logged.');
  }
  const labels = textsOf(data?.class_labels);
  return { labels: tables.map((_, index) => labels[index] ?? String(index)), counts: tables };
}

function isTables(value: unknown): value is Counts[][] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (table: unknown) =>
        Array.isArray(table) &&
        table.length > 0 &&
        table.every((row: unknown) => isNumberList(row) && row.length === 4),
    )
  );
}

/** Each class against the rest: the share of its members that are found over the share of others that are taken for them. */
export function rocCurves(table: AccuracyTable): readonly ClassCurve[] {
  return curvesOf(table, (counts) => {
    const points = counts.flatMap(([tp, fp, tn, fn]) =>
      tp + fn === 0 || fp + tn === 0 ? [] : [{ x: fp / (fp + tn), y: tp / (tp + fn) }],
    );
    return points.length === 0 ? [] : sorted([{ x: 0, y: 0 }, ...points, { x: 1, y: 1 }]);
  });
}

/** Each class against the rest: how much of what is taken for it is it, over the share of its members that are found. */
export function precisionRecallCurves(table: AccuracyTable): readonly ClassCurve[] {
  return curvesOf(table, (counts) => {
    const points = sorted(
      counts.flatMap(([tp, fp, , fn]) =>
        tp + fn === 0 || tp + fp === 0 ? [] : [{ x: tp / (tp + fn), y: tp / (tp + fp) }],
      ),
      -1,
    );
    const [first] = points;
    // The highest threshold with any member has a precision; above it, nothing says that it would be another.
    return first === undefined || first.x === 0 ? points : [{ x: 0, y: first.y }, ...points];
  });
}

function curvesOf(
  { labels, counts }: AccuracyTable,
  pointsOf: (counts: readonly Counts[]) => readonly BasicPoint[],
): readonly ClassCurve[] {
  return counts.map((table, index) => {
    const points = pointsOf(table);
    return { label: labels[index] ?? String(index), points, area: areaUnder(points) };
  });
}

/** By x; of equal x the one that the curve comes to first: going up (1) or down (-1). */
function sorted(points: readonly BasicPoint[], direction: 1 | -1 = 1): readonly BasicPoint[] {
  return points.toSorted((a, b) => a.x - b.x || direction * (a.y - b.y));
}

function areaUnder(points: readonly BasicPoint[]): number | undefined {
  if (points.length === 0) {
    return undefined;
  }
  let area = 0;
  for (let index = 1; index < points.length; index++) {
    const [left, right] = [points[index - 1], points[index]];
    if (left !== undefined && right !== undefined) {
      area += ((right.x - left.x) * (left.y + right.y)) / 2;
    }
  }
  return area;
}
