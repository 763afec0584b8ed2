import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { fileError, RunledgerError } from '../../core/base/errors.ts';
import { configurationFileKind } from '../../core/configuration-files/fileKind.ts';
import { commandJobRequest, readCommandJob } from '../../core/jobs/readCommandJob.ts';
import { readJob } from '../../core/jobs/readJob.ts';
import { submitOrchestration } from '../../core/orchestration/submitOrchestration.ts';
import { attachedExperiment } from '../../core/projects/attachedExperiment.ts';
import { submitRun } from '../../core/submission/submitRun.ts';
import type { CliContext } from '../context.ts';
import { interpreterPath } from '../interpreterPath.ts';
import { addKeyWithValue } from '../keyValues.ts';
import { jsonHelp } from '../runJson.ts';
import { addSubmittedOptions, type SubmittedOptions, submitAndShow, submittedHelp } from '../submitted.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions, SubmittedOptions {
  readonly file: string;
  readonly experimentName?: string;
  readonly input?: Readonly<Record<string, string>>;
  readonly python?: string;
}

export function addRunSubmitJob(run: Command, context: CliContext): void {
  addSubmittedOptions(addWorkspaceOptions(run.command('submit-job')))
    .summary('run a job that was written for Azure ML')
    .description(
      "Submits the job of a YAML file of Azure ML's later command line on this machine: a command, a sweep, or a pipeline of " +
        'commands. What has no effect here is named; what cannot be run here is refused, with its line.',
    )
    .requiredOption('-f, --file <file>', 'the job, whose $schema says what it is')
    .option('-e, --experiment-name <name>', "the experiment (default: the job's own, else that of its folder)")
    .option(
      '-i, --input <name=value>',
      'an input of a pipeline, in place of what the file says; again for another',
      addKeyWithValue,
    )
    .option('--python <path>', 'the interpreter')
    .addHelpText(
      'after',
      `
Inputs are values, and files and folders of this machine; relative paths start at the folder of the file. A compute target counts where
the workspace defines it, an environment where it is registered, and a component where the job names its file.
${submittedHelp}

${jsonHelp.run}

Example:
  runledger run submit-job -f job.yml -e digits`,
    )
    .action(async (options: Options, command: Command) => {
      const { folder: workspaceFolder } = await chosenWorkspace(context, options);
      const path = resolve(context.currentFolder, options.file);
      const interpreterCandidates = options.python === undefined ? [] : [interpreterPath(options.python, context)];
      const experimentOf = async (own: string | undefined): Promise<string> =>
        options.experimentName ??
        own ??
        (await attachedExperiment(dirname(path), workspaceFolder)) ??
        basename(dirname(path));
      const parameters = options.input ?? {};
      if (configurationFileKind(path, await textOf(path)) === 'commandJob') {
        if (Object.keys(parameters).length > 0) {
          throw new RunledgerError('invalid-argument', `${basename(path)} is a command job, which takes no --input.`, {
            advice: 'Write the values under "inputs" of the file.',
          });
        }
        const read = await readCommandJob(path, workspaceFolder);
        const request = {
          ...commandJobRequest(read),
          workspaceFolder,
          experiment: await experimentOf(read.job.experiment),
          interpreterCandidates,
        };
        await submitAndShow(context, command, options, workspaceFolder, (submitOptions) =>
          submitRun(request, submitOptions),
        );
        return;
      }
      const job = await readJob(path, { workspaceFolder, parameters, interpreterCandidates });
      const { definition, displayName, tags, warnings } = job;
      const experiment = await experimentOf(job.experiment);
      await submitAndShow(context, command, options, workspaceFolder, (submitOptions) =>
        submitOrchestration(
          {
            workspaceFolder,
            experiment,
            definition,
            tags,
            warnings,
            ...(displayName !== undefined && { displayName }),
          },
          submitOptions,
        ),
      );
    });
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, 'read the job', path);
  }
}
