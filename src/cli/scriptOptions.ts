/** Which script is run, how, and in which experiment: the options of every command that submits one. */
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { attachedExperiment } from '../core/projects/attachedExperiment.ts';
import { loadRunConfigurationFrom } from '../core/run-configurations/runConfigurations.ts';
import { isInside } from '../core/snapshots/sourceFiles.ts';
import type { SubmitRequest } from '../core/submission/submission.ts';
import type { CliContext } from './context.ts';
import { interpreterPath } from './interpreterPath.ts';
import { overriddenRunConfiguration } from './runConfigurationOverrides.ts';
import { chosenWorkspace, startFolder, type WorkspaceOptions } from './workspaceOptions.ts';

export interface ScriptOptions extends WorkspaceOptions {
  readonly runConfigurationName: string;
  readonly experimentName?: string;
  readonly sourceDirectory?: string;
  readonly python?: string;
  readonly target?: string;
  readonly condaDependencies?: string;
}

/** Adds the script with its arguments, which take all that follows, and the options of {@link ScriptOptions}. */
export function addScriptOptions(command: Command): Command {
  return command
    .argument('[script]', 'the script (default: that of the run configuration)')
    .argument('[arguments...]', 'arguments of the script')
    .option('-c, --run-configuration-name <name>', 'the run configuration', 'local')
    .option('-e, --experiment-name <name>', 'the experiment (default: that of `folder attach`, else the source folder)')
    .option('--path <folder>', 'where the workspace is looked for, there and above', '.')
    .option('-w, --workspace-name <name>', 'a workspace of this machine by its name, wherever it is')
    .option('-g, --resource-group <name>', 'accepted as on Azure ML; here workspaces have no resource group')
    .option('--subscription-id <id>', 'accepted as on Azure ML; here nothing is subscribed to')
    .option('--source-directory <folder>', 'the folder that is run (default: that of --path if it holds the script)')
    .option('--ct, --target <name>', 'the compute target, in place of that of the run configuration')
    .option('-d, --conda-dependencies <file>', 'packages to run with, in place of those of the run configuration')
    .option('--python <path>', 'the interpreter, if the run configuration names none')
    .passThroughOptions();
}

/** The request of a script that was named, or that the run configuration names. Ends the command where neither does. */
export async function scriptRequestOf(
  script: string | undefined,
  args: readonly string[],
  options: ScriptOptions,
  context: CliContext,
  command: Command,
): Promise<SubmitRequest & { readonly scriptPath: string }> {
  const start = startFolder(context, options);
  const { folder: workspaceFolder } = await chosenWorkspace(context, options);
  const given =
    options.sourceDirectory === undefined ? undefined : resolve(context.currentFolder, options.sourceDirectory);
  const overrides = {
    target: options.target,
    condaFile:
      options.condaDependencies === undefined ? undefined : resolve(context.currentFolder, options.condaDependencies),
  };
  const configurationName = options.runConfigurationName;
  const overridden = (folder: string) =>
    overriddenRunConfiguration(folder, workspaceFolder, configurationName, overrides);
  let name = script;
  if (name === undefined) {
    const folder = given ?? start;
    name = (
      (await overridden(folder)) ?? (await loadRunConfigurationFrom(folder, [workspaceFolder], configurationName))
    ).script;
    if (name === undefined) {
      command.error('error: name the script to run');
    }
  }
  // As typed on the command line, else as Azure ML took it: from the source folder.
  const typed = resolve(context.currentFolder, name);
  const scriptPath = script === undefined || !existsSync(typed) ? resolve(given ?? start, name) : typed;
  const sourceDirectory = given ?? (isInside(start, scriptPath) ? start : dirname(scriptPath));
  return {
    workspaceFolder,
    experiment:
      options.experimentName ??
      (await attachedExperiment(sourceDirectory, workspaceFolder)) ??
      basename(sourceDirectory),
    scriptPath: existsSync(scriptPath) ? scriptPath : typed,
    sourceDirectory,
    arguments: args,
    runConfiguration: (await overridden(sourceDirectory)) ?? configurationName,
    interpreterCandidates: options.python === undefined ? [] : [interpreterPath(options.python, context)],
  };
}
