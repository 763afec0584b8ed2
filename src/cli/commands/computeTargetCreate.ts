import type { Command } from 'commander';
import { Option } from 'commander';
import { parse } from 'yaml';
import { RunledgerError } from '../../core/base/errors.ts';
import { createTargetFile } from '../../core/compute/targetFiles.ts';
import type { CliContext } from '../context.ts';
import { addKeyWithValue } from '../keyValues.ts';
import { writeItem } from '../output.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly name: string;
  readonly type: string;
  readonly description?: string;
  readonly set?: Readonly<Record<string, string>>;
}

export function addComputeTargetCreate(computeTarget: Command, context: CliContext): void {
  addWorkspaceOptions(computeTarget.command('create'))
    .summary('define a compute target')
    .description(
      'Writes the file .runledger/compute/<name>.yml, which says how runs get to where they run. docs/compute-targets.md tells of each setting.',
    )
    .requiredOption('-n, --name <name>', "the compute target's name, as run configurations have it in target")
    .addOption(
      new Option('-t, --type <type>', 'where runs run').choices(['docker', 'ssh', 'slurm']).makeOptionMandatory(),
    )
    .option('-d, --description <text>', 'for people')
    .option('-s, --set <setting=value>', 'a setting; again for others. A list is [a, b]', addKeyWithValue)
    .addHelpText(
      'after',
      `
JSON (-o json): {name, type, path}.

Example:
  runledger computetarget create -n lab -t ssh --set host=lab-gpu --set python=/opt/py311/bin/python
  runledger computetarget create -n cluster -t slurm --set partition=gpu --set gpus=1 --set time=12:00:00
  runledger computetarget create -n box -t docker --set image=python:3.11 --set "volumes=[/data:/data:ro]"`,
    )
    .action(async ({ name, type, description, set, ...options }: Options, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const settings = Object.entries(set ?? {}).map(([key, text]) => [key, settingValue(key, text)] as const);
      const target = await createTargetFile(folder, name, {
        type,
        ...(description !== undefined && { description }),
        ...Object.fromEntries(settings),
      });
      const made = { name: target.name, type: target.settings.type, path: target.path };
      writeItem(
        context,
        command,
        made,
        () => `Made ${made.path}.\nSee whether it works: runledger computetarget check -n ${JSON.stringify(made.name)}`,
      );
    });
}

/** As the file would have it: `4` is a number, `[a, b]` a list; times such as `12:00:00` are texts. */
function settingValue(name: string, text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw new RunledgerError('invalid-argument', `--set ${name}: "${text}" is no value of YAML.`, {
      advice: 'Put it in quotes: --set \'name="value"\'.',
      cause: error,
    });
  }
}
