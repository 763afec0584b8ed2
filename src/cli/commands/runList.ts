import { type Command, InvalidArgumentError, Option } from 'commander';
import { RunledgerError } from '../../core/base/errors.ts';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunEntry, RunSummary } from '../../core/domain/run.ts';
import { runStatuses } from '../../core/domain/runStatus.ts';
import type { ExperimentSummary } from '../../core/domain/workspace.ts';
import { experimentKey } from '../../core/store/names.ts';
import type { CliContext } from '../context.ts';
import { addKeyValue, type KeyValues } from '../keyValues.ts';
import { wholeNumber } from '../numbers.ts';
import { writeList } from '../output.ts';
import { durationOf, jsonHelp, runEntryJson, runSummaryColumns } from '../runJson.ts';
import { durationText, momentText, oneLine } from '../text.ts';
import { addWorkspaceOptions, type WorkspaceOptions, withChosenCatalog } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly experimentName?: string;
  readonly last: number;
  readonly status?: string;
  readonly computeTargetName?: string;
  readonly parentRunId?: string;
  readonly pipelineRunId?: string;
  readonly tags?: KeyValues;
  readonly minimal?: boolean;
}

const pageSize = 50;

export function addRunList(run: Command, context: CliContext): void {
  addWorkspaceOptions(run.command('list'))
    .summary('list runs, newest first')
    .description('Lists the runs of the workspace, or of one experiment, newest first.')
    .option('-e, --experiment-name <name>', 'only the runs of this experiment')
    .option('--last <count>', 'how many at most', wholeNumber, 10)
    .addOption(new Option('--status <status>', 'only runs in this state').choices(runStatuses).argParser(statusName))
    .option('--tags <name[=value]>', 'only runs with this tag, and this value; several must all hold', addKeyValue)
    .option('--compute-target-name <name>', 'only runs on this compute target')
    .option('--parent-run-id <id>', 'only the children of this run')
    .option('--pipeline-run-id <id>', 'only the steps of this pipeline run')
    .option('--minimal', 'only ids, experiments and states')
    .addHelpText(
      'after',
      `
${jsonHelp.list}
With --minimal: {id, experiment, status}.

Example:
  runledger run list -e digits --last 5 --status Completed --tags stage=final`,
    )
    .action(async (options: Options, command: Command) => {
      const entries = await withChosenCatalog(context, options, (catalog) => newest(catalog, options));
      const whenEmpty = 'No runs.';
      if (options.minimal === true) {
        const columns = ['id', 'experiment', 'status'] as const;
        const items = entries.map(minimalJson);
        const rows = () => items.map(({ experiment, status, id }) => [experiment, status, id]);
        writeList(context, command, { items, columns, headings: ['Experiment', 'Status', 'Run'], rows, whenEmpty });
        return;
      }
      writeList(context, command, {
        items: entries.map(runEntryJson),
        columns: runSummaryColumns,
        headings: ['Experiment', 'No.', 'Status', 'Created', 'Duration', 'Run'],
        rows: () => entries.map(row),
        whenEmpty,
      });
    });
}

function statusName(text: string): string {
  const status = runStatuses.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (status === undefined) {
    throw new InvalidArgumentError(`It must be one of ${runStatuses.join(', ')}.`);
  }
  return status;
}

function minimalJson(entry: RunEntry): { id: string; experiment: string; status: string } {
  return entry.kind === 'run'
    ? { id: entry.id, experiment: entry.experiment, status: entry.status }
    : { id: entry.id, experiment: entry.experimentKey, status: 'Unreadable' };
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

function isFilter({ status, computeTargetName, parentRunId, pipelineRunId, tags }: Options): boolean {
  return [status, computeTargetName, parentRunId, pipelineRunId, tags].some((condition) => condition !== undefined);
}

async function isWanted(run: RunSummary, options: Options, catalog: RunCatalog): Promise<boolean> {
  const { status, computeTargetName, parentRunId, pipelineRunId, tags } = options;
  return (
    (status === undefined || run.status === status) &&
    (computeTargetName === undefined || run.target === computeTargetName) &&
    (parentRunId === undefined || run.parentId === parentRunId) &&
    (pipelineRunId === undefined || run.parentId === pipelineRunId) &&
    (tags === undefined || hasTags((await catalog.details(run.id)).tags, tags))
  );
}

function hasTags(found: KeyValues, wanted: KeyValues): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => Object.hasOwn(found, name) && (value === null || found[name] === value),
  );
}

async function newestOf(catalog: RunCatalog, key: string, options: Options): Promise<RunEntry[]> {
  const found: RunEntry[] = [];
  const isFiltered = isFilter(options);
  let cursor: string | undefined;
  do {
    const limit = isFiltered ? pageSize : options.last;
    const page = await catalog.runs({ experimentKey: key, limit, cursor });
    for (const entry of page.items) {
      if (!isFiltered || (entry.kind === 'run' && (await isWanted(entry, options, catalog)))) {
        found.push(entry);
      }
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined && found.length < options.last);
  return found;
}
