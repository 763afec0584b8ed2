/** Views of an experiment's runs that were given a name: files in the store, so that they are shared with it. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { fileError, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { parseQuery } from '../run-query/parseQuery.ts';
import { printField } from '../run-query/printQuery.ts';
import type { Field, SortKey } from '../run-query/query.ts';
import { toJsonText, writeFileAtomically } from '../store/atomicFile.ts';
import { type JsonObject, readStoreFile, stringField } from '../store/jsonFile.ts';
import { nameKey, normalizeName } from '../store/names.ts';
import { entriesOf, experimentFolder, supportedFormat, viewsFolder } from '../store/storeLayout.ts';

/** How the charts over the table are drawn. */
export interface SavedCurves {
  readonly xAxis: 'step' | 'time' | 'relative';
  readonly xScale: 'linear' | 'log';
  readonly yScale: 'linear' | 'log';
  /** From 0 to below 1. */
  readonly smoothing: number;
}

export interface SavedView {
  readonly filter: string;
  readonly sort: readonly SortKey[];
  readonly groupBy: readonly Field[];
  /** Undefined: whoever shows it chooses. */
  readonly columns: readonly Field[] | undefined;
  readonly withChildren: boolean;
  /** Metrics of the charts. */
  readonly charts?: readonly string[];
  readonly aggregate?: 'max' | 'min' | 'mean';
  readonly curves?: SavedCurves;
  /** Of columns, in CSS pixels. */
  readonly widths?: readonly { readonly field: Field; readonly width: number }[];
}

/** What a view has beside the table. A part that is not understood is left out: the runs are the same without it. */
const looks = v.object({
  charts: v.fallback(v.optional(v.array(v.string())), undefined),
  aggregate: v.fallback(v.optional(v.picklist(['max', 'min', 'mean'])), undefined),
  curves: v.fallback(
    v.optional(
      v.object({
        xAxis: v.picklist(['step', 'time', 'relative']),
        xScale: v.picklist(['linear', 'log']),
        yScale: v.picklist(['linear', 'log']),
        smoothing: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
      }),
    ),
    undefined,
  ),
  widths: v.fallback(v.optional(v.record(v.string(), v.pipe(v.number(), v.minValue(1)))), undefined),
});

/** Names, sorted. What is no view is left out. */
export async function savedViews(workspaceFolder: string, experimentKey: string): Promise<readonly string[]> {
  const folder = viewsFolder(workspaceFolder, experimentKey);
  const files = (await entriesOf(folder)).filter((name) => name.endsWith('.json'));
  const names = await Promise.all(
    files.map(async (file) => {
      try {
        return stringField(await readStoreFile(join(folder, file), 'the view'), 'name');
      } catch (error) {
        if (RunledgerError.is(error)) {
          return undefined;
        }
        throw error;
      }
    }),
  );
  return names.filter((name) => name !== undefined).sort((a, b) => a.localeCompare(b));
}

/** @throws RunledgerError `not-found`, `unreadable`, `newer-format`, `invalid-name`; `invalid-argument` where a field in it is none */
export async function readSavedView(workspaceFolder: string, experimentKey: string, name: string): Promise<SavedView> {
  const view = await readStoreFile(viewFile(workspaceFolder, experimentKey, name), 'the view');
  const columns = view.columns === undefined ? undefined : texts(view, 'columns').map(fieldOf);
  return {
    filter: stringField(view, 'filter') ?? '',
    sort: texts(view, 'sort').map(sortKeyOf),
    groupBy: texts(view, 'groupBy').map(fieldOf),
    columns,
    withChildren: view.withChildren === true,
    ...looksOf(view),
  };
}

/**
 * Replaces the view of that name.
 *
 * @throws RunledgerError `invalid-name`, `not-found` where the experiment is gone, `not-writable`, `disk-full`
 */
export async function saveView(
  workspaceFolder: string,
  experimentKey: string,
  name: string,
  view: SavedView,
): Promise<void> {
  const file = viewFile(workspaceFolder, experimentKey, name);
  if (!(await pathExists(experimentFolder(workspaceFolder, experimentKey)))) {
    throw new RunledgerError('not-found', `The experiment "${experimentKey}" is not there any more.`);
  }
  const keys = view.sort.map(({ field, isDescending }) => `${printField(field)}${isDescending ? ' desc' : ''}`);
  try {
    await mkdir(viewsFolder(workspaceFolder, experimentKey), { recursive: true });
    await writeFileAtomically(
      file,
      toJsonText({
        format: supportedFormat,
        name: normalizeName('view', name),
        filter: view.filter,
        sort: keys,
        groupBy: view.groupBy.map(printField),
        ...(view.columns === undefined ? {} : { columns: view.columns.map(printField) }),
        withChildren: view.withChildren,
        ...(view.charts === undefined ? {} : { charts: view.charts }),
        ...(view.aggregate === undefined ? {} : { aggregate: view.aggregate }),
        ...(view.curves === undefined ? {} : { curves: view.curves }),
        ...(view.widths === undefined
          ? {}
          : { widths: Object.fromEntries(view.widths.map(({ field, width }) => [printField(field), width])) }),
      }),
    );
  } catch (error) {
    throw fileError(error, 'save the view', file);
  }
}

/** Nothing happens where there is none. */
export async function deleteView(workspaceFolder: string, experimentKey: string, name: string): Promise<void> {
  const file = viewFile(workspaceFolder, experimentKey, name);
  try {
    await rm(file, { force: true });
  } catch (error) {
    throw fileError(error, 'delete the view', file);
  }
}

function viewFile(workspaceFolder: string, experimentKey: string, name: string): string {
  return join(viewsFolder(workspaceFolder, experimentKey), `${nameKey('view', name)}.json`);
}

function texts(view: JsonObject, name: string): readonly string[] {
  const value = view[name];
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}

function looksOf(view: JsonObject): Pick<SavedView, 'charts' | 'aggregate' | 'curves' | 'widths'> {
  const { charts, aggregate, curves, widths } = v.parse(looks, view);
  return {
    ...(charts && { charts }),
    ...(aggregate && { aggregate }),
    ...(curves && { curves }),
    ...(widths && { widths: Object.entries(widths).map(([text, width]) => ({ field: fieldOf(text), width })) }),
  };
}

function fieldOf(text: string): Field {
  return sortKeyOf(text).field;
}

function sortKeyOf(text: string): SortKey {
  const [key] = parseQuery(`order by ${text}`).order;
  if (key === undefined) {
    throw new RunledgerError('invalid-argument', `"${text}" in the saved view is no field of runs.`);
  }
  return key;
}
