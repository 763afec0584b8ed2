import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { artifactPathProblem, checkExperimentName, experimentKey, isRunId } from '../../src/core/store/names.ts';
import { readRunState } from '../../src/core/submission/runState.ts';
import { runView } from '../support/runView.ts';

const fixtures = join(import.meta.dirname, '../fixtures/store-format');
const cases = readdirSync(fixtures).filter((name) => statSync(join(fixtures, name)).isDirectory());

describe('the store format, read from the shared vectors', () => {
  it.each(cases)('%s', async (name) => {
    const expected: unknown = JSON.parse(readFileSync(join(fixtures, name, 'expected.json'), 'utf8'));
    expect(await runView(join(fixtures, name))).toStrictEqual(expected);
  });

  it('keeps what is told of processes', async () => {
    const expected: unknown = JSON.parse(readFileSync(join(fixtures, 'processes', 'processes.json'), 'utf8'));
    expect((await readRunState(join(fixtures, 'processes'))).processes).toStrictEqual(expected);
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
