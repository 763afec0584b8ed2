import type { Command } from 'commander';
import { findInterpreter } from '../../core/interpreters/interpreters.ts';
import { describeAzureml, installSdk } from '../../core/sdk/installSdk.ts';
import type { CliContext } from '../context.ts';
import { interpreterPath } from '../interpreterPath.ts';
import { interruptible } from '../interruptible.ts';
import { writeItem } from '../output.ts';

interface Options {
  readonly python?: string;
}

export function addSdk(program: Command, context: CliContext): void {
  program
    .command('sdk')
    .description('the Python SDK')
    .command('install')
    .summary('install the SDK into a Python environment')
    .description(
      'Installs the package runledger, and with it azureml.core where the real one is absent, into the environment of an ' +
        'interpreter: for notebooks, and for scripts that are not submitted. Needs no network.',
    )
    .option('--python <path>', 'the interpreter (default: python3 on the path)')
    .addHelpText(
      'after',
      `
JSON (-o json): interpreter, version, azureml {isReal, version, file}.

Example:
  runledger sdk install --python .venv/bin/python`,
    )
    .action(async (options: Options, command: Command) => {
      const { pythonSdkFolder } = context.installation;
      const interpreter =
        options.python === undefined ? (await findInterpreter([])).path : interpreterPath(options.python, context);
      const { azureml, ...installed } = await interruptible(context, (signal) =>
        installSdk(interpreter, { pythonSdkFolder, signal }),
      );
      const json = { ...installed, azureml: { ...azureml, version: azureml.version ?? null } };
      writeItem(context, command, json, () =>
        [
          `Installed runledger ${installed.version} for ${installed.interpreter}.`,
          describeAzureml({ ...installed, azureml }),
        ].join('\n'),
      );
    });
}
