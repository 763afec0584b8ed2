/** Commands for the Python SDK: JSON on the standard input, JSON on the standard output. Not for people, and not in the help. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parse, stringify } from 'yaml';
import { RunledgerError } from '../../core/base/errors.ts';
import { listComputeDefinitions } from '../../core/compute/computeDefinitions.ts';
import { takeSnapshot } from '../../core/snapshots/snapshot.ts';
import type { JsonObject } from '../../core/store/jsonFile.ts';
import { openWorkspace } from '../../core/store/workspaces.ts';
import type { SubmitRequest } from '../../core/submission/submission.ts';
import { submitRun } from '../../core/submission/submitRun.ts';
import { type CliContext, writeLine } from '../context.ts';
import { environmentProgress } from '../environmentProgress.ts';
import { answerOf, configurationOf, definedTargets, readInput, withoutUndefined } from '../internalRequests.ts';
import { JsonFields } from '../jsonFields.ts';
import { computeJson } from './computeTargetList.ts';
import { collect } from './internalCollection.ts';
import { buildEnvironment } from './internalEnvironment.ts';
import { orchestrate, publish, readPipeline, resume, submitPipeline, submitSweep } from './internalOrchestration.ts';

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
  add('submit-sweep', (input) => submitSweep(input, context));
  add('submit-pipeline', (input) => submitPipeline(input, context));
  add('publish-pipeline', (input) => publish(input, context));
  add('read-pipeline', (input) => readPipeline(input));
  add('resume', (input) => resume(input, context));
  internal.command('orchestrate').action(() => orchestrate(context));
  internal.command('collect').action(() => collect(context));
  add('submit', (input) => submit(input, context));
  add('compute-targets', (input) => computeTargets(input));
  add('take-snapshot', (input) => keepCode(input));
  add('build-environment', (input) => buildEnvironment(input, context));
  add('yaml-parse', async (input) => ({ value: parseYaml(new JsonFields(input).text('text')) }));
  add('yaml-write', async (input) => ({ text: stringify(input.value ?? null) }));
}

/** Keeps the code in a folder for a run that is not submitted. */
async function keepCode(input: JsonObject): Promise<object> {
  const fields = new JsonFields(input);
  const { folder } = await openWorkspace(fields.text('workspaceFolder'));
  const { hash, files, bytes, warnings } = await takeSnapshot({
    workspaceFolder: folder,
    sourceDirectory: fields.text('sourceDirectory'),
  });
  return { hash, files, bytes, warnings };
}

/** The compute targets that files define. */
async function computeTargets(input: JsonObject): Promise<object> {
  const { folder } = await openWorkspace(new JsonFields(input).text('workspaceFolder'));
  const targets = await listComputeDefinitions(folder);
  return { targets: targets.filter(({ path }) => path !== undefined).map(computeJson) };
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
    onProgress: environmentProgress(context),
  });
  return answerOf(run);
}

async function requestOf(fields: JsonFields): Promise<SubmitRequest> {
  const workspace = await openWorkspace(fields.text('workspaceFolder'));
  const sourceDirectory = fields.text('sourceDirectory');
  const script = fields.optionalText('script');
  const command = fields.optionalTexts('command');
  const configuration = fields.object('configuration');
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
    runConfiguration: configurationOf(configuration, await definedTargets(workspace.folder)),
    interpreterCandidates: fields.optionalTexts('interpreterCandidates') ?? [],
    ...withoutUndefined(optional),
  };
}
