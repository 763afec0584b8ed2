import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { SweepOptions } from '../submit/submitter.ts';
import type { Command } from './commandRunner.ts';
import { submitOptionsOf } from './submit.ts';

/** Submits a sweep over the arguments of a script: that of a menu's file, of {@link SweepOptions}, or of the active editor. */
export const submitSweepCommand: Command = {
  id: commandIds.submitSweep,
  run: ({ submitter }, argument) => submitter.submitSweep(sweepOptionsOf(argument)),
};

function sweepOptionsOf(argument: unknown): SweepOptions {
  const options = submitOptionsOf(argument);
  const isObject = typeof argument === 'object' && argument !== null && 'sweepConfiguration' in argument;
  const configuration = isObject ? argument.sweepConfiguration : undefined;
  return { ...options, ...(configuration instanceof vscode.Uri ? { sweepConfiguration: configuration } : {}) };
}
