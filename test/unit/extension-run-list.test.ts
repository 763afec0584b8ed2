import { describe, expect, it } from 'vitest';
import type { RunCatalog } from '../../src/core/catalog/runCatalog.ts';
import type { ExperimentNode, TreeNode } from '../../src/extension/tree/nodes.ts';
import { RunList } from '../../src/extension/tree/runList.ts';
import { newRun, openTestCatalog, temporaryWorkspace } from '../support/temporaryStore.ts';

const numbersOf = (rows: readonly TreeNode[]): (number | string)[] =>
  rows.map((row) => (row.kind === 'run' && row.entry.kind === 'run' ? row.entry.number : row.kind));

describe('the runs of an experiment in the tree', () => {
  it('are in falling order of number also where some come in while a page is read', async () => {
    const folder = await temporaryWorkspace();
    const catalog = await openTestCatalog(folder);
    for (let number = 1; number <= 3; number++) {
      await newRun(folder);
    }
    const [summary] = await catalog.experiments();
    const workspace = {
      kind: 'workspace',
      id: 'w',
      workspace: catalog.workspace,
    } as unknown as ExperimentNode['parent'];
    const experiment = { kind: 'experiment', id: 'e', parent: workspace, summary } as ExperimentNode;
    let hold: Promise<unknown> = Promise.resolve();
    const slow: Pick<RunCatalog, 'runs' | 'children'> = {
      runs: async (query) => {
        await hold;
        return catalog.runs(query);
      },
      children: (runId) => catalog.children(runId),
    };
    const list = new RunList(experiment, slow as RunCatalog, 4);
    const coming = async (): Promise<void> => {
      const { runId } = await newRun(folder);
      const entry = await catalog.run(runId);
      if (entry !== undefined) {
        list.insert(entry);
      }
    };

    // Told of runs 4 and 5 while the first page is on its way, which has 6 too.
    hold = (async () => {
      await coming();
      await coming();
      await newRun(folder);
    })();
    expect(numbersOf(await list.children())).toEqual([6, 5, 4, 3, 'loadMore']);
    hold = coming();
    await list.loadMore();
    expect(numbersOf(await list.children())).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });
});
