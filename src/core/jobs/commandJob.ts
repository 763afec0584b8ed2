/** A command job of Azure ML's later command line, as far as this machine can run it. */
import { dirname } from 'node:path';
import * as v from 'valibot';
import { parseDefinitionFile } from '../base/definitionFile.ts';
import { RunledgerError } from '../base/errors.ts';
import type { RegisteredDataSet } from '../data-sets/registeredDataSets.ts';
import type { Template } from '../orchestration/template.ts';
import { type CommandSettings, commandSettingsOf } from './commandSettings.ts';
import { commandTemplate, type Meaning } from './commandTemplate.ts';
import { codeOf, commandField, commandFields, isElsewhere, type JobInput, jobFields } from './jobFields.ts';
import { pathHere } from './jobInputs.ts';

/** What a file of a command job has to be. */
export const commandJobSettings = v.looseObject(
  { ...jobFields, ...commandFields, command: commandField },
  'must be a command job',
);

type CommandJobFile = v.InferOutput<typeof commandJobSettings>;

/** What is run: a script of the source folder, or a line for the shell. */
export type RunnableCommand =
  | { readonly script: string; readonly arguments: readonly string[] }
  | { readonly command: string };

/** A job that can be run here. */
export interface CommandJob extends CommandSettings {
  /** With every expression put in. */
  readonly runnable: RunnableCommand;
  readonly experiment: string | undefined;
  readonly displayName: string | undefined;
}

/**
 * Reads the text of a command job.
 *
 * @param path the file, absolute: its relative paths begin at its folder
 * @param label names the file in messages
 * @param dataSets of the workspace, which inputs may name
 * @throws RunledgerError `invalid-argument`, also where only Azure can run it
 */
export function parseCommandJob(
  content: string,
  path: string,
  label: string,
  dataSets: readonly RegisteredDataSet[],
): CommandJob {
  const file = parseDefinitionFile(commandJobSettings, content, label);
  const folder = dirname(path);
  const code = codeOf(file);
  if (code !== undefined && isElsewhere(code)) {
    throw elsewhere(label, `its code is ${code}`);
  }
  return {
    ...commandSettingsOf(file, folder),
    runnable: runnableOf(file, folder, label, dataSets),
    experiment: file.experiment_name,
    displayName: file.display_name,
  };
}

/** The command with what its expressions stand for; outputs are folders that the run keeps. */
function runnableOf(
  file: CommandJobFile,
  folder: string,
  label: string,
  dataSets: readonly RegisteredDataSet[],
): RunnableCommand {
  const outputs = new Set<string>();
  const meaningOf = (expression: string): Meaning => {
    const [kind, name = ''] = expression.split('.', 2);
    if (kind === 'outputs') {
      outputs.add(`outputs/${name}`);
      return `outputs/${name}`;
    }
    const input = kind === 'inputs' ? file.inputs?.[name] : undefined;
    if (input === undefined || input === null) {
      throw new RunledgerError('invalid-argument', `${label}: nothing stands for \${{${expression}}}.`, {
        advice: 'Give it under "inputs" or "outputs".',
      });
    }
    return inputMeaning(input, name, folder, label, dataSets);
  };
  // Asked once before: which folders there are is known when all expressions have been looked at.
  commandTemplate(file.command, meaningOf);
  const runnable = commandTemplate(file.command, meaningOf, [...outputs]);
  return 'script' in runnable
    ? { script: runnable.script, arguments: runnable.arguments.map(literal) }
    : { command: literal(runnable.command) };
}

/** Nothing of a command job is known only when it starts. */
function literal(template: Template): string {
  if (typeof template !== 'string') {
    throw new TypeError('A command job has something that is known only later.');
  }
  return template;
}

function inputMeaning(
  input: JobInput,
  name: string,
  folder: string,
  label: string,
  dataSets: readonly RegisteredDataSet[],
): Meaning {
  if (typeof input !== 'object') {
    return String(input);
  }
  if (input.path === undefined) {
    if (input.default !== undefined) {
      return String(input.default);
    }
    throw elsewhere(label, `its input "${name}" has neither a path nor a value`);
  }
  const word = pathHere(input.path, { folder, dataSets });
  if (word === undefined) {
    throw elsewhere(label, `its input "${name}" is ${input.path}`);
  }
  return { word, isPath: true };
}

function elsewhere(label: string, reason: string): RunledgerError {
  return new RunledgerError('invalid-argument', `${label} cannot be run on this machine: ${reason}.`, {
    advice: 'Name a path on this machine, relative to the file.',
  });
}
