import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { addArchiving } from '../experimentArchiving.ts';

export function addExperimentReactivate(experiment: Command, context: CliContext): void {
  addArchiving(experiment, context, {
    verb: 'reactivate',
    isArchived: false,
    summary: 'list an archived experiment again',
    description: 'Makes an archived experiment active again: lists show it.',
    done: 'active again',
    already: 'was active already',
  });
}
