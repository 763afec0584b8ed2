import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';

export const showArchivedExperimentsCommand: Command = {
  id: commandIds.showArchivedExperiments,
  run: ({ experiments }) => experiments.showArchived(true),
};

export const hideArchivedExperimentsCommand: Command = {
  id: commandIds.hideArchivedExperiments,
  run: ({ experiments }) => experiments.showArchived(false),
};
