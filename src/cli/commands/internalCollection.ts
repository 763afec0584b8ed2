/** The process that brings a run home from another host. */
import { collectRun } from '../../core/compute/collection/collector.ts';
import type { CliContext } from '../context.ts';
import { attend } from '../internalRequests.ts';

/** Brings a run home; the first line says whether this process has taken it over. */
export function collect(context: CliContext): Promise<void> {
  const { pythonSdkFolder } = context.installation;
  return attend(context, (run) => collectRun({ ...run, pythonSdkFolder }));
}
