import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOnNetwork } from '../../src/core/base/fileSystemKind.ts';
import { watchFolder } from '../../src/core/base/folderWatcher.ts';
import type { CatalogChange, RunDelta } from '../../src/core/catalog/runCatalog.ts';
import {
  collector,
  newRun,
  onCleanup,
  openTestCatalog,
  openTestJournal,
  temporaryFolder,
  temporaryWorkspace,
} from '../support/temporaryStore.ts';

function pollFromNow(): void {
  process.env.RUNLEDGER_WATCH = 'polling';
  onCleanup(() => {
    delete process.env.RUNLEDGER_WATCH;
  });
}

describe('a folder where no events come', () => {
  it('is looked at: what comes, grows and goes is told', async () => {
    pollFromNow();
    const folder = await temporaryFolder();
    const seen = collector<string | undefined>((listener) => watchFolder(folder, listener));
    await writeFile(join(folder, 'a'), '1');
    await seen.until((names) => names.length === 1);
    await appendFile(join(folder, 'a'), '2');
    await seen.until((names) => names.length === 2);
    await mkdir(join(folder, 'b'));
    await rm(join(folder, 'a'));
    await seen.until((names) => names.length === 4);
    expect(seen.values.toSorted()).toEqual(['a', 'a', 'a', 'b']);
  });

  it('still shows a run live', async () => {
    pollFromNow();
    const folder = await temporaryWorkspace();
    const catalog = await openTestCatalog(folder);
    const changes = collector<CatalogChange>(catalog.onDidChange);
    const run = await newRun(folder);
    const journal = await openTestJournal(folder, run);
    await changes.until((values) => values.some(({ kind }) => kind === 'runs-added'));
    const deltas = collector<RunDelta>((listener) => catalog.follow(run.runId, listener));
    await catalog.details(run.runId);
    await journal.append({ k: 'metric', n: 'loss', v: 1 });
    await deltas.until((values) => values.some(({ points }) => points.length > 0));
  });

  it('is told from a local one', () => {
    expect(isOnNetwork(process.cwd())).toBe(false);
  });
});
