import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { SubmitOptions } from '../submit/submitter.ts';
import type { Command } from './commandRunner.ts';

/** Submits a script: that of a menu's file, of {@link SubmitOptions}, or of the active editor. Returns the run. */
export const submitCommand: Command = {
  id: commandIds.submit,
  run: ({ submitter }, argument) => submitter.submit(submitOptionsOf(argument), false),
};

/** The same, asking for the script's arguments. */
export const submitWithArgumentsCommand: Command = {
  id: commandIds.submitWithArguments,
  run: ({ submitter }, argument) => submitter.submit(submitOptionsOf(argument), true),
};

/** A menu hands over the file; other callers an object, of which only well-formed parts are taken. */
export function submitOptionsOf(argument: unknown): SubmitOptions {
  if (argument instanceof vscode.Uri) {
    return { script: argument };
  }
  if (typeof argument !== 'object' || argument === null) {
    return {};
  }
  const fields = argument as Readonly<Record<string, unknown>>;
  const { script, experiment, runConfiguration, createWorkspace, displayName } = fields;
  const words = fields.arguments;
  return {
    ...(script instanceof vscode.Uri ? { script } : {}),
    // What comes through JSON, as from the language server, names a path.
    ...(typeof script === 'string' ? { script: vscode.Uri.file(script) } : {}),
    ...(typeof experiment === 'string' ? { experiment } : {}),
    ...(typeof runConfiguration === 'string' ? { runConfiguration } : {}),
    ...(isTexts(words) ? { arguments: words } : {}),
    ...(typeof createWorkspace === 'boolean' ? { createWorkspace } : {}),
    ...(typeof displayName === 'string' ? { displayName } : {}),
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
