import type {
  RunPageAction,
  RunPageRequest,
  RunPageState,
  RunPageTab,
  RunPageToHost,
  XAxis,
  YScale,
} from '../../protocol/runPage.ts';
import { type Fields, isCount, isFields, isOptionalNumber, isText, requestOf } from '../pages/messageFields.ts';

const tabs: readonly RunPageTab[] = ['overview', 'metrics', 'images', 'tables', 'children', 'files'];

/** Longest text that a page may have copied: above it something is wrong. */
const longestCopiedText = 10_000_000;

/** The widest chart that a page may ask for. */
const mostColumns = 20_000;
const xAxes: readonly XAxis[] = ['step', 'time', 'relative'];
const yScales: readonly YScale[] = ['linear', 'log'];

/** What a page sent, or undefined where it is not a message of the protocol. */
export function parseRunPageMessage(value: unknown): RunPageToHost | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  switch (value.type) {
    case 'ready':
      return { type: 'ready' };
    case 'resync':
      return { type: 'resync' };
    case 'request':
      return parseRequest(value);
    case 'action': {
      const action = parseAction(value);
      return action === undefined ? undefined : { type: 'action', ...action };
    }
    default:
      return undefined;
  }
}

/** What a page kept for its restoration, or undefined where it is of no use. */
export function parseRunPageState(value: unknown): RunPageState | undefined {
  if (!isFields(value) || !isText(value.workspaceFolder) || !isText(value.runId)) {
    return undefined;
  }
  const tab = tabs.find((name) => name === value.tab);
  return { workspaceFolder: value.workspaceFolder, runId: value.runId, ...(tab !== undefined && { tab }) };
}

function parseRequest(value: Fields): RunPageRequest | undefined {
  const { method } = value;
  const request = requestOf(value);
  if (request === undefined) {
    return undefined;
  }
  const { id, params } = request;
  switch (method) {
    case 'series': {
      const { metric, from, to, width, origin } = params;
      const axis = xAxes.find((name) => name === params.axis);
      const yScale = yScales.find((name) => name === params.yScale);
      if (
        !isText(metric) ||
        axis === undefined ||
        !isCount(width) ||
        yScale === undefined ||
        typeof origin !== 'number' ||
        !isOptionalNumber(from) ||
        !isOptionalNumber(to)
      ) {
        return undefined;
      }
      return {
        type: 'request',
        id,
        method,
        params: {
          metric,
          axis,
          width: Math.min(width, mostColumns),
          yScale,
          origin,
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
        },
      };
    }
    case 'table':
      return isText(params.metric) ? { type: 'request', id, method, params: { metric: params.metric } } : undefined;
    case 'document':
    case 'followLog':
      return isText(params.path) ? { type: 'request', id, method, params: { path: params.path } } : undefined;
    case 'stopLog':
      return { type: 'request', id, method, params: {} };
    default:
      return undefined;
  }
}

function parseAction(value: Fields): RunPageAction | undefined {
  const { action, path, line, text, runId } = value;
  switch (action) {
    case 'cancel':
    case 'delete':
    case 'resubmit':
    case 'copyRunId':
    case 'revealFolder':
    case 'openScript':
      return { action };
    case 'copyText':
      return typeof text === 'string' && text.length <= longestCopiedText ? { action, text } : undefined;
    case 'openFile':
      return isText(path) ? { action, path } : undefined;
    case 'openRun':
      return isText(runId) ? { action, runId } : undefined;
    case 'openSource':
      if (!isText(path)) {
        return undefined;
      }
      return isCount(line) ? { action, path, line } : { action, path };
    default:
      return undefined;
  }
}
