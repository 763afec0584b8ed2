import { statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { RunledgerError } from '../../core/base/errors.ts';
import { submitOrchestration } from '../../core/orchestration/submitOrchestration.ts';
import { readSweepFile } from '../../core/orchestration/sweep/sweepFile.ts';
import { loadRunConfigurationFrom } from '../../core/run-configurations/runConfigurations.ts';
import type { CliContext } from '../context.ts';
import { jsonHelp } from '../runJson.ts';
import { addScriptOptions, type ScriptOptions, scriptRequestOf } from '../scriptOptions.ts';
import { addSubmittedOptions, type SubmittedOptions, submitAndShow, submittedHelp } from '../submitted.ts';

interface Options extends ScriptOptions, SubmittedOptions {
  readonly hyperdriveConfigurationName: string;
}

/** Where Azure ML's tools kept such files, below the folder that is worked in. */
const homes = ['', '.azureml', 'aml_config'];
const endings = ['', '.yml', '.yaml', '.json'];

export function addRunSubmitHyperdrive(run: Command, context: CliContext): void {
  addSubmittedOptions(addScriptOptions(run.command('submit-hyperdrive')))
    .summary('run a script for many hyperparameters')
    .description(
      'Submits a sweep: the script runs once for each set of hyperparameters that the configuration gives, each run a child ' +
        'run. What follows SCRIPT goes to every one of them.',
    )
    .requiredOption(
      '--hyperdrive-configuration-name <name>',
      'the file that says what to try, by its path, or its name in .azureml, without its extension or with it',
    )
    .addHelpText(
      'after',
      `
The file has the keys sampling {type, parameter_space [{name, expression, values}]}, policy {type, …}, primary_metric_name,
primary_metric_goal, max_total_runs, max_concurrent_runs and max_duration_minutes.
${submittedHelp}

${jsonHelp.run}
Its properties name the best child: best_child_run_id. See its trials with runledger run list --parent-run-id.

Example:
  runledger run submit-hyperdrive --hyperdrive-configuration-name hd.yml -e digits train.py --epochs 5`,
    )
    .action(async (script: string | undefined, args: string[], options: Options, command: Command) => {
      const request = await scriptRequestOf(script, args, options, context, command);
      const { workspaceFolder, experiment, sourceDirectory, scriptPath, runConfiguration } = request;
      const name = options.hyperdriveConfigurationName;
      const folders = [context.currentFolder, resolve(context.currentFolder, options.path), sourceDirectory];
      const sweep = await readSweepFile(findSweepFile(name, [...folders, workspaceFolder]));
      const job = {
        sourceDirectory,
        script: relative(sourceDirectory, scriptPath).split(sep).join('/'),
        arguments: request.arguments,
        runConfiguration:
          typeof runConfiguration === 'string'
            ? await loadRunConfigurationFrom(sourceDirectory, [workspaceFolder], runConfiguration)
            : runConfiguration,
        interpreterCandidates: request.interpreterCandidates,
      };
      await submitAndShow(context, command, options, workspaceFolder, (submitOptions) =>
        submitOrchestration({ workspaceFolder, experiment, definition: { ...sweep, job } }, submitOptions),
      );
    });
}

function findSweepFile(name: string, folders: readonly string[]): string {
  for (const folder of new Set(folders)) {
    for (const home of homes) {
      const found = endings.map((ending) => resolve(folder, home, `${name}${ending}`)).find(isFile);
      if (found !== undefined) {
        return found;
      }
    }
  }
  throw new RunledgerError('not-found', `There is no sweep configuration "${name}".`, {
    advice: `It is looked for in ${[...new Set(folders)].join(', ')}, and in .azureml there.`,
  });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
