import type {
  AnnotateParams,
  RunPageAction,
  RunPageRequest,
  RunPageState,
  RunPageTab,
  RunPageToHost,
  TableModel,
} from '../../protocol/runPage.ts';
import type { WireScalar } from '../../protocol/wire.ts';
import { type Fields, isCount, isFields, isId, isText, requestOf } from '../pages/messageFields.ts';
import { parseSeriesRange } from '../pages/seriesRange.ts';
import { parseMetricsLayout } from './metricsLayouts.ts';

const tabs: readonly RunPageTab[] = ['overview', 'metrics', 'images', 'tables', 'children', 'files', 'snapshot'];

/** Longest text that a page may have copied: above it something is wrong. */
const longestCopiedText = 10_000_000;

/** Characters of a chart's picture. */
const longestPicture = 50_000_000;

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
    case 'layout': {
      const layout = parseMetricsLayout(value.layout);
      return layout === undefined ? undefined : { type: 'layout', layout };
    }
    case 'cancel':
      return isId(value.id) ? { type: 'cancel', id: value.id } : undefined;
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
      const range = parseSeriesRange(params);
      return isText(params.metric) && range !== undefined
        ? { type: 'request', id, method, params: { metric: params.metric, ...range } }
        : undefined;
    }
    case 'table':
      return isText(params.metric) ? { type: 'request', id, method, params: { metric: params.metric } } : undefined;
    case 'searchLog': {
      const { path, text, isCaseSensitive } = params;
      return isText(path) && isText(text) && typeof isCaseSensitive === 'boolean'
        ? { type: 'request', id, method, params: { path, text, isCaseSensitive } }
        : undefined;
    }
    case 'readLog': {
      const { path, line } = params;
      return isText(path) && (line === 0 || isCount(line))
        ? { type: 'request', id, method, params: { path, line } }
        : undefined;
    }
    case 'document':
    case 'preview':
    case 'followLog':
      return isText(params.path) ? { type: 'request', id, method, params: { path: params.path } } : undefined;
    case 'stopLog':
    case 'snapshot':
      return { type: 'request', id, method, params: {} };
    case 'annotate': {
      const annotations = parseAnnotations(params);
      return annotations === undefined ? undefined : { type: 'request', id, method, params: annotations };
    }
    default:
      return undefined;
  }
}

function parseTable(value: unknown): TableModel | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const { columns, rows } = value;
  const isTable =
    Array.isArray(columns) &&
    columns.every((column) => typeof column === 'string') &&
    Array.isArray(rows) &&
    rows.every((row) => Array.isArray(row) && row.every(isCell));
  return isTable ? { columns, rows } : undefined;
}

function isCell(value: unknown): value is WireScalar {
  return (
    value === null ||
    ['string', 'number', 'boolean'].includes(typeof value) ||
    (isFields(value) && typeof value.$float === 'string')
  );
}

/** What a person changed, or undefined where it is not of the right form. */
export function parseAnnotations({
  displayName,
  description,
  notes,
  addTags,
  removeTags,
}: Fields): AnnotateParams | undefined {
  if (
    !isOptionalText(displayName) ||
    !isOptionalText(description) ||
    !isOptionalText(notes) ||
    !(addTags === undefined || (Array.isArray(addTags) && addTags.every(isTag))) ||
    !(removeTags === undefined || (Array.isArray(removeTags) && removeTags.every(isText)))
  ) {
    return undefined;
  }
  return {
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    ...(notes !== undefined && { notes }),
    ...(addTags !== undefined && { addTags }),
    ...(removeTags !== undefined && { removeTags }),
  };
}

function isOptionalText(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || isText(value);
}

function isTag(value: unknown): value is readonly [name: string, value: string | null] {
  return Array.isArray(value) && value.length === 2 && isText(value[0]) && (value[1] === null || isText(value[1]));
}

function parseAction(value: Fields): RunPageAction | undefined {
  const { action, path, line, text, runId, metric, form, content } = value;
  switch (action) {
    case 'cancel':
    case 'delete':
    case 'resubmit':
    case 'resubmitUnchanged':
    case 'copyRunId':
    case 'revealFolder':
    case 'searchFiles':
    case 'searchSnapshot':
    case 'openScript':
    case 'openExperiment':
    case 'openUncommittedDiff':
    case 'openInstalled':
    case 'compareWithWorkingCopy':
    case 'compareWithRun':
    case 'restoreSnapshot':
      return { action };
    case 'copyText':
      return typeof text === 'string' && text.length <= longestCopiedText ? { action, text } : undefined;
    case 'compareRuns': {
      const { runIds } = value;
      return Array.isArray(runIds) && runIds.every(isText) ? { action, runIds } : undefined;
    }
    case 'copyTable': {
      const table = parseTable(value.table);
      return table === undefined ? undefined : { action, table };
    }
    case 'exportTable': {
      const table = parseTable(value.table);
      return table === undefined || !isText(value.name) ? undefined : { action, name: value.name, table };
    }
    case 'registerModel':
      return path === undefined ? { action } : isText(path) ? { action, path } : undefined;
    case 'openFile':
    case 'saveFile':
    case 'revealFile':
    case 'openSnapshotFile':
    case 'compareSnapshotFile':
      return isText(path) ? { action, path } : undefined;
    case 'exportMetric':
      return isText(metric) ? { action, metric } : undefined;
    case 'saveChart':
      return isText(metric) && isText(content) && content.length <= longestPicture && (form === 'png' || form === 'svg')
        ? { action, metric, form, content }
        : undefined;
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
