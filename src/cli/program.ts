import { Command, CommanderError } from 'commander';
import { RunledgerError } from '../core/base/errors.ts';
import { QueryError } from '../core/run-query/queryError.ts';
import { addCompletion } from './commands/completion.ts';
import { addComputeTargetCheck } from './commands/computeTargetCheck.ts';
import { addComputeTargetCreate } from './commands/computeTargetCreate.ts';
import { addComputeTargetDelete } from './commands/computeTargetDelete.ts';
import { addComputeTargetList } from './commands/computeTargetList.ts';
import { addComputeTargetShow } from './commands/computeTargetShow.ts';
import { addEnvironmentCache } from './commands/environmentCache.ts';
import { addEnvironmentDownload } from './commands/environmentDownload.ts';
import { addEnvironmentList } from './commands/environmentList.ts';
import { addEnvironmentRegister } from './commands/environmentRegister.ts';
import { addEnvironmentScaffold } from './commands/environmentScaffold.ts';
import { addEnvironmentShow } from './commands/environmentShow.ts';
import { addExperimentArchive } from './commands/experimentArchive.ts';
import { addExperimentExport } from './commands/experimentExport.ts';
import { addExperimentList } from './commands/experimentList.ts';
import { addExperimentReactivate } from './commands/experimentReactivate.ts';
import { addFolderAttach } from './commands/folderAttach.ts';
import { addImportMlflow, addImportTensorboard } from './commands/importForeignRuns.ts';
import { addImportZip } from './commands/importZip.ts';
import { addInternal } from './commands/internal.ts';
import { addMcp } from './commands/mcp.ts';
import { addModelDelete } from './commands/modelDelete.ts';
import { addModelDownload } from './commands/modelDownload.ts';
import { addModelList } from './commands/modelList.ts';
import { addModelRegister } from './commands/modelRegister.ts';
import { addModelShow } from './commands/modelShow.ts';
import { addModelUpdate } from './commands/modelUpdate.ts';
import { addPipelineList } from './commands/pipelineList.ts';
import { addRunCancel } from './commands/runCancel.ts';
import { addRunConfigurationCreate } from './commands/runConfigurationCreate.ts';
import { addRunConfigurationList } from './commands/runConfigurationList.ts';
import { addRunDownloadLogs } from './commands/runDownloadLogs.ts';
import { addRunExport } from './commands/runExport.ts';
import { addRunExportMetrics } from './commands/runExportMetrics.ts';
import { addRunList } from './commands/runList.ts';
import { addRunMonitorLogs } from './commands/runMonitorLogs.ts';
import { addRunShow } from './commands/runShow.ts';
import { addRunSubmitHyperdrive } from './commands/runSubmitHyperdrive.ts';
import { addRunSubmitJob } from './commands/runSubmitJob.ts';
import { addRunSubmitPipeline } from './commands/runSubmitPipeline.ts';
import { addRunSubmitScript } from './commands/runSubmitScript.ts';
import { addRunUpdate } from './commands/runUpdate.ts';
import { addSdk } from './commands/sdk.ts';
import { addStoreCheck } from './commands/storeCheck.ts';
import { addStoreGc } from './commands/storeGc.ts';
import { addStoreRebuildIndex } from './commands/storeRebuildIndex.ts';
import { addWorkspaceCreate } from './commands/workspaceCreate.ts';
import { addWorkspaceExport } from './commands/workspaceExport.ts';
import { addWorkspaceList } from './commands/workspaceList.ts';
import { addWorkspaceShow } from './commands/workspaceShow.ts';
import { type CliContext, writeLine } from './context.ts';
import { outputOption } from './output.ts';
import { oneLine } from './text.ts';

const failureExitCode = 1;
const usageExitCode = 2;

/**
 * Runs the command line.
 *
 * @param args without Node and the program
 * @returns the exit code: 0, 1 where something failed, 2 where the command line is wrong, and what a command sets
 */
export async function runProgram(args: readonly string[], context: Omit<CliContext, 'setExitCode'>): Promise<number> {
  let exitCode = 0;
  const program = buildProgram({
    ...context,
    setExitCode: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has written what is wrong; asking for help or the version is no mistake.
      return error.exitCode === 0 ? 0 : usageExitCode;
    }
    writeError(error, context.stderr);
    return error instanceof QueryError ? usageExitCode : failureExitCode;
  }
}

function writeError(error: unknown, stderr: NodeJS.WritableStream): void {
  if (error instanceof RunledgerError) {
    writeLine(stderr, `runledger: ${oneLine(error.message)}`);
    if (error instanceof QueryError) {
      writeLine(stderr, error.pointer);
    }
    if (error.advice !== undefined) {
      writeLine(stderr, oneLine(error.advice));
    }
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  writeLine(stderr, `runledger: This should not happen: ${oneLine(message)}`);
  if (process.env.RUNLEDGER_DEBUG && error instanceof Error) {
    writeLine(stderr, error.stack);
  } else {
    writeLine(stderr, 'Set RUNLEDGER_DEBUG=1 to see where, and report it.');
  }
}

function buildProgram(context: CliContext): Command {
  const program = new Command('runledger')
    .description('Experiments and runs of machine learning, tracked on your own machine.')
    .version(context.installation.version, '--version', 'show the version')
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `
Results (-o, of every command): table, for reading; json, whose keys each command's help names; tsv, the values of those keys in that
order, one line for each thing, separated by tabs, without headings, and what is no text or number as JSON.
Workspaces: the nearest at --path or above it, or with -w the one of that name. -g and --subscription-id are accepted, as on
Azure ML, and find nothing here.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a check left problems, 130 Ctrl+C while a run was watched, which goes on.

Example:
  runledger workspace create && runledger run submit-script train.py`,
    );
  const workspace = program.command('workspace').description('workspaces: folders that hold experiments');
  addWorkspaceCreate(workspace, context);
  addWorkspaceList(workspace, context);
  addWorkspaceShow(workspace, context);
  addWorkspaceExport(workspace, context);
  const folder = program.command('folder').description('folders of scripts');
  addFolderAttach(folder, context);
  const experiment = program.command('experiment').description('experiments: runs of one kind');
  addExperimentList(experiment, context);
  addExperimentArchive(experiment, context);
  addExperimentReactivate(experiment, context);
  addExperimentExport(experiment, context);
  const run = program.command('run').description('runs of an experiment').enablePositionalOptions();
  addRunSubmitScript(run, context);
  addRunSubmitHyperdrive(run, context);
  addRunSubmitPipeline(run, context);
  addRunSubmitJob(run, context);
  addRunList(run, context);
  addRunShow(run, context);
  addRunMonitorLogs(run, context);
  addRunDownloadLogs(run, context);
  addRunUpdate(run, context);
  addRunCancel(run, context);
  addRunExport(run, context);
  addRunExportMetrics(run, context);
  addSdk(program, context);
  const imports = program.command('import').description('runs from an export or from other tools');
  addImportZip(imports, context);
  addImportTensorboard(imports, context);
  addImportMlflow(imports, context);
  const pipeline = program.command('pipeline').description('published pipelines');
  addPipelineList(pipeline, context);
  const model = program.command('model').description('registered models and their versions');
  addModelRegister(model, context);
  addModelList(model, context);
  addModelShow(model, context);
  addModelDownload(model, context);
  addModelUpdate(model, context);
  addModelDelete(model, context);
  const environment = program.command('environment').description('registered environments: what scripts run with');
  addEnvironmentList(environment, context);
  addEnvironmentCache(environment, context);
  addEnvironmentShow(environment, context);
  addEnvironmentScaffold(environment, context);
  addEnvironmentRegister(environment, context);
  addEnvironmentDownload(environment, context);
  const runConfiguration = program
    .command('run-configuration')
    .description('run configurations: where a script runs, with what, and how');
  addRunConfigurationCreate(runConfiguration, context);
  addRunConfigurationList(runConfiguration, context);
  const computeTarget = program.command('computetarget').description('compute targets: where scripts run');
  addComputeTargetList(computeTarget, context);
  addComputeTargetShow(computeTarget, context);
  addComputeTargetCreate(computeTarget, context);
  addComputeTargetCheck(computeTarget, context);
  addComputeTargetDelete(computeTarget, context);
  const store = program.command('store').description('the files of a workspace: checked, repaired, cleaned up');
  addStoreCheck(store, context);
  addStoreGc(store, context);
  addStoreRebuildIndex(store, context);
  addMcp(program, context);
  addCompletion(program, context);
  addInternal(program, context);
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .configureOutput({
        writeOut: (text) => context.stdout.write(text),
        writeErr: (text) => context.stderr.write(text),
      })
      .addOption(outputOption());
  }
  return program;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
