import { basename, resolve } from 'node:path';
import * as v from 'valibot';
import { attachedExperiment } from '../projects/attachedExperiment.ts';
import { sourceDirectoryOf } from '../projects/sourceDirectory.ts';
import { defineTool } from './agentTool.ts';
import { chosenCatalog } from './answers.ts';
import * as fields from './toolFields.ts';

export const submitRunInput = v.object({
  script: fields.described(
    v.pipe(v.string(), v.nonEmpty()),
    "The Python script, absolute or relative to the workspace's folder.",
  ),
  arguments: v.optional(fields.described(v.array(v.string()), 'Arguments of the script, one word each.'), []),
  experiment: v.optional(
    fields.described(
      v.string(),
      "The experiment, made on first use. Default: that of the folder, else the folder's name.",
    ),
  ),
  run_configuration: v.optional(
    fields.described(
      v.string(),
      'A name: "local" runs a copy of the folder, "local (in place)" the folder itself; others are *.runconfig files.',
    ),
    'local',
  ),
  display_name: v.optional(fields.described(v.string(), 'A name for people.')),
  workspace: fields.workspace,
});

export const submitRun = defineTool({
  name: 'submit_run',
  title: 'Submit a run',
  description:
    'Runs a Python script on this machine and tracks it as a run: its code, output, metrics and files. ' +
    'It answers as soon as the run has started; follow it with get_run.',
  isReadOnly: false,
  input: submitRunInput,
  output: v.object({
    id: v.string(),
    number: v.number(),
    experiment: v.string(),
    status: v.string(),
    warnings: v.array(v.string()),
  }),
  async run(context, input) {
    const { catalog } = await chosenCatalog(context, input.workspace);
    const workspaceFolder = catalog.workspace.folder;
    const scriptPath = resolve(workspaceFolder, input.script);
    const sourceDirectory = await sourceDirectoryOf(scriptPath, workspaceFolder);
    const submitted = await context.submit({
      workspaceFolder,
      experiment:
        input.experiment ?? (await attachedExperiment(sourceDirectory, workspaceFolder)) ?? basename(sourceDirectory),
      scriptPath,
      sourceDirectory,
      arguments: input.arguments,
      runConfiguration: input.run_configuration,
      interpreterCandidates: await context.interpreterCandidates(scriptPath),
      ...(input.display_name !== undefined && { displayName: input.display_name }),
    });
    const { runId: id, number, experiment, status, warnings } = submitted;
    return { id, number, experiment, status, warnings: [...warnings] };
  },
});
