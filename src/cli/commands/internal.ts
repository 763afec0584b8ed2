/** Commands for the Python SDK: JSON on the standard input, JSON on the standard output. Not for people, and not in the help. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parse, stringify } from 'yaml';
import { RunledgerError } from '../../core/base/errors.ts';
import { parseRunConfiguration } from '../../core/run-configurations/runConfigurationFile.ts';
import { isJsonObject, type JsonObject } from '../../core/store/jsonFile.ts';
import { openWorkspace } from '../../core/store/workspaces.ts';
import type { SubmitRequest } from '../../core/submission/submission.ts';
import { submitRun } from '../../core/submission/submitRun.ts';
import { type CliContext, writeLine } from '../context.ts';
import { JsonFields } from '../jsonFields.ts';

const maxInputLength = 64 * 1024 * 1024;

export function addInternal(program: Command, context: CliContext): void {
  const internal = program.command('internal', { hidden: true });
  const add = (name: string, answer: (input: JsonObject) => Promise<object>): void => {
    internal.command(name).action(async () => {
      try {
        writeLine(context.stdout, JSON.stringify(await answer(await readInput(context.stdin))));
      } catch (error) {
        if (!(error instanceof RunledgerError)) {
          throw error;
        }
        const { reason, message, advice } = error;
        writeLine(context.stdout, JSON.stringify({ error: { reason, message, advice: advice ?? null } }));
        context.setExitCode(1);
      }
    });
  };
  add('submit', (input) => submit(input, context));
  add('yaml-parse', async (input) => ({ value: parseYaml(new JsonFields(input).text('text')) }));
  add('yaml-write', async (input) => ({ text: stringify(input.value ?? null) }));
}

async function readInput(stdin: NodeJS.ReadableStream): Promise<JsonObject> {
  let text = '';
  stdin.setEncoding('utf8');
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > maxInputLength) {
      throw new RunledgerError('invalid-argument', 'The request is too large.');
    }
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RunledgerError('invalid-argument', 'The request is not JSON.', { cause: error });
  }
  if (!isJsonObject(value)) {
    throw new RunledgerError('invalid-argument', 'The request is not a JSON object.');
  }
  return value;
}

/** Aliases are followed, dates stay texts: what a YAML file of Azure ML's tools holds. */
function parseYaml(text: string): unknown {
  try {
    return parse(text) ?? null;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    throw new RunledgerError('invalid-argument', `The text is not YAML: ${reason.replace(/:$/, '')}.`, {
      cause: error,
    });
  }
}

async function submit(input: JsonObject, context: CliContext): Promise<object> {
  const { pythonSdkFolder, version, command } = context.installation;
  const run = await submitRun(await requestOf(new JsonFields(input)), {
    pythonSdkFolder,
    cliCommand: command,
    createdBy: `runledger-python/${version}`,
  });
  return { id: run.runId, number: run.number, experiment: run.experiment, status: run.status, warnings: run.warnings };
}

async function requestOf(fields: JsonFields): Promise<SubmitRequest> {
  const workspace = await openWorkspace(fields.text('workspaceFolder'));
  const sourceDirectory = fields.text('sourceDirectory');
  const script = fields.optionalText('script');
  const command = fields.optionalTexts('command');
  const configuration = fields.object('configuration');
  const target = typeof configuration.target === 'string' ? configuration.target : 'local';
  const optional = {
    scriptPath: script === undefined ? undefined : resolve(sourceDirectory, script),
    command,
    displayName: fields.optionalText('displayName'),
    parentId: fields.optionalText('parentId'),
    runId: fields.optionalText('runId'),
    tags: fields.optionalTextMap('tags'),
    properties: fields.optionalTextMap('properties'),
    environmentVariables: fields.optionalTextMap('environmentVariables'),
  };
  return {
    workspaceFolder: workspace.folder,
    experiment: fields.text('experiment'),
    sourceDirectory,
    arguments: fields.optionalTexts('arguments') ?? [],
    runConfiguration: parseRunConfiguration(JSON.stringify(configuration), {
      name: target,
      path: undefined,
      label: 'The run configuration of the script',
    }),
    interpreterCandidates: fields.optionalTexts('interpreterCandidates') ?? [],
    ...withoutUndefined(optional),
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}
