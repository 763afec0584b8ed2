import { resolve } from 'node:path';
import type { Command } from 'commander';
import { RunledgerError } from '../../core/base/errors.ts';
import { experimentKey } from '../../core/store/names.ts';
import { type MetricsCsvRequest, writeMetricsCsv, writeMetricsCsvFile } from '../../core/transfer/metricsCsv.ts';
import { type CliContext, withCatalog } from '../context.ts';
import { addText } from '../keyValues.ts';
import { outputFormat, writeItem } from '../output.ts';
import { counted, transferring, writeNotes } from '../transferOutput.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly run?: readonly string[];
  readonly experimentName?: string;
  readonly metric?: readonly string[];
  readonly wide?: boolean;
  readonly file?: string;
  readonly overwrite?: boolean;
}

const pageSize = 1000;

export function addRunExportMetrics(run: Command, context: CliContext): void {
  addWorkspaceOptions(run.command('export-metrics'))
    .summary('write the metrics of runs as CSV')
    .description(
      `Writes the metrics of runs as CSV: a line for each point with run, metric, step, time (ISO 8601, UTC) and value, or with --wide
a line for each step with a column for each metric. Numbers that are not finite are NaN, Infinity and -Infinity. Tables are left out.`,
    )
    .option('-r, --run <id>', "the run's id; can be given several times", addText)
    .option('-e, --experiment-name <name>', 'in place of -r: all runs of this experiment')
    .option('--metric <name>', 'only this metric; can be given several times', addText)
    .option('--wide', 'a column for each metric')
    .option('-f, --file <csv>', 'the file to write (default: the standard output)')
    .option('--overwrite', 'write over a file that is there')
    .addHelpText(
      'after',
      `
JSON (-o json, with -f): file (absolute), runs [id], rowCount, leftOut [sentence].

Example:
  runledger run export-metrics -r digits_1763674412_3fa9c1de --metric loss -f loss.csv`,
    )
    .action(async (options: Options, command: Command) => {
      const { folder: workspaceFolder } = await chosenWorkspace(context, options);
      const runIds = await runIdsOf(context, workspaceFolder, options);
      const request = {
        workspaceFolder,
        runIds,
        layout: options.wide === true ? 'wide' : 'long',
        ...(options.metric && { metrics: options.metric }),
      } as const;
      await (options.file === undefined
        ? print(context, command, request)
        : writeFile(context, command, request, options.file, options.overwrite === true));
    });
}

async function print(context: CliContext, command: Command, request: MetricsCsvRequest): Promise<void> {
  if (outputFormat(command) !== 'table') {
    throw new RunledgerError('invalid-argument', 'What is printed is CSV, whatever -o says.', {
      advice: 'Name a file with -f, and -o tells how it went.',
    });
  }
  const { leftOut } = await transferring(context, ({ signal }) =>
    // Progress would stand between the lines.
    writeMetricsCsv({ ...request, ...(signal && { signal }) }, context.stdout),
  );
  writeNotes(context, leftOut);
}

async function writeFile(
  context: CliContext,
  command: Command,
  request: MetricsCsvRequest,
  name: string,
  isReplacing: boolean,
): Promise<void> {
  const file = resolve(context.currentFolder, name);
  const { rowCount, leftOut } = await transferring(context, (transfer) =>
    writeMetricsCsvFile({ ...request, ...transfer }, { file, isReplacing }),
  );
  writeItem(context, command, { file, runs: request.runIds, rowCount, leftOut }, () =>
    [`Wrote ${counted(rowCount, 'line')} to ${file}.`, ...leftOut].join('\n'),
  );
}

async function runIdsOf(context: CliContext, workspaceFolder: string, options: Options): Promise<readonly string[]> {
  const { run, experimentName } = options;
  if ((run === undefined) === (experimentName === undefined)) {
    throw new RunledgerError('invalid-argument', 'It is not clear which runs are meant.', {
      advice: 'Pass either -r RUN_ID, or -e EXPERIMENT.',
    });
  }
  if (run !== undefined || experimentName === undefined) {
    return run ?? [];
  }
  return withCatalog(context, workspaceFolder, async (catalog) => {
    const key = experimentKey(experimentName);
    if (!(await catalog.experiments()).some((experiment) => experiment.key === key)) {
      throw new RunledgerError('not-found', `There is no experiment "${experimentName}" in ${workspaceFolder}.`, {
        advice: '`runledger experiment list` shows the experiments.',
      });
    }
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await catalog.runs({ experimentKey: key, limit: pageSize, cursor });
      ids.push(...page.items.flatMap((entry) => (entry.kind === 'run' ? [entry.id] : [])));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    // Oldest first, as they were made.
    return ids.reverse();
  });
}
