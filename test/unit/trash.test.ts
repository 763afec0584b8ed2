import { expect, it } from 'vitest';
import { currentProcessIdentity } from '../../src/core/store/processIdentity.ts';
import { childCount, deleteRun, restoreRun } from '../../src/core/store/trash.ts';
import { runIds } from '../support/submittedRun.ts';
import { newRun, openTestCatalog, record, temporaryWorkspace } from '../support/temporaryStore.ts';

async function family() {
  const folder = await temporaryWorkspace();
  const parent = await newRun(folder);
  const child = await newRun(folder, { parentId: parent.runId });
  const grandchild = await newRun(folder, { parentId: child.runId });
  const other = await newRun(folder);
  return { folder, parent, child, grandchild, other };
}

it('a deleted run takes its children with it, and brings them back', async () => {
  const { folder, parent, child, grandchild, other } = await family();
  expect(await childCount(folder, parent.runId)).toBe(2);
  await deleteRun(folder, parent.runId);
  expect(await runIds(folder)).toEqual([other.runId]);
  const catalog = await openTestCatalog(folder);
  expect((await catalog.deletedRuns()).map(({ id }) => id).sort()).toEqual(
    [parent.runId, child.runId, grandchild.runId].sort(),
  );
  await restoreRun(folder, parent.runId);
  expect((await runIds(folder)).length).toBe(4);
  expect((await catalog.children(parent.runId)).map(({ id }) => id)).toEqual([child.runId]);
  expect(await catalog.deletedRuns()).toEqual([]);
});

it('a run whose child goes on stays with all of them', async () => {
  const { folder, parent, grandchild } = await family();
  await record(
    folder,
    grandchild,
    { k: 'process', role: 'script', ...(await currentProcessIdentity()) },
    { k: 'status', v: 'Running' },
  );
  await expect(deleteRun(folder, parent.runId)).rejects.toMatchObject({
    reason: 'invalid-state',
    message: expect.stringContaining(`${grandchild.runId}, a child of ${parent.runId}, still goes on`),
  });
  expect((await runIds(folder)).length).toBe(4);
});

it('a child that is deleted alone leaves its parent', async () => {
  const { folder, parent, child, grandchild } = await family();
  await deleteRun(folder, child.runId);
  const catalog = await openTestCatalog(folder);
  expect(await catalog.children(parent.runId)).toEqual([]);
  await restoreRun(folder, child.runId);
  expect((await catalog.children(child.runId)).map(({ id }) => id)).toEqual([grandchild.runId]);
});
