import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { RunledgerError } from '../../core/base/errors.ts';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunEntry, RunSummary } from '../../core/domain/run.ts';
import { runStatuses } from '../../core/domain/runStatus.ts';
import type { ExperimentSummary } from '../../core/domain/workspace.ts';
import { experimentKey } from '../../core/store/names.ts';
import { type CliContext, outputFormat, withCatalog, writeJson, writeLine } from '../context.ts';
import { durationOf, jsonHelp, runEntryJson } from '../runJson.ts';
import { durationText, momentText, oneLine, tableText } from '../text.ts';

interface Options {
  readonly experimentName?: string;
  readonly last: number;
  readonly status?: string;
  readonly parentRunId?: string;
  readonly path: string;
}

const pageSize = 50;

export function addRunList(run: Command, context: CliContext): void {
  run
    .command('list')
    .summary('list runs, newest first')
    .description('Lists the runs of the workspace, or of one experiment, newest first.')
    .option('-e, --experiment-name <name>', 'only the runs of this experiment')
    .option('--last <count>', 'how many at most', wholeNumber, 10)
    .addOption(new Option('--status <status>', 'only runs in this state').argParser(statusName))
    .option('--parent-run-id <id>', 'only the children of this run')
    .option('--path <folder>', 'where the workspace is looked for, there and above', '.')
    .addHelpText('after', `\n${jsonHelp.list}\n\nExample:\n  runledger run list -e digits --last 5 --status Completed`)
    .action(async (options: Options, command: Command) => {
      const entries = await withCatalog(resolve(context.currentFolder, options.path), (catalog) =>
        newest(catalog, options),
      );
      if (outputFormat(command) === 'json') {
        writeJson(context.stdout, entries.map(runEntryJson));
      } else if (entries.length === 0) {
        writeLine(context.stdout, 'No runs.');
      } else {
        writeLine(
          context.stdout,
          tableText(['Experiment', 'No.', 'Status', 'Created', 'Duration', 'Run'], entries.map(row)),
        );
      }
    });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number of at least 1.');
  }
  return value;
}

function statusName(text: string): string {
  const status = runStatuses.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (status === undefined) {
    throw new InvalidArgumentError(`It must be one of ${runStatuses.join(', ')}.`);
  }
  return status;
}

function row(entry: RunEntry): string[] {
  if (entry.kind === 'unreadable') {
    return [entry.experimentKey, '', 'Unreadable', '', '', `${entry.id}: ${oneLine(entry.problem)}`];
  }
  const duration = durationOf(entry);
  return [
    entry.experiment,
    String(entry.number),
    entry.status,
    momentText(entry.createdTime),
    duration === undefined ? '' : durationText(duration),
    entry.displayName === undefined ? entry.id : `${entry.id} (${oneLine(entry.displayName)})`,
  ];
}

async function newest(catalog: RunCatalog, options: Options): Promise<RunEntry[]> {
  const experiments = await catalog.experiments();
  const chosen = options.experimentName === undefined ? experiments : [named(experiments, options.experimentName)];
  const lists = await Promise.all(chosen.map(({ key }) => newestOf(catalog, key, options)));
  const created = (entry: RunEntry): number => (entry.kind === 'run' ? entry.createdTime : 0);
  return lists
    .flat()
    .sort((a, b) => created(b) - created(a))
    .slice(0, options.last);
}

function named(experiments: readonly ExperimentSummary[], name: string): ExperimentSummary {
  const key = experimentKey(name);
  const found = experiments.find((experiment) => experiment.key === key);
  if (found === undefined) {
    const known = experiments.map((experiment) => experiment.name).join(', ');
    throw new RunledgerError('not-found', `There is no experiment "${name}" in this workspace.`, {
      advice: known === '' ? 'There is none yet.' : `There are: ${known}.`,
    });
  }
  return found;
}

function isWanted(run: RunSummary, { status, parentRunId }: Options): boolean {
  return (status === undefined || run.status === status) && (parentRunId === undefined || run.parentId === parentRunId);
}

async function newestOf(catalog: RunCatalog, key: string, options: Options): Promise<RunEntry[]> {
  const found: RunEntry[] = [];
  let cursor: string | undefined;
  do {
    const isFiltered = options.status !== undefined || options.parentRunId !== undefined;
    const limit = isFiltered ? pageSize : options.last;
    const page = await catalog.runs({ experimentKey: key, limit, cursor });
    for (const entry of page.items) {
      if (!isFiltered || (entry.kind === 'run' && isWanted(entry, options))) {
        found.push(entry);
      }
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined && found.length < options.last);
  return found;
}
