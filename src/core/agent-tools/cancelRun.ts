import * as v from 'valibot';
import { cancelRun as cancel } from '../submission/cancelRun.ts';
import { defineTool } from './agentTool.ts';
import { catalogOfRun } from './answers.ts';
import * as fields from './toolFields.ts';

export const cancelRun = defineTool({
  name: 'cancel_run',
  title: 'Cancel a run',
  description:
    'Asks a run that goes on to end, with the runs that it started. What it logged and wrote so far is kept. It is Canceled when its processes have ended.',
  isReadOnly: false,
  input: v.object({ run_id: fields.runId }),
  output: v.object({ id: v.string(), status: v.string() }),
  async run(context, { run_id: id }) {
    const catalog = await catalogOfRun(context, id);
    await cancel(catalog.workspace.folder, id);
    const entry = await catalog.run(id);
    return { id, status: entry?.kind === 'run' ? entry.status : 'CancelRequested' };
  },
});
