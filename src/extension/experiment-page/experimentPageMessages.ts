import * as v from 'valibot';
import type {
  ExperimentPageRequest,
  ExperimentPageState,
  ExperimentPageToHost,
  FieldModel,
  LayoutModel,
  ViewModel,
} from '../../protocol/experimentPage.ts';
import type { WireScalar } from '../../protocol/wire.ts';
import { type Fields, isFields, isId, requestOf } from '../pages/messageFields.ts';
import { parseSeriesRange } from '../pages/seriesRange.ts';

/** More rows at once than a page can show: above it something is wrong. */
const mostRows = 2000;
const mostColumns = 500;
/** Longest text that a page may have copied. */
const longestCopiedText = 10_000_000;

const text = v.string();
const name = v.pipe(text, v.minLength(1));
const field: v.GenericSchema<unknown, FieldModel> = v.variant('kind', [
  v.object({
    kind: v.literal('attribute'),
    name: v.picklist([
      'name',
      'number',
      'status',
      'created',
      'started',
      'ended',
      'duration',
      'type',
      'target',
      'script',
      'user',
      'host',
      'parent',
      'id',
      'description',
      'notes',
    ]),
  }),
  v.object({ kind: v.literal('metric'), part: v.picklist(['last', 'min', 'max']), name }),
  v.object({ kind: v.picklist(['parameter', 'tag', 'property']), name }),
]);
const fields = v.pipe(v.array(field), v.maxLength(mostColumns));
const sort = v.array(v.object({ field, isDescending: v.boolean() }));
const run = v.pipe(v.number(), v.safeInteger());
const runs = v.array(run);
const scalar: v.GenericSchema<unknown, WireScalar> = v.union([
  v.null(),
  v.string(),
  v.boolean(),
  v.number(),
  v.object({ $float: v.picklist(['NaN', 'Infinity', '-Infinity']) }),
]);

const viewEntries = {
  filter: text,
  sort,
  groupBy: fields,
  withChildren: v.boolean(),
  columns: v.exactOptional(fields),
  widths: v.exactOptional(v.array(v.object({ field, width: v.pipe(v.number(), v.finite(), v.minValue(1)) }))),
  charts: v.exactOptional(v.array(text)),
  curves: v.exactOptional(
    v.object({
      xAxis: v.picklist(['step', 'time', 'relative']),
      xScale: v.picklist(['linear', 'log']),
      yScale: v.picklist(['linear', 'log']),
      smoothing: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
    }),
  ),
};
const aggregate = v.picklist(['max', 'min', 'mean']);
const view: v.GenericSchema<unknown, ViewModel> = v.object({ ...viewEntries, aggregate: v.exactOptional(aggregate) });
const layout: v.GenericSchema<unknown, LayoutModel> = v.object({
  ...viewEntries,
  pinned: v.array(text),
  hidden: v.exactOptional(v.array(name)),
  drawn: v.exactOptional(v.array(v.object({ id: name, slot: v.pipe(v.number(), v.safeInteger()) }))),
  showsCharts: v.boolean(),
  aggregate,
});

const requests = v.variant('method', [
  v.object({
    method: v.literal('table'),
    params: v.object({ filter: text, sort, withChildren: v.boolean() }),
  }),
  v.object({
    method: v.literal('rows'),
    params: v.object({ runs: v.pipe(runs, v.maxLength(mostRows)), columns: fields }),
  }),
  v.object({ method: v.literal('groups'), params: v.object({ runs, groupBy: fields, fields }) }),
  v.object({ method: v.literal('values'), params: v.object({ runs, field }) }),
  v.object({ method: v.literal('columns'), params: v.object({}) }),
  v.object({ method: v.literal('completions'), params: v.object({ filter: text, offset: run }) }),
  v.object({
    method: v.literal('narrow'),
    params: v.object({ filter: text, field, value: scalar, isExcluded: v.boolean() }),
  }),
  v.object({ method: v.literal('readView'), params: v.object({ name }) }),
]);

const actions = v.variant('action', [
  v.object({ action: v.literal('openRun'), runId: name }),
  v.object({ action: v.picklist(['cancel', 'delete', 'tag', 'compare']), runs }),
  v.object({
    action: v.literal('exportCsv'),
    runs,
    columns: v.array(v.object({ label: text, field })),
  }),
  v.object({ action: v.literal('copyText'), text: v.pipe(text, v.maxLength(longestCopiedText)) }),
  v.object({ action: v.literal('submit') }),
  v.object({ action: v.literal('saveView'), view }),
  v.object({ action: v.literal('deleteView'), name }),
]);

/** What a page sent, or undefined where it is not a message of the protocol. */
export function parseExperimentPageMessage(value: unknown): ExperimentPageToHost | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  switch (value.type) {
    case 'ready':
      return { type: 'ready' };
    case 'cancel':
      return isId(value.id) ? { type: 'cancel', id: value.id } : undefined;
    case 'layout': {
      const parsed = parseLayout(value.layout);
      return parsed === undefined ? undefined : { type: 'layout', layout: parsed };
    }
    case 'request':
      return parseRequest(value);
    case 'action': {
      const parsed = v.safeParse(actions, value);
      return parsed.success ? { type: 'action', ...parsed.output } : undefined;
    }
    default:
      return undefined;
  }
}

/** What a page kept for its restoration, or undefined where it is of no use. */
export function parseExperimentPageState(value: unknown): ExperimentPageState | undefined {
  const parsed = v.safeParse(v.object({ workspaceFolder: name, experimentKey: name }), value);
  return parsed.success ? parsed.output : undefined;
}

/** A layout that was remembered, or undefined where it is of no use. */
export function parseLayout(value: unknown): LayoutModel | undefined {
  const parsed = v.safeParse(layout, value);
  return parsed.success ? parsed.output : undefined;
}

function parseRequest(value: Fields): ExperimentPageRequest | undefined {
  const request = requestOf(value);
  if (request === undefined) {
    return undefined;
  }
  const { id, params } = request;
  if (value.method === 'series') {
    const range = parseSeriesRange(params);
    const { runId, metric } = params;
    return range !== undefined && typeof runId === 'string' && typeof metric === 'string'
      ? { type: 'request', id, method: 'series', params: { runId, metric, ...range } }
      : undefined;
  }
  const parsed = v.safeParse(requests, value);
  return parsed.success ? { type: 'request', id, ...parsed.output } : undefined;
}
