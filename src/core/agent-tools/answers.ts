/** Runs and values as tools answer them: short, since each word costs a model some of its attention. */
import type * as v from 'valibot';
import { RunledgerError } from '../base/errors.ts';
import type { RunCatalog } from '../catalog/runCatalog.ts';
import type { Scalar } from '../domain/metric.ts';
import type { RunEntry, RunSummary } from '../domain/run.ts';
import type { AgentToolContext } from './agentTool.ts';
import type { runRow, unreadableRow } from './toolFields.ts';

type JsonValue = number | string | boolean | null;

export function jsonValue(value: Scalar | null | undefined): JsonValue {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : (value ?? null);
}

const pointDigits = 6;

/** A number of a curve: what a model can use of it. */
export function roundedValue(value: number): number | string {
  return Number.isFinite(value) ? Number(value.toPrecision(pointDigits)) : String(value);
}

function roundedSeconds(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

export function secondsOf({ startTime, endTime }: RunSummary): number | undefined {
  return startTime === undefined ? undefined : roundedSeconds(Math.max(0, (endTime ?? Date.now() / 1000) - startTime));
}

/** Fields that are not known are left out. */
export function rowOf(run: RunSummary): v.InferOutput<typeof runRow> {
  return {
    id: run.id,
    experiment: run.experiment,
    number: run.number,
    name: run.displayName,
    status: run.status,
    created: new Date(run.createdTime * 1000).toISOString(),
    seconds: secondsOf(run),
    script: run.script,
    parent: run.parentId,
    failure: run.failure?.message,
  };
}

export function entryRow(entry: RunEntry): v.InferOutput<typeof runRow> | v.InferOutput<typeof unreadableRow> {
  return entry.kind === 'run'
    ? rowOf(entry)
    : { id: entry.id, experiment: entry.experimentKey, status: 'Unreadable', problem: entry.problem };
}

/** The catalog of the workspace that is named, or of the first. Throws `not-found`. */
export async function chosenCatalog(
  context: AgentToolContext,
  workspace: string | undefined,
): Promise<{ catalog: RunCatalog; otherWorkspaces?: string[] }> {
  const catalogs = await context.catalogs();
  const catalog =
    workspace === undefined
      ? catalogs[0]
      : catalogs.find(({ workspace: { name, folder } }) => folder === workspace || name === workspace);
  const folders = catalogs.map((item) => item.workspace.folder);
  if (catalog === undefined) {
    throw new RunledgerError('not-found', `There is no open workspace "${workspace}".`, {
      advice: `There are: ${folders.join(', ')}.`,
    });
  }
  const others = folders.filter((folder) => folder !== catalog.workspace.folder);
  return { catalog, ...(others.length > 0 && { otherWorkspaces: others }) };
}

/** The catalog of the workspace that holds a run. Throws `not-found`. */
export async function catalogOfRun(context: AgentToolContext, runId: string): Promise<RunCatalog> {
  for (const catalog of await context.catalogs()) {
    if ((await catalog.run(runId)) !== undefined) {
      return catalog;
    }
  }
  throw new RunledgerError('not-found', `There is no run ${runId}.`, {
    advice: 'list_runs gives the ids of the runs that there are.',
  });
}
