import { type Command, InvalidArgumentError, Option } from 'commander';
import { experimentNamed } from '../../core/catalog/experimentNamed.ts';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunEntry } from '../../core/domain/run.ts';
import { runStatuses } from '../../core/domain/runStatus.ts';
import { parseQuery } from '../../core/run-query/parseQuery.ts';
import { printQuery } from '../../core/run-query/printQuery.ts';
import { type AttributeName, attributes, type Condition, type RunQuery } from '../../core/run-query/query.ts';
import { unknownNames } from '../../core/run-query/unknownNames.ts';
import { type CliContext, writeLine } from '../context.ts';
import { addKeyValue, type KeyValues } from '../keyValues.ts';
import { wholeNumber } from '../numbers.ts';
import { outputFormat, writeList } from '../output.ts';
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
  readonly filter?: string;
  readonly orderBy?: string;
  readonly max?: number;
  readonly minimal?: boolean;
}

export function addRunList(run: Command, context: CliContext): void {
  addWorkspaceOptions(run.command('list'))
    .summary('list runs, newest first')
    .description('Lists the runs of the workspace, or of one experiment, newest first.')
    .option('-e, --experiment-name <name>', 'only the runs of this experiment')
    .option('--filter <query>', 'only runs that match, such as "metrics.loss < 0.1 and status = Completed"')
    .option('--order-by <fields>', 'in this order, such as "metrics.loss, created desc"')
    .option('--last <count>', 'how many at most', wholeNumber, 10)
    .option('--max <count>', 'the same, for lists in another order', wholeNumber)
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

Filters compare fields with =, !=, <, <=, >, >=, in, contains, like and is null, joined by and, or and not. Fields: metrics.<name> (its
last value; min(…), max(…), count(…)), params.<name>, tags.<name>, properties.<name>, ${Object.keys(attributes).join(', ')}.
Words alone are searched for in names, ids, experiments, scripts, descriptions and tags. docs/run-filters.md tells all of it.

Example:
  runledger run list -e digits --last 5 --status Completed --tags stage=final
  runledger run list --filter 'metrics.loss < 0.1 and params.lr in (0.1, 0.01) and created > -7d' --order-by 'metrics.accuracy desc'
  runledger run list --filter 'resnet baseline'`,
    )
    .action(async (options: Options, command: Command) => {
      const query = queryOf(options);
      const {
        items: entries,
        total,
        hints,
      } = await withChosenCatalog(context, options, (catalog) =>
        query === undefined ? newest(catalog, options) : matching(catalog, options, query),
      );
      for (const hint of hints) {
        writeLine(context.stderr, oneLine(hint));
      }
      if (query !== undefined && total > entries.length && outputFormat(command) === 'table') {
        writeLine(context.stderr, `${entries.length} of ${total} matching runs; --max shows more.`);
      }
      const whenEmpty = query === undefined ? 'No runs.' : 'No runs match.';
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

interface Listed {
  readonly items: readonly RunEntry[];
  /** All that there are to list. */
  readonly total: number;
  /** What may be wrong with the filter. */
  readonly hints: readonly string[];
}

async function newest(catalog: RunCatalog, options: Options): Promise<Listed> {
  const experiments = await catalog.experiments();
  const chosen =
    options.experimentName === undefined ? experiments : [experimentNamed(experiments, options.experimentName)];
  const limit = options.max ?? options.last;
  const pages = await Promise.all(chosen.map(({ key }) => catalog.runs({ experimentKey: key, limit })));
  const created = (entry: RunEntry): number => (entry.kind === 'run' ? entry.createdTime : 0);
  const items = pages
    .flatMap((page) => page.items)
    .sort((a, b) => created(b) - created(a))
    .slice(0, limit);
  return { items, total: items.length, hints: [] };
}

async function matching(catalog: RunCatalog, options: Options, query: RunQuery): Promise<Listed> {
  const experiment =
    options.experimentName === undefined
      ? undefined
      : experimentNamed(await catalog.experiments(), options.experimentName);
  const found = await catalog.find({
    filter: printQuery(query),
    experimentKey: experiment?.key,
    limit: options.max ?? options.last,
  });
  return { ...found, hints: found.total === 0 ? unknownNames(query, await catalog.knownNames()) : [] };
}

/** All that the options ask of the runs, as one query; undefined where they ask nothing. */
function queryOf({ filter, orderBy, status, computeTargetName, parentRunId, pipelineRunId, tags }: Options) {
  const { condition, order } = parseQuery(filter ?? '');
  const conditions: Condition[] = [
    ...(condition === undefined ? [] : [condition]),
    ...attributeIs('status', status),
    ...attributeIs('target', computeTargetName),
    ...attributeIs('parent', parentRunId),
    ...attributeIs('parent', pipelineRunId),
    ...Object.entries(tags ?? {}).map(([name, value]) => tagIs(name, value)),
  ];
  const keys = orderBy === undefined ? order : parseQuery(`order by ${orderBy}`).order;
  const [first] = conditions;
  const query: RunQuery = {
    condition: conditions.length > 1 ? { kind: 'and', conditions } : first,
    order: keys,
  };
  return query.condition === undefined && keys.length === 0 ? undefined : query;
}

function attributeIs(name: AttributeName, text: string | undefined): Condition[] {
  const field = { kind: 'attribute', name } as const;
  return text === undefined ? [] : [{ kind: 'compare', field, operator: '=', value: { kind: 'text', text } }];
}

function tagIs(name: string, value: string | null): Condition {
  const field = { kind: 'tag', name } as const;
  return value === null
    ? { kind: 'exists', field }
    : { kind: 'compare', field, operator: '=', value: { kind: 'text', text: value } };
}
