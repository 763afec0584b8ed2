import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { addArchiving } from '../experimentArchiving.ts';

export function addExperimentArchive(experiment: Command, context: CliContext): void {
  addArchiving(experiment, context, {
    verb: 'archive',
    isArchived: true,
    summary: 'leave an experiment out of lists',
    description: 'Archives an experiment: lists leave it out. Its runs stay, and it can be used as before.',
    done: 'archived',
    already: 'was archived already',
  });
}
