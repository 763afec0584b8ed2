import type { ExperimentSummary } from '../core/domain/workspace.ts';

export const experimentColumns = ['name', 'runCount', 'lastRunNumber', 'archivedTime', 'tags'] as const;

export const experimentJsonHelp = `{name, runCount, lastRunNumber, archivedTime, tags}.
Deleted runs are not counted, child runs are. archivedTime is ISO 8601, or null for an active experiment; a tag without a value is null.`;

/** The JSON of an experiment; its shape is part of the command's interface: keys are added, never changed. */
export function experimentJson({ name, runCount, lastRunNumber, archivedTime, tags }: ExperimentSummary): object {
  return {
    name,
    runCount,
    lastRunNumber,
    archivedTime: archivedTime === undefined ? null : new Date(archivedTime * 1000).toISOString(),
    tags,
  };
}
