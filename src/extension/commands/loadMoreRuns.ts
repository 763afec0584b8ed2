import { commandIds } from '../ids.ts';
import type { LoadMoreNode } from '../tree/nodes.ts';
import type { Command } from './commandRunner.ts';

/** Reads the next page of an experiment: the row "Load more" of the tree. */
export const loadMoreRunsCommand: Command = {
  id: commandIds.loadMoreRuns,
  async run({ experiments }, argument) {
    if (isLoadMoreNode(argument)) {
      await experiments.tree.loadMore(argument);
    }
  },
};

function isLoadMoreNode(argument: unknown): argument is LoadMoreNode {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && argument.kind === 'loadMore';
}
