import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';

/** Reads what the views show anew. */
export const refreshCommand: Command = {
  id: commandIds.refresh,
  run: async ({ experiments }) => experiments.refresh(),
};
