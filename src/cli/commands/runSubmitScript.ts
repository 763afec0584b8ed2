import type { Command } from 'commander';
import { submitRun } from '../../core/submission/submitRun.ts';
import type { CliContext } from '../context.ts';
import { jsonHelp } from '../runJson.ts';
import { addScriptOptions, type ScriptOptions, scriptRequestOf } from '../scriptOptions.ts';
import { addSubmittedOptions, type SubmittedOptions, submitAndShow, submittedHelp } from '../submitted.ts';

export function addRunSubmitScript(run: Command, context: CliContext): void {
  addSubmittedOptions(addScriptOptions(run.command('submit-script')))
    .summary('run a script and track it')
    .description(
      'Submits a Python script as a run, shows what it prints, and waits for it. What follows SCRIPT goes to the script.',
    )
    .addHelpText(
      'after',
      `
A compute target is local, which is this machine, or a name that a script gave it: see runledger computetarget list.
${submittedHelp}

${jsonHelp.run}
With --async: {id, number, experiment, status, warnings}. The file of -t has the same, and runId and experiment_name.

Example:
  runledger run submit-script -c local -e digits train.py --learning-rate 0.1`,
    )
    .action(
      async (
        script: string | undefined,
        args: string[],
        options: ScriptOptions & SubmittedOptions,
        command: Command,
      ) => {
        const request = await scriptRequestOf(script, args, options, context, command);
        await submitAndShow(context, command, options, request.workspaceFolder, (submitOptions) =>
          submitRun(request, submitOptions),
        );
      },
    );
}
