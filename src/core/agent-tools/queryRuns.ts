import * as v from 'valibot';
import { experimentNamed } from '../catalog/experimentNamed.ts';
import type { FoundRuns, RunCatalog } from '../catalog/runCatalog.ts';
import { parseQuery } from '../run-query/parseQuery.ts';
import type { NamedField } from '../run-query/query.ts';
import { unknownNames } from '../run-query/unknownNames.ts';
import { defineTool } from './agentTool.ts';
import { chosenCatalog, entryRow } from './answers.ts';
import { fieldValue, namedField } from './runFields.ts';
import * as fields from './toolFields.ts';

/** The part of docs/run-filters.md that a model needs. */
const language =
  'Fields: metrics.<name> (last value; also min(metrics.<name>), max(…), count(…)), params.<name>, tags.<name>, properties.<name>, ' +
  'status, created, started, ended, duration, experiment, number, id, name, type, target, script, user, host, parent, description, notes. ' +
  'Operators: = != < <= > >= in (…), like, ilike, contains, is null, has tags.<name>; and, or, not, parentheses. ' +
  'Names with blanks stand in quotes: metrics."val loss". Times: -7d, -2h, today, 2026-11-21. Durations: 90s, 1h30m. ' +
  'Order: order by metrics.val_loss, created desc. Words alone are searched for in names, ids, scripts, descriptions, notes and tags. ' +
  'Example: status = Completed and params.lr <= 0.01 and created > -7d order by max(metrics.accuracy) desc';

export const queryRuns = defineTool({
  name: 'query_runs',
  title: 'Find runs with a query',
  description:
    'Finds and sorts machine-learning runs with a query over metrics, parameters, tags and states, and gives chosen values of each. ' +
    'Use it for questions such as which run was the best, or what failed this week.',
  isReadOnly: true,
  input: v.object({
    query: fields.described(v.string(), language),
    fields: v.optional(
      fields.described(
        v.pipe(v.array(v.string()), v.maxLength(20)),
        'Values to give of each run, such as ["metrics.loss", "min(metrics.val_loss)", "params.lr", "tags.team"].',
      ),
      [],
    ),
    experiment: v.optional(fields.described(v.string(), 'Only among the runs of this experiment.')),
    limit: v.optional(fields.described(fields.wholeNumber(1, 100), 'At most so many.'), 20),
    cursor: fields.cursor,
    workspace: fields.workspace,
  }),
  output: v.object({
    ...fields.listed,
    hints: v.optional(fields.described(v.array(v.string()), 'What may be wrong with a query that nothing matches.')),
    runs: v.array(
      v.union([
        v.object({ ...fields.runRow.entries, values: v.record(v.string(), fields.value) }),
        fields.unreadableRow,
      ]),
    ),
  }),
  async run(context, { query, fields: wanted, experiment, limit, cursor, workspace }) {
    const { catalog, otherWorkspaces } = await chosenCatalog(context, workspace);
    const columns = wanted.map((text) => [text, namedField(text)] as const);
    const found = await catalog.find({
      filter: query,
      experimentKey:
        experiment === undefined ? undefined : experimentNamed(await catalog.experiments(), experiment).key,
      limit,
      cursor,
    });
    return {
      workspace: catalog.workspace.folder,
      otherWorkspaces,
      total: found.total,
      ...(found.total === 0 && { hints: [...unknownNames(parseQuery(query), await catalog.knownNames())] }),
      runs: await withValues(catalog, found, columns),
      nextCursor: found.nextCursor,
    };
  },
});

async function withValues(
  catalog: RunCatalog,
  { items }: FoundRuns,
  columns: readonly (readonly [string, NamedField])[],
) {
  const rows = [];
  for (const entry of items) {
    const row = entryRow(entry);
    if (row.status === 'Unreadable' && 'problem' in row) {
      rows.push(row);
      continue;
    }
    const details = columns.length === 0 ? undefined : await catalog.details(row.id);
    const values = columns.flatMap(([text, field]) =>
      details === undefined ? [] : [[text, fieldValue(details, field)] as const],
    );
    rows.push({ ...row, values: Object.fromEntries(values) });
  }
  return rows;
}
