import type { Command } from 'commander';
import { RunledgerError } from '../../core/base/errors.ts';
import { checkStore, findStore } from '../../core/store-check/checkStore.ts';
import { remainingProblems } from '../../core/store-check/findings.ts';
import { type CliContext, writeLine } from '../context.ts';
import { checkResultJson, FindingWriter, findingColumns } from '../findingOutput.ts';
import { interruptible } from '../interruptible.ts';
import { outputFormat } from '../output.ts';
import { ProgressLine } from '../progressLine.ts';
import { addWorkspaceOptions, chosenWorkspace, startFolder, type WorkspaceOptions } from '../workspaceOptions.ts';

/** The exit code where problems are left. */
export const problemsExitCode = 3;

interface Options extends WorkspaceOptions {
  readonly repair?: boolean;
}

export function addStoreCheck(store: Command, context: CliContext): void {
  addWorkspaceOptions(store.command('check'))
    .summary('check the files of a workspace, and repair them')
    .description(
      "Looks at every file of the workspace's store, tells of each problem as it is found, and with --repair puts right what can be put " +
        'right safely. Runs that go on are not touched. Nothing is deleted: what a repair takes out is in the trash afterwards.',
    )
    .option('--repair', 'repair what can be repaired')
    .addHelpText(
      'after',
      `
Exit codes: 0 no problems, or all of them repaired; ${problemsExitCode} problems are left; 1 the check itself failed. Notes are no problems.

JSON (-o json): {workspace, findings: [{${findingColumns.join(', ')}}], experiments, runs, models, journalBytes,
problems: {open, repaired, failed}, repairable, notices, kept}. severity is problem or notice; outcome is open, repaired or failed; place is
relative to .runledger/; kept is the folder with what was taken out, or null. docs/store-check.md tells of each kind.

Example:
  runledger store check --repair`,
    )
    .action(async (options: Options, command: Command) => {
      const folder = await folderOf(context, options);
      const progress = new ProgressLine(context.stderr);
      const writer = new FindingWriter(context.stdout, outputFormat(command), folder);
      const result = await interruptible(context, (signal) =>
        checkStore(folder, {
          repair: options.repair === true,
          signal,
          onProgress: ({ message, fraction }) => progress.show(message, fraction),
          onFinding: (finding) => {
            progress.clear();
            writer.add(finding);
          },
        }),
      ).finally(() => progress.clear());
      writer.end(result, checkResultJson(result));
      if (remainingProblems(result) > 0) {
        context.setExitCode(problemsExitCode);
        if (result.repairable > 0 && options.repair !== true) {
          writeLine(context.stderr, 'Repair what can be repaired with: runledger store check --repair');
        }
      }
    });
}

/** Unlike other commands this one works where the workspace's own record is damaged. */
async function folderOf(context: CliContext, options: Options): Promise<string> {
  if (options.workspaceName !== undefined) {
    return (await chosenWorkspace(context, options)).folder;
  }
  const start = startFolder(context, options);
  const folder = await findStore(start);
  if (folder === undefined) {
    throw new RunledgerError('not-found', `There is no workspace in ${start} or above it.`, {
      advice: 'Name its folder with --path.',
    });
  }
  return folder;
}
