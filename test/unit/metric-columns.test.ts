import { describe, expect, it } from 'vitest';
import { metricColumn } from '../../src/core/run-index/metricColumns.ts';
import { RunIndex } from '../../src/core/run-index/runIndex.ts';
import { deleteRun } from '../../src/core/store/trash.ts';
import { newRun, onCleanup, record, temporaryWorkspace } from '../support/temporaryStore.ts';

async function openIndex(folder: string): Promise<RunIndex> {
  const index = await RunIndex.open(folder);
  onCleanup(() => index.close());
  return index;
}

describe('the numbers of a metric over all runs', () => {
  it('are those that any process has written, however often they are asked for', async () => {
    const folder = await temporaryWorkspace();
    const [reader, writer] = [await openIndex(folder), await openIndex(folder)];
    const losses = (): readonly number[] =>
      [...metricColumn(reader.database.database, 'loss', 'last').numbers].sort((a, b) => a - b);
    expect(losses()).toEqual([]);
    const run = await newRun(folder);
    await record(folder, run, { k: 'metric', n: 'loss', v: 3 });
    await writer.refreshAll();
    expect(losses()).toEqual([3]);
    expect(losses()).toEqual([3]);
    await record(folder, run, { k: 'metric', n: 'loss', v: 2 });
    const other = await newRun(folder);
    await record(folder, other, { k: 'metric', n: 'loss', v: 7 });
    await reader.refreshAll();
    expect(losses()).toEqual([2, 7]);
    await deleteRun(folder, other.runId);
    await writer.refreshAll();
    expect(losses()).toEqual([2]);
    expect(metricColumn(reader.database.database, 'loss', 'max').numbers).toEqual(new Float64Array([3]));
  });
});
