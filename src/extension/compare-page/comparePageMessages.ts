import * as v from 'valibot';
import { type ComparePageState, type ComparePageToHost, mostComparedRuns } from '../../protocol/comparePage.ts';
import { isFields, isId, requestOf } from '../pages/messageFields.ts';
import { parseSeriesRange } from '../pages/seriesRange.ts';

const name = v.pipe(v.string(), v.minLength(1));

const actions = v.variant('action', [
  v.object({ action: v.picklist(['openRun', 'removeRun']), runId: name }),
  v.object({ action: v.picklist(['addRun', 'dropRuns']) }),
  v.object({ action: v.literal('compareCode'), left: name, right: name }),
  v.object({ action: v.literal('compareFile'), left: name, right: name, path: name }),
]);

const requests = v.variant('method', [
  v.object({ method: v.literal('table'), params: v.object({ runId: name, metric: v.string() }) }),
  v.object({ method: v.literal('codeChanges'), params: v.object({ left: name, right: name }) }),
]);

const state = v.object({
  workspaceFolder: name,
  runIds: v.pipe(v.array(name), v.minLength(1), v.maxLength(mostComparedRuns)),
});

/** What a page sent, or undefined where it is not a message of the protocol. */
export function parseComparePageMessage(value: unknown): ComparePageToHost | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  switch (value.type) {
    case 'ready':
      return { type: 'ready' };
    case 'cancel':
      return isId(value.id) ? { type: 'cancel', id: value.id } : undefined;
    case 'request': {
      const request = requestOf(value);
      if (request !== undefined && value.method !== 'series') {
        const parsed = v.safeParse(requests, value);
        return parsed.success ? { type: 'request', id: request.id, ...parsed.output } : undefined;
      }
      const range = request && parseSeriesRange(request.params);
      if (request === undefined || range === undefined) {
        return undefined;
      }
      const { runId, metric } = request.params;
      return typeof runId === 'string' && typeof metric === 'string'
        ? { type: 'request', id: request.id, method: 'series', params: { runId, metric, ...range } }
        : undefined;
    }
    case 'action': {
      const parsed = v.safeParse(actions, value);
      return parsed.success ? { type: 'action', ...parsed.output } : undefined;
    }
    default:
      return undefined;
  }
}

/** What a page kept for its restoration, or undefined where it is of no use. */
export function parseComparePageState(value: unknown): ComparePageState | undefined {
  const parsed = v.safeParse(state, value);
  return parsed.success ? parsed.output : undefined;
}
