import type { Command } from 'commander';
import { findComputeDefinition } from '../../core/compute/computeDefinitions.ts';
import { readLocalMachine } from '../../core/compute/local/localMachine.ts';
import type { CliContext } from '../context.ts';
import { writeItem } from '../output.ts';
import { momentText, oneLine } from '../text.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';
import { computeJson, computeJsonHelp } from './computeTargetList.ts';

interface Options extends WorkspaceOptions {
  readonly name: string;
}

export function addComputeTargetShow(computeTarget: Command, context: CliContext): void {
  addWorkspaceOptions(computeTarget.command('show'))
    .summary('show a compute target')
    .description(
      'Shows what a script asked for when it made a compute target, or how this machine is used. Whatever it says, runs are carried out on this machine.',
    )
    .requiredOption('-n, --name <name>', "the compute target's name")
    .addHelpText(
      'after',
      `\nJSON (-o json): ${computeJsonHelp}
Of local also maxConcurrentRuns, gpus and gpusPerRun, which .runledger/compute/local.yml sets.\n\nExample:\n  runledger computetarget show -n cpu-cluster`,
    )
    .action(async (options: Options, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const target = await findComputeDefinition(folder, options.name);
      const machine = target.type === 'local' ? await readLocalMachine(folder) : undefined;
      writeItem(context, command, { ...computeJson(target), ...machine }, () => {
        const asked = Object.entries(target.provisioning).filter(([, value]) => value !== null);
        const facts: (readonly [string, string | undefined])[] = [
          ['Compute target', target.name],
          ['Type', target.type],
          ['Description', target.description],
          ['Made', target.createdTime === undefined ? undefined : momentText(target.createdTime)],
          ['Runs at once', machine && String(machine.maxConcurrentRuns)],
          ['Cards', machine && machine.gpus.length > 0 ? machine.gpus.join(', ') : undefined],
          ['Cards of a run', machine && machine.gpus.length > 0 ? String(machine.gpusPerRun) : undefined],
          ...asked.map(([name, value]) => [name, String(value)] as const),
        ];
        const width = Math.max(...facts.map(([name]) => name.length));
        return facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => `${oneLine(name).padEnd(width)}  ${oneLine(value ?? '')}`)
          .join('\n');
      });
    });
}
