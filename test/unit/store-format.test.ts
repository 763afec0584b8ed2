import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storedScalar } from '../../src/core/store/journalRecords.ts';
import { artifactPathProblem, checkExperimentName, experimentKey, isRunId } from '../../src/core/store/names.ts';
import { RunReader } from '../../src/core/store/runReader.ts';

const fixtures = join(import.meta.dirname, '../fixtures/store-format');
const cases = readdirSync(fixtures).filter((name) => statSync(join(fixtures, name)).isDirectory());

/** A run in the form that the vectors give it: absent is null, non-finite numbers are tagged. */
async function view(folder: string): Promise<unknown> {
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

describe('the store format, read from the shared vectors', () => {
  it.each(cases)('%s', async (name) => {
    const expected: unknown = JSON.parse(readFileSync(join(fixtures, name, 'expected.json'), 'utf8'));
    expect(await view(join(fixtures, name))).toStrictEqual(expected);
  });

  it('has vectors', () => {
    expect(cases.length).toBeGreaterThan(15);
  });
});

interface NameVectors {
  readonly experimentNames: readonly { name: string; key?: string; error?: true }[];
  readonly runIds: readonly { id: string; ok: boolean }[];
  readonly artifactPaths: readonly { path: string; ok: boolean }[];
}

const names = JSON.parse(readFileSync(join(fixtures, 'names.json'), 'utf8')) as NameVectors;

describe('names, checked by the shared vectors', () => {
  it.each(names.experimentNames)('experiment $name', ({ name, key, error }) => {
    if (error) {
      expect(checkExperimentName(name)).toContain('cannot be');
      expect(() => experimentKey(name)).toThrow(/cannot be/);
    } else {
      expect(checkExperimentName(name)).toBeUndefined();
      expect(experimentKey(name)).toBe(key);
    }
  });

  it.each(names.runIds)('run id $id', ({ id, ok }) => {
    expect(isRunId(id)).toBe(ok);
  });

  it.each(names.artifactPaths)('artifact $path', ({ path, ok }) => {
    expect(artifactPathProblem(path) === undefined).toBe(ok);
  });
});
