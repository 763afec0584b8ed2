import { parseQuery } from '../../core/run-query/parseQuery.ts';
import { commandIds } from '../ids.ts';
import { pickFilter } from '../tree/filterPick.ts';
import type { Command } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';

/** Asks which runs the Experiments view shows. Given a text, takes it without asking. */
export const filterRunsCommand: Command = { id: commandIds.filterRuns, run: filterRuns };

/** The same, with the icon of a filter that is there. */
export const changeRunFilterCommand: Command = { id: commandIds.changeRunFilter, run: filterRuns };

/** Shows all runs again. */
export const clearRunFilterCommand: Command = {
  id: commandIds.clearRunFilter,
  run: ({ experiments }) => experiments.filter.set(''),
};

async function filterRuns({ experiments, log }: CommandServices, argument: unknown): Promise<void> {
  const { filter } = experiments;
  const text =
    typeof argument === 'string'
      ? argument
      : await pickFilter({
          current: filter.current,
          recent: filter.recent,
          knownNames: () => experiments.knownNames(),
          count: (query) => experiments.count(query),
          onDidRead: experiments.tree.onDidRead,
          onError: (error) => log.warn(error instanceof Error ? error.message : String(error)),
        });
  if (text !== undefined) {
    parseQuery(text);
    await filter.set(text);
  }
}
