/** What a zip of an export holds, and where (docs/export-format.md). */
import * as v from 'valibot';
import { RunledgerError } from '../base/errors.ts';
import { artifactPathProblem, experimentKey, isRunId, nameKey } from '../store/names.ts';

export const manifestName = 'runledger-export.json';
/** The highest format that this version reads, and the one that it writes. */
export const exportFormat = 1;
/** The manifest is a few lines. */
export const mostManifestBytes = 1024 * 1024;

const manifestSchema = v.object({
  format: v.number(),
  kind: v.picklist(['runs', 'experiment', 'workspace']),
  createdTime: v.number(),
  createdBy: v.string(),
  workspace: v.object({ id: v.string(), name: v.string() }),
});

/** The first entry of the zip. */
export type ExportManifest = v.InferOutput<typeof manifestSchema>;

/** Throws `unreadable` for what is no manifest, `newer-format`. */
export function parseManifest(text: string, zipPath: string): ExportManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RunledgerError('unreadable', `${manifestName} in ${zipPath} is not valid JSON.`, { cause: error });
  }
  const format = v.safeParse(v.object({ format: v.number() }), value);
  if (format.success && format.output.format > exportFormat) {
    throw new RunledgerError(
      'newer-format',
      `A newer Runledger wrote ${zipPath}: it has format ${format.output.format}, and this version reads up to ${exportFormat}.`,
      { advice: 'Update Runledger, then import it again. Nothing was changed.' },
    );
  }
  const manifest = v.safeParse(manifestSchema, value);
  if (!manifest.success) {
    throw new RunledgerError('unreadable', `${manifestName} in ${zipPath} does not say what the zip holds.`);
  }
  return manifest.output;
}

/** What an entry of the zip belongs to. */
export type ExportPlace =
  | { readonly kind: 'experiment'; readonly key: string; readonly path: string }
  | { readonly kind: 'run'; readonly key: string; readonly runId: string; readonly path: string }
  | { readonly kind: 'model'; readonly key: string; readonly version: number; readonly path: string }
  | {
      readonly kind: 'definition';
      readonly area: 'environments' | 'datasets';
      readonly key: string;
      readonly version: number;
    }
  | { readonly kind: 'snapshot'; readonly hash: string }
  | { readonly kind: 'pipeline'; readonly id: string };

const journalFile = /^journal\/[a-z]+-\d+-[0-9a-f]{8}\.jsonl$/;
const version = /^[1-9]\d{0,14}$/;

/**
 * Where an entry of a zip belongs; undefined for one that belongs nowhere. Nothing else becomes a path: each part is checked by
 * the rule of what it names.
 */
export function placeOf(entryPath: string): ExportPlace | undefined {
  const [area = '', first = '', second = '', third = '', ...more] = entryPath.split('/');
  const rest = more.join('/');
  switch (area) {
    case 'experiments': {
      if (!isKey(first, experimentKey)) {
        return undefined;
      }
      if (second === 'runs') {
        return isRunId(third) && isRunFile(rest) ? { kind: 'run', key: first, runId: third, path: rest } : undefined;
      }
      const path = [second, third, ...more].filter((part) => part !== '').join('/');
      return path === 'experiment.json' || journalFile.test(path)
        ? { kind: 'experiment', key: first, path }
        : undefined;
    }
    case 'models': {
      const isModel = isKey(first, (name) => nameKey('model', name)) && second === 'versions' && version.test(third);
      return isModel && isModelFile(rest)
        ? { kind: 'model', key: first, version: Number(third), path: rest }
        : undefined;
    }
    case 'environments':
    case 'datasets': {
      const number = /^(.+)\.json$/.exec(second)?.[1] ?? '';
      const isDefinition = isKey(first, (name) => nameKey('environment', name)) && version.test(number) && third === '';
      return isDefinition ? { kind: 'definition', area, key: first, version: Number(number) } : undefined;
    }
    case 'snapshots': {
      const hash = /^([0-9a-f]{64})\.zip$/.exec(first)?.[1];
      return hash !== undefined && second === '' ? { kind: 'snapshot', hash } : undefined;
    }
    case 'pipelines': {
      const id = /^(.+)\.json$/.exec(first)?.[1];
      return id !== undefined && isRunId(id) && second === '' ? { kind: 'pipeline', id } : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a folder's name is one that a name would give. */
function isKey(text: string, keyOf: (name: string) => string): boolean {
  try {
    return keyOf(text) === text;
  } catch {
    return false;
  }
}

function isRunFile(path: string): boolean {
  if (path === 'run.json' || path === 'orchestration.json' || journalFile.test(path)) {
    return true;
  }
  const [area, ...rest] = path.split('/');
  if (area === 'children') {
    return rest.length === 1 && isRunId(rest[0] ?? '');
  }
  return area === 'artifacts' && artifactPathProblem(rest.join('/')) === undefined;
}

function isModelFile(path: string): boolean {
  return (
    path === 'model.json' ||
    journalFile.test(path) ||
    (path.startsWith('files/') && artifactPathProblem(path.slice('files/'.length)) === undefined)
  );
}
