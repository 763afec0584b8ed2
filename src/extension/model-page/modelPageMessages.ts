import type {
  AnnotateVersionParams,
  ModelPageAction,
  ModelPageState,
  ModelPageToHost,
} from '../../protocol/modelPage.ts';
import { type Fields, isCount, isFields, isText, requestOf } from '../pages/messageFields.ts';
import { parseAnnotations } from '../run-page/runPageMessages.ts';

/** Longest text that a page may have copied: above it something is wrong. */
const longestCopiedText = 100_000;

/** What a page sent, or undefined where it is not a message of the protocol. */
export function parseModelPageMessage(value: unknown): ModelPageToHost | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  switch (value.type) {
    case 'ready':
      return { type: 'ready' };
    case 'request': {
      const request = requestOf(value);
      const params = request === undefined ? undefined : parseAnnotateParams(request.params);
      return request !== undefined && params !== undefined && value.method === 'annotate'
        ? { type: 'request', id: request.id, method: 'annotate', params }
        : undefined;
    }
    case 'action': {
      const action = parseAction(value);
      return action === undefined ? undefined : { type: 'action', ...action };
    }
    default:
      return undefined;
  }
}

/** What a page kept for its restoration, or undefined where it is of no use. */
export function parseModelPageState(value: unknown): ModelPageState | undefined {
  if (!isFields(value) || !isText(value.workspaceFolder) || !isText(value.modelKey)) {
    return undefined;
  }
  const { workspaceFolder, modelKey, version } = value;
  return { workspaceFolder, modelKey, ...(isCount(version) && { version }) };
}

function parseAnnotateParams(params: Fields): AnnotateVersionParams | undefined {
  const annotations = parseAnnotations(params);
  if (annotations === undefined || !isCount(params.version)) {
    return undefined;
  }
  const { displayName: _none, ...rest } = annotations;
  return { version: params.version, ...rest };
}

function parseAction(value: Fields): ModelPageAction | undefined {
  const { action, version, path, runId, left, right, text } = value;
  switch (action) {
    case 'register':
      return { action };
    case 'download':
    case 'delete':
    case 'revealFolder':
    case 'addProperty':
      return isCount(version) ? { action, version } : undefined;
    case 'openFile':
      return isCount(version) && isText(path) ? { action, version, path } : undefined;
    case 'openRun':
    case 'openSnapshot':
      return isText(runId) ? { action, runId } : undefined;
    case 'compareRuns':
    case 'compareCode':
      return isText(left) && isText(right) ? { action, left, right } : undefined;
    case 'copyText':
      return isText(text) && text.length <= longestCopiedText ? { action, text } : undefined;
    default:
      return undefined;
  }
}
