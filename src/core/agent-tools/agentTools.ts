import { RunledgerError } from '../base/errors.ts';
import { QueryError } from '../run-query/queryError.ts';
import type { AgentTool } from './agentTool.ts';
import { cancelRun } from './cancelRun.ts';
import { compareRuns } from './compareRuns.ts';
import { getMetrics } from './getMetrics.ts';
import { getRun } from './getRun.ts';
import { listRuns } from './listRuns.ts';
import { queryRuns } from './queryRuns.ts';
import { submitRun } from './submitRun.ts';

/** Every tool there is, those that only read first. */
export const agentTools: readonly AgentTool[] = [
  listRuns,
  queryRuns,
  getRun,
  getMetrics,
  compareRuns,
  submitRun,
  cancelRun,
];

/** What a model is told of a call that was refused, so that it can do better; undefined for a defect. */
export function refusalText(error: unknown): string | undefined {
  if (!RunledgerError.is(error)) {
    return undefined;
  }
  return error instanceof QueryError ? `${error.message}\n${error.pointer}` : error.fullMessage;
}
