/** The things that a zip of an export holds, found by where its entries lie. */
import { RunledgerError } from '../base/errors.ts';
import type { ZipEntry, ZipReader } from '../base/zipReader.ts';
import { isJsonObject, type JsonObject } from '../store/jsonFile.ts';
import { experimentKey } from '../store/names.ts';
import { supportedFormat } from '../store/storeLayout.ts';
import {
  type ExportManifest,
  type ExportPlace,
  manifestName,
  mostManifestBytes,
  parseManifest,
  placeOf,
} from './exportFormat.ts';

/** Larger than any record that describes a run. */
const mostRecordBytes = 64 * 1024 * 1024;

export interface PlacedEntry<Kind extends ExportPlace['kind'] = ExportPlace['kind']> {
  readonly entry: ZipEntry;
  readonly place: Extract<ExportPlace, { kind: Kind }>;
}

/** A run in a zip. */
export interface ZippedRun {
  readonly id: string;
  readonly experimentKey: string;
  readonly experiment: string;
  readonly number: number;
  readonly parentId: string | undefined;
  readonly createdTime: number;
  readonly record: JsonObject;
  readonly entries: readonly PlacedEntry<'run'>[];
}

export interface ZippedModel {
  readonly key: string;
  readonly version: number;
  readonly record: JsonObject;
  readonly entries: readonly PlacedEntry<'model'>[];
}

/** A version of an environment or a data set. */
export interface ZippedDefinition {
  readonly area: 'environments' | 'datasets';
  readonly key: string;
  readonly version: number;
  readonly record: JsonObject;
}

export interface ZipContents {
  readonly manifest: ExportManifest;
  /** By experiment, then by number. */
  readonly runs: readonly ZippedRun[];
  readonly models: readonly ZippedModel[];
  readonly experiments: ReadonlyMap<string, readonly PlacedEntry<'experiment'>[]>;
  /** The lowest versions first. */
  readonly definitions: readonly ZippedDefinition[];
  readonly snapshots: readonly PlacedEntry<'snapshot'>[];
  readonly pipelines: readonly PlacedEntry<'pipeline'>[];
  /** Entries that this version knows no place for. */
  readonly unknownCount: number;
}

/** Throws `unreadable` for a zip that is no export, or whose records do not fit their places; `newer-format`. */
export async function readZipContents(zip: ZipReader, zipPath: string): Promise<ZipContents> {
  if (!zip.entries.some(({ path }) => path === manifestName)) {
    throw new RunledgerError(
      'unreadable',
      `${zipPath} is a zip, but no export of Runledger: it holds no ${manifestName}.`,
      {
        advice: 'Exports are made by `runledger run export` and its like, or "Runledger: Export…".',
      },
    );
  }
  const manifest = parseManifest(await zip.text(manifestName, mostManifestBytes), zipPath);
  const placed = new PlacedEntries();
  let unknownCount = 0;
  for (const entry of zip.entries) {
    const place = placeOf(entry.path);
    if (place !== undefined) {
      placed.add(entry, place);
    } else if (entry.path !== manifestName) {
      unknownCount++;
    }
  }
  const runs: ZippedRun[] = [];
  const ids = new Set<string>();
  for (const entries of placed.runs.values()) {
    const run = await readRun(zip, zipPath, entries);
    assertPlaced(!ids.has(run.id), zipPath, `the run ${run.id}, which is in two experiments,`);
    ids.add(run.id);
    runs.push(run);
  }
  runs.sort((a, b) =>
    a.experimentKey === b.experimentKey ? a.number - b.number : a.experimentKey < b.experimentKey ? -1 : 1,
  );
  const models: ZippedModel[] = [];
  for (const entries of placed.models.values()) {
    models.push(await readModel(zip, zipPath, entries));
  }
  models.sort((a, b) => (a.key === b.key ? a.version - b.version : a.key < b.key ? -1 : 1));
  const { experiments, snapshots, pipelines } = placed;
  for (const entry of [...experiments.values()].flat()) {
    if (entry.place.path === 'experiment.json') {
      const { name } = await readRecord(zip, zipPath, entry.entry.path);
      assertPlaced(typeof name === 'string' && keyOf(name) === entry.place.key, zipPath, entry.entry.path);
    }
  }
  for (const { entry, place } of pipelines) {
    const { id } = await readRecord(zip, zipPath, entry.path);
    assertPlaced(id === place.id, zipPath, entry.path);
  }
  const definitions: ZippedDefinition[] = [];
  for (const { entry, place } of placed.definitions) {
    const record = await readRecord(zip, zipPath, entry.path);
    assertPlaced(typeof record.name === 'string' && keyOf(record.name) === place.key, zipPath, entry.path);
    definitions.push({ area: place.area, key: place.key, version: place.version, record });
  }
  definitions.sort((a, b) => a.version - b.version);
  return { manifest, runs, models, experiments, definitions, snapshots, pipelines, unknownCount };
}

class PlacedEntries {
  readonly runs = new Map<string, PlacedEntry<'run'>[]>();
  readonly models = new Map<string, PlacedEntry<'model'>[]>();
  readonly experiments = new Map<string, PlacedEntry<'experiment'>[]>();
  readonly definitions: PlacedEntry<'definition'>[] = [];
  readonly snapshots: PlacedEntry<'snapshot'>[] = [];
  readonly pipelines: PlacedEntry<'pipeline'>[] = [];

  add(entry: ZipEntry, place: ExportPlace): void {
    switch (place.kind) {
      case 'run':
        addTo(this.runs, `${place.key}/${place.runId}`, { entry, place });
        break;
      case 'model':
        addTo(this.models, `${place.key}/${place.version}`, { entry, place });
        break;
      case 'experiment':
        addTo(this.experiments, place.key, { entry, place });
        break;
      case 'definition':
        this.definitions.push({ entry, place });
        break;
      case 'snapshot':
        this.snapshots.push({ entry, place });
        break;
      case 'pipeline':
        this.pipelines.push({ entry, place });
        break;
    }
  }
}

function addTo<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items === undefined) {
    map.set(key, [item]);
  } else {
    items.push(item);
  }
}

async function readRun(zip: ZipReader, zipPath: string, entries: readonly PlacedEntry<'run'>[]): Promise<ZippedRun> {
  const { key, runId } = (entries[0] as PlacedEntry<'run'>).place;
  const path = `experiments/${key}/runs/${runId}/run.json`;
  const record = await readRecord(zip, zipPath, path);
  const { id, experiment, number, parentId, createdTime } = record;
  if (id !== runId || typeof experiment !== 'string' || keyOf(experiment) !== key || typeof createdTime !== 'number') {
    throw misplaced(zipPath, path);
  }
  return {
    id: runId,
    experimentKey: key,
    experiment,
    number: typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : 1,
    parentId: typeof parentId === 'string' ? parentId : undefined,
    createdTime,
    record,
    entries,
  };
}

async function readModel(
  zip: ZipReader,
  zipPath: string,
  entries: readonly PlacedEntry<'model'>[],
): Promise<ZippedModel> {
  const { key, version } = (entries[0] as PlacedEntry<'model'>).place;
  const path = `models/${key}/versions/${version}/model.json`;
  const record = await readRecord(zip, zipPath, path);
  if (typeof record.id !== 'string' || typeof record.name !== 'string' || keyOf(record.name) !== key) {
    throw misplaced(zipPath, path);
  }
  return { key, version, record, entries };
}

/** A JSON file of the store. Throws `unreadable`, `newer-format`. */
export async function readRecord(zip: ZipReader, zipPath: string, path: string): Promise<JsonObject> {
  let value: unknown;
  try {
    value = JSON.parse(await zip.text(path, mostRecordBytes));
  } catch (error) {
    if (error instanceof RunledgerError) {
      throw error;
    }
    throw new RunledgerError('unreadable', `${path} in ${zipPath} is not valid JSON.`, {
      advice: 'Nothing was changed.',
      cause: error,
    });
  }
  if (!isJsonObject(value)) {
    throw misplaced(zipPath, path);
  }
  if (typeof value.format === 'number' && value.format > supportedFormat) {
    throw new RunledgerError(
      'newer-format',
      `A newer Runledger wrote ${path} in ${zipPath}: it has format ${value.format}, and this version reads up to ${supportedFormat}.`,
      { advice: 'Update Runledger, then import it again. Nothing was changed.' },
    );
  }
  return value;
}

function keyOf(name: string): string | undefined {
  try {
    return experimentKey(name);
  } catch {
    return undefined;
  }
}

function assertPlaced(isPlaced: boolean, zipPath: string, path: string): void {
  if (!isPlaced) {
    throw misplaced(zipPath, path);
  }
}

function misplaced(zipPath: string, path: string): RunledgerError {
  return new RunledgerError('unreadable', `${zipPath} is refused: ${path} is not what belongs there.`, {
    advice: 'Nothing was changed.',
  });
}
