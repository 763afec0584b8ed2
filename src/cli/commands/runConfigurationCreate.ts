import { relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { RunledgerError } from '../../core/base/errors.ts';
import { findComputeTarget } from '../../core/compute/computeTargets.ts';
import { createRunConfiguration, type PythonChoice } from '../../core/run-configurations/createRunConfiguration.ts';
import type { CliContext } from '../context.ts';
import { addKeyWithValue } from '../keyValues.ts';
import { writeItem } from '../output.ts';
import { addWorkspaceOptions, chosenWorkspace, startFolder, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly name: string;
  readonly target: string;
  readonly script?: string;
  readonly interpreter?: string;
  readonly condaEnvironment?: string;
  readonly condaDependencies?: string;
  readonly requirements?: string;
  readonly variable?: Readonly<Record<string, string>>;
}

export function addRunConfigurationCreate(runConfiguration: Command, context: CliContext): void {
  addWorkspaceOptions(runConfiguration.command('create'))
    .summary('make a run configuration')
    .description(
      'Writes .azureml/<name>.runconfig into the folder: where a script runs, with which Python and packages, and with which arguments.',
    )
    .argument('[arguments...]', "the script's arguments, after --")
    .requiredOption('-n, --name <name>', 'its name, as run submit-script -c has it')
    .option('-t, --target <name>', 'the compute target', 'local')
    .option('--script <file>', 'the script (default: named when it is submitted)')
    .option('--interpreter <path>', 'the Python to use as it is (default: the one at hand when it is submitted)')
    .option('--conda-environment <name>', 'a conda environment that is there, by name or folder, to use as it is')
    .option('-d, --conda-dependencies <file>', 'a conda environment file with the packages')
    .option('-r, --requirements <file>', 'a requirements file of pip with the packages')
    .option('--variable <name=value>', 'an environment variable of the script; again for others', addKeyWithValue)
    .addHelpText(
      'after',
      `
JSON (-o json): {name, path}.

Example:
  runledger run-configuration create -n lab -t lab -r requirements.txt --script train.py -- --epochs 10`,
    )
    .action(async (args: readonly string[], options: Options, command: Command) => {
      const folder = startFolder(context, options);
      const { folder: workspaceFolder } = await chosenWorkspace(context, options);
      const target = await findComputeTarget(workspaceFolder, options.target);
      const inFolder = (path: string): string =>
        relative(folder, resolve(context.currentFolder, path)).split(sep).join('/');
      const path = await createRunConfiguration({
        folder,
        name: options.name,
        target: target.type === 'local' ? options.target : target.name,
        arguments: args,
        python: pythonOf(options, inFolder),
        ...(options.script !== undefined && { script: inFolder(options.script) }),
        ...(options.variable && { environmentVariables: options.variable }),
      });
      writeItem(
        context,
        command,
        { name: options.name, path },
        () => `Made ${path}.\nSubmit with it: runledger run submit-script -c ${JSON.stringify(options.name)}`,
      );
    });
}

function pythonOf(
  { interpreter, condaEnvironment, condaDependencies, requirements }: Options,
  inFolder: (path: string) => string,
): PythonChoice {
  const given = [interpreter, condaEnvironment, condaDependencies, requirements].filter((value) => value !== undefined);
  if (given.length > 1) {
    throw new RunledgerError(
      'invalid-argument',
      'Packages and an interpreter that is used as it is exclude each other.',
      {
        advice: 'Give one of --interpreter, --conda-environment, --conda-dependencies and --requirements.',
      },
    );
  }
  if (interpreter !== undefined) {
    return { kind: 'interpreter', path: interpreter };
  }
  if (condaEnvironment !== undefined) {
    return { kind: 'condaEnvironment', environment: condaEnvironment };
  }
  if (condaDependencies !== undefined) {
    return { kind: 'conda', file: inFolder(condaDependencies) };
  }
  return requirements === undefined ? { kind: 'selected' } : { kind: 'requirements', file: inFolder(requirements) };
}
