import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunledgerError } from '../../src/core/base/errors.ts';
import { openWorkspace } from '../../src/core/store/workspaces.ts';
import { crash } from '../support/crash.ts';
import { openTestCatalog, temporaryFolder, temporaryWorkspace } from '../support/temporaryStore.ts';

const store = join(import.meta.dirname, '../../src/core/store');

describe('a crash in the middle of a creation', () => {
  it('leaves no workspace or a whole one', async () => {
    const body = `const { createWorkspace } = await import(${JSON.stringify(join(store, 'workspaces.ts'))});
      await createWorkspace({ folder });`;
    const seen = new Set<string>();
    for (let calls = 0, isWhole = false; !isWhole; calls++) {
      const folder = await temporaryFolder();
      isWhole = await crash(body, folder, calls);
      const outcome: unknown = await openWorkspace(folder).catch((error: unknown) => error);
      if (RunledgerError.is(outcome)) {
        expect(outcome.reason).toBe('not-a-store');
        seen.add('nothing');
      } else {
        expect((await readdir(join(folder, '.runledger'))).length).toBe(6);
        seen.add('whole');
      }
      expect(calls).toBeLessThan(50);
    }
    expect(seen).toEqual(new Set(['nothing', 'whole']));
  }, 60_000);

  it('leaves no run or a whole one, and numbers go on', async () => {
    const template = await temporaryWorkspace();
    const body = `const { createRun } = await import(${JSON.stringify(join(store, 'runCreation.ts'))});
      await createRun({ workspaceFolder: folder, experiment: 'iris', type: 'azureml.scriptrun', createdBy: 'test/1' });`;
    const outcomes: number[] = [];
    for (let calls = 0, isWhole = false; !isWhole; calls++) {
      const folder = await temporaryFolder();
      await cp(join(template, '.runledger'), join(folder, '.runledger'), { recursive: true });
      isWhole = await crash(body, folder, calls);
      const catalog = await openTestCatalog(folder);
      for (const experiment of await catalog.experiments()) {
        const { items } = await catalog.runs({ experimentKey: experiment.key, limit: 10 });
        expect(items.every((item) => item.kind === 'run')).toBe(true);
        outcomes.push(items.length);
      }
      expect(await crash(body, folder, 1000)).toBe(true);
      const { items } = await catalog.runs({ experimentKey: 'iris', limit: 10 });
      expect(items[0]?.kind).toBe('run');
      expect(calls).toBeLessThan(50);
    }
    expect(outcomes).toContain(0);
    expect(outcomes).toContain(1);
  }, 60_000);
});
