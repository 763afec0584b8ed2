import { execFile } from 'node:child_process';
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { RunledgerError } from '../../src/core/base/errors.ts';
import { openWorkspace } from '../../src/core/store/workspaces.ts';
import { openTestCatalog, temporaryFolder, temporaryWorkspace } from '../support/temporaryStore.ts';

const run = promisify(execFile);
const store = join(import.meta.dirname, '../../src/core/store');

/** A program that dies, as by `kill -9`, instead of making its n-th call that changes the file system. */
function program(body: string): string {
  return `
    import promises from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    let left = Number(process.argv[2]);
    for (const name of ['mkdir', 'writeFile', 'rename', 'open', 'rm']) {
      const original = promises[name];
      promises[name] = (...args) => {
        if (name === 'open' && args[1] === 'r') return original(...args);
        if (left-- === 0) process.kill(process.pid, 'SIGKILL');
        return original(...args);
      };
    }
    syncBuiltinESMExports();
    const folder = process.argv[1];
    ${body}
    console.log('whole');`;
}

async function crash(body: string, folder: string, callsBefore: number): Promise<boolean> {
  const result = run(process.execPath, ['--input-type=module', '-e', program(body), folder, String(callsBefore)], {
    env: { ...process.env, RUNLEDGER_HOME: join(folder, 'user-data') },
  });
  return (await result.catch((error: { stdout: string }) => error)).stdout.includes('whole');
}

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
