/** A run as readers see it, in the form of the shared vectors: what the Python side's `fold(…).to_dict()` gives too. */
import { storedScalar } from '../../src/core/store/journalRecords.ts';
import { RunReader } from '../../src/core/store/runReader.ts';
import { pythonJson } from './pythonProgram.ts';

/** A run in the form that the vectors give it: absent is null, non-finite numbers are tagged. */
export async function runView(folder: string): Promise<unknown> {
  const reader = await RunReader.open({ folder, experimentKey: 'iris', withMetrics: true });
  await reader.refresh();
  const details = await reader.details();
  const metrics: Record<string, unknown> = {};
  for (const { name, kind } of details.metrics) {
    if (kind === 'metric') {
      const points = reader.metrics.points(name) ?? [];
      metrics[name] = { kind, points: points.map((point) => [point.x, storedScalar(point.value), point.time]) };
    } else if (kind === 'list') {
      metrics[name] = { kind, values: (reader.metrics.points(name) ?? []).map((point) => storedScalar(point.value)) };
    } else {
      const table = reader.metrics.table(name);
      const columns = table?.columns.map((column, index) => [
        column,
        table.rows.map((row) => storedScalar(row[index] ?? null)),
      ]);
      metrics[name] = { kind, columns: Object.fromEntries(columns ?? []) };
    }
  }
  for (const image of details.images) {
    const known = metrics[image.name] as { images: unknown[] } | undefined;
    const images = [...(known?.images ?? []), { path: image.path, step: image.step ?? null }];
    metrics[image.name] = { kind: 'image', images };
  }
  for (const document of details.documents) {
    metrics[document.name] = { kind: 'document', schema: document.schema, path: document.path };
  }
  const { summary } = details;
  return {
    status: summary.status,
    startTime: summary.startTime ?? null,
    endTime: summary.endTime ?? null,
    exitCode: summary.exitCode ?? null,
    error: summary.failure ?? null,
    displayName: summary.displayName ?? null,
    description: details.description ?? null,
    notes: details.notes ?? null,
    tags: details.tags,
    properties: details.properties,
    parameters: Object.fromEntries(
      Object.entries(details.parameters).map(([name, value]) => [name, storedScalar(value)]),
    ),
    metrics,
    warnings: details.warnings,
    problems: details.problemCount,
  };
}

const pythonProgram = `
import json, os, sys
from runledger.store.journal_reader import read_journal
from runledger.store.run_view import fold
folder = sys.argv[1]
records, problems = read_journal(os.path.join(folder, "journal"))
with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
    record = json.load(file)
print(json.dumps(fold(record, records, problems).to_dict()))
`;

/** The same of the Python implementation. */
export function pythonRunView(folder: string): Promise<unknown> {
  return pythonJson(folder, pythonProgram, folder);
}
