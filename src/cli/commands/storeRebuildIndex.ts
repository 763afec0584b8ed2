import type { Command } from 'commander';
import { indexFile, removeIndex } from '../../core/run-index/indexDatabase.ts';
import { RunIndex } from '../../core/run-index/runIndex.ts';
import type { CliContext } from '../context.ts';
import { interruptible } from '../interruptible.ts';
import { writeItem } from '../output.ts';
import { ProgressLine } from '../progressLine.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

const columns = ['workspace', 'runs', 'file'] as const;

export function addStoreRebuildIndex(store: Command, context: CliContext): void {
  addWorkspaceOptions(store.command('rebuild-index'))
    .summary('make the index of the runs anew')
    .description(
      'Throws away the index that lists, filters and charts read from, and makes it anew from the files of the workspace, which are not ' +
        'touched. That is never needed, unless the index says something else than the files. Windows that are open keep their old index until they are reloaded.',
    )
    .addHelpText(
      'after',
      `
JSON (-o json): {${columns.join(', ')}}: file is the index, which may be deleted at any time.

Example:
  runledger store rebuild-index`,
    )
    .action(async (options: WorkspaceOptions, command: Command) => {
      const { folder, name } = await chosenWorkspace(context, options);
      const progress = new ProgressLine(context.stderr);
      const file = indexFile(folder);
      removeIndex(file);
      const index = await RunIndex.open(folder);
      try {
        await interruptible(context, (signal) =>
          index.refreshAll({
            signal,
            onProgress: ({ done, total }) => progress.show(`Reading ${total} runs`, total === 0 ? 1 : done / total),
          }),
        ).finally(() => progress.clear());
        const runs = Number(index.database.row('SELECT count(*) AS count FROM runs')?.count);
        const text = `The index has ${runs === 1 ? '1 run' : `${runs} runs`}: ${file}`;
        writeItem(context, command, { workspace: name, runs, file }, () => text);
      } finally {
        index.close();
      }
    });
}
