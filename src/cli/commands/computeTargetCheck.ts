import type { Command } from 'commander';
import { findComputeDefinition } from '../../core/compute/computeDefinitions.ts';
import { checkComputeTarget } from '../../core/compute/computeTargets.ts';
import type { CliContext } from '../context.ts';
import { interpreterPath } from '../interpreterPath.ts';
import { interruptible } from '../interruptible.ts';
import { writeItem } from '../output.ts';
import { oneLine } from '../text.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

/** The exit code where something is missing. */
const missingExitCode = 3;

interface Options extends WorkspaceOptions {
  readonly name: string;
  readonly python?: string;
}

export function addComputeTargetCheck(computeTarget: Command, context: CliContext): void {
  addWorkspaceOptions(computeTarget.command('check'))
    .summary('see whether runs can run on a compute target')
    .description('Looks whether runs can run on a compute target, and says precisely what is missing.')
    .requiredOption('-n, --name <name>', "the compute target's name")
    .option('--python <interpreter>', 'the Python of this machine to look at first')
    .addHelpText(
      'after',
      `
Exit codes: 0 all is there; ${missingExitCode} something is missing; 1 the check itself failed.

JSON (-o json): {name, isGood, findings: [{subject, isGood, message, advice}]}.

Example:
  runledger computetarget check -n lab`,
    )
    .action(async (options: Options, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const { name } = await findComputeDefinition(folder, options.name);
      const findings = await interruptible(context, (signal) =>
        checkComputeTarget(name, {
          workspaceFolder: folder,
          interpreterCandidates: options.python === undefined ? [] : [interpreterPath(options.python, context)],
          pythonSdkFolder: context.installation.pythonSdkFolder,
          signal,
        }),
      );
      const isGood = findings.every((finding) => finding.isGood);
      writeItem(
        context,
        command,
        { name, isGood, findings: findings.map((finding) => ({ ...finding, advice: finding.advice ?? null })) },
        () => {
          const width = Math.max(...findings.map(({ subject }) => subject.length));
          const lines = findings.flatMap(({ subject, isGood: isThere, message, advice }) => [
            `${isThere ? 'ok     ' : 'missing'}  ${subject.padEnd(width)}  ${oneLine(message)}`,
            ...(advice === undefined ? [] : [`${' '.repeat(width + 11)}${oneLine(advice)}`]),
          ]);
          return lines.join('\n');
        },
      );
      if (!isGood) {
        context.setExitCode(missingExitCode);
      }
    });
}
