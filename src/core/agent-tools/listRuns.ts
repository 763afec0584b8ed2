import * as v from 'valibot';
import { experimentNamed } from '../catalog/experimentNamed.ts';
import { runStatuses } from '../domain/runStatus.ts';
import { printQuery } from '../run-query/printQuery.ts';
import { defineTool } from './agentTool.ts';
import { chosenCatalog, entryRow } from './answers.ts';
import * as fields from './toolFields.ts';

export const listRuns = defineTool({
  name: 'list_runs',
  title: 'List runs',
  description:
    'Lists the machine-learning runs that Runledger tracked on this machine, newest first, with their state, script and duration. ' +
    'Use it to find out what was trained lately and to get ids for the other tools. To find runs by their metrics or parameters use query_runs.',
  isReadOnly: true,
  input: v.object({
    experiment: v.optional(fields.described(v.string(), 'Only the runs of this experiment.')),
    status: v.optional(fields.described(v.picklist(runStatuses), 'Only runs in this state.')),
    limit: v.optional(fields.described(fields.wholeNumber(1, 100), 'At most so many.'), 20),
    cursor: fields.cursor,
    workspace: fields.workspace,
  }),
  output: v.object({ ...fields.listed, runs: v.array(v.union([fields.runRow, fields.unreadableRow])) }),
  async run(context, { experiment, status, limit, cursor, workspace }) {
    const { catalog, otherWorkspaces } = await chosenCatalog(context, workspace);
    const { items, total, nextCursor } = await catalog.find({
      filter: status === undefined ? '' : statusIs(status),
      experimentKey:
        experiment === undefined ? undefined : experimentNamed(await catalog.experiments(), experiment).key,
      limit,
      cursor,
    });
    return { workspace: catalog.workspace.folder, otherWorkspaces, total, runs: items.map(entryRow), nextCursor };
  },
});

function statusIs(status: string): string {
  const field = { kind: 'attribute', name: 'status' } as const;
  const condition = { kind: 'compare', field, operator: '=', value: { kind: 'text', text: status } } as const;
  return printQuery({ condition, order: [] });
}
