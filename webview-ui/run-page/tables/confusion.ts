export interface ConfusionMatrix {
  readonly labels: readonly string[];
  /** Rows are the true classes, columns the predicted ones. */
  readonly matrix: readonly (readonly number[])[];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a document of the schema `confusion_matrix`. Throws with a sentence where it is not one. */
export function readConfusionMatrix(document: unknown): ConfusionMatrix {
  const data = isRecord(document) ? document.data : undefined;
  if (!isRecord(data) || !Array.isArray(data.matrix)) {
    throw new Error('The file has no matrix. Open it to see what was logged.');
  }
  const matrix: number[][] = [];
  for (const row of data.matrix as unknown[]) {
    if (!Array.isArray(row) || row.length !== data.matrix.length || !row.every((cell) => typeof cell === 'number')) {
      throw new Error('The matrix is not a square of numbers. Open the file to see what was logged.');
    }
    matrix.push(row);
  }
  const labels = Array.isArray(data.class_labels) ? data.class_labels.map(String) : [];
  return { labels: matrix.map((_, index) => labels[index] ?? String(index)), matrix };
}

export interface ConfusionCell {
  readonly count: number;
  /** Of its row, 0 to 1. */
  readonly share: number;
  readonly isDiagonal: boolean;
  /** How strongly the cell is coloured, 0 to 1: the diagonal and the errors each have a scale of their own. */
  readonly strength: number;
}

export interface ConfusionRow {
  readonly cells: readonly ConfusionCell[];
  readonly total: number;
  /** Undefined for a class that never occurred. */
  readonly recall: number | undefined;
}

export function confusionRows({ matrix }: ConfusionMatrix): ConfusionRow[] {
  const totals = matrix.map((row) => row.reduce((sum, cell) => sum + cell, 0));
  const share = (row: number, column: number): number => {
    const total = totals[row] ?? 0;
    return total === 0 ? 0 : (matrix[row]?.[column] ?? 0) / total;
  };
  const shares = matrix.map((row, rowIndex) => row.map((_, column) => share(rowIndex, column)));
  const worst = Math.max(0, ...shares.flatMap((row, rowIndex) => row.filter((_, column) => column !== rowIndex)));
  return matrix.map((row, rowIndex) => ({
    total: totals[rowIndex] ?? 0,
    recall: totals[rowIndex] === 0 ? undefined : share(rowIndex, rowIndex),
    cells: row.map((count, column) => {
      const part = shares[rowIndex]?.[column] ?? 0;
      const isDiagonal = column === rowIndex;
      return { count, share: part, isDiagonal, strength: isDiagonal ? part ** 2 : worst === 0 ? 0 : part / worst };
    }),
  }));
}
