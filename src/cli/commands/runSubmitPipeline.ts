import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import {
  readPublishedPipeline,
  submitPublishedPipeline,
} from '../../core/orchestration/pipeline/publishedPipelines.ts';
import { readPipelineFile } from '../../core/orchestration/pipeline/readPipelineFile.ts';
import { submitOrchestration } from '../../core/orchestration/submitOrchestration.ts';
import { attachedExperiment } from '../../core/projects/attachedExperiment.ts';
import type { CliContext } from '../context.ts';
import { interpreterPath } from '../interpreterPath.ts';
import { addKeyWithValue } from '../keyValues.ts';
import { jsonHelp } from '../runJson.ts';
import { addSubmittedOptions, type SubmittedOptions, submitAndShow, submittedHelp } from '../submitted.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions, SubmittedOptions {
  readonly pipelineYaml?: string;
  readonly pipelineId?: string;
  readonly experimentName?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly python?: string;
}

export function addRunSubmitPipeline(run: Command, context: CliContext): void {
  addSubmittedOptions(addWorkspaceOptions(run.command('submit-pipeline')))
    .summary('run the steps of a pipeline')
    .description(
      'Submits the pipeline of a YAML file: each step is a child run, started when those before it are done. A step that ran ' +
        'before with the same code, arguments and inputs is not run again.',
    )
    .option('-y, --pipeline-yaml <file>', 'the pipeline, as a file')
    .option('-i, --pipeline-id <id>', 'the pipeline, as it was published: see runledger pipeline list')
    .option('-n, --experiment-name <name>', "the experiment (default: the pipeline's name, else that of its folder)")
    .option(
      '-p, --parameters <name=value>',
      "a parameter in place of the file's default; several with commas between, or -p again",
      addParameters,
    )
    .option('--python <path>', 'the interpreter of steps whose run configuration names none')
    .addHelpText(
      'after',
      `
The steps of the file are of the type PythonScriptStep. Relative paths in it start at its folder.
${submittedHelp}

${jsonHelp.run}
See its steps with runledger run list --parent-run-id.

Example:
  runledger run submit-pipeline -y pipeline.yml -n digits -p rounds=5`,
    )
    .action(async (options: Options, command: Command) => {
      const { folder: workspaceFolder } = await chosenWorkspace(context, options);
      const { pipelineId: id, pipelineYaml } = options;
      if (id !== undefined && pipelineYaml === undefined) {
        const parameters = options.parameters ?? {};
        const { name } = await readPublishedPipeline(workspaceFolder, id);
        const experiment = options.experimentName ?? name;
        await submitAndShow(context, command, options, workspaceFolder, (submitOptions) =>
          submitPublishedPipeline({ workspaceFolder, experiment, id, parameters }, submitOptions),
        );
        return;
      }
      if (pipelineYaml === undefined || id !== undefined) {
        command.error('error: name the pipeline, with -y or with -i');
      }
      const path = resolve(context.currentFolder, pipelineYaml);
      const folder = dirname(path);
      const { name, definition } = await readPipelineFile(path, {
        workspaceFolder,
        parameters: options.parameters ?? {},
        interpreterCandidates: options.python === undefined ? [] : [interpreterPath(options.python, context)],
      });
      const experiment =
        options.experimentName ?? (await attachedExperiment(folder, workspaceFolder)) ?? name ?? basename(folder);
      await submitAndShow(context, command, options, workspaceFolder, (submitOptions) =>
        submitOrchestration({ workspaceFolder, experiment, definition }, submitOptions),
      );
    });
}

function addParameters(
  text: string,
  before?: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  return text.split(',').reduce((values, part) => addKeyWithValue(part, values), before);
}
