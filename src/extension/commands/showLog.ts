import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';

/** Shows the extension's own log. */
export const showLogCommand: Command = {
  id: commandIds.showLog,
  run: async ({ log }) => log.show(),
};
