/** A model as a command shows it. The JSON is part of the command's interface (`modelJsonHelp`): keys are added, never changed. */
import type { ModelEntry, ModelVersion } from '../core/domain/model.ts';
import { momentText, oneLine, scalarText } from './text.ts';

/** What help says of the JSON of a model. */
export const modelJsonHelp = `{id, name, version, createdTime (ISO 8601, UTC), user, runId, experiment, path,
description, framework, frameworkVersion, tags, properties, folder}. What is not known is null.`;

/** The columns of models in `-o tsv`. */
export const modelColumns = [
  'id',
  'name',
  'version',
  'createdTime',
  'user',
  'runId',
  'experiment',
  'path',
  'description',
  'framework',
  'frameworkVersion',
  'tags',
  'properties',
  'folder',
] as const;

export function modelJson(model: ModelVersion): Readonly<Record<(typeof modelColumns)[number], unknown>> {
  return {
    id: model.id,
    name: model.name,
    version: model.version,
    createdTime: new Date(model.createdTime * 1000).toISOString(),
    user: model.user ?? null,
    runId: model.runId ?? null,
    experiment: model.experiment ?? null,
    path: model.path ?? null,
    description: model.description ?? null,
    framework: model.framework ?? null,
    frameworkVersion: model.frameworkVersion ?? null,
    tags: model.tags,
    properties: model.properties,
    folder: model.folder,
  };
}

export function modelEntryJson(entry: ModelEntry): object {
  return entry.kind === 'version'
    ? modelJson(entry)
    : {
        id: `${entry.modelKey}:${entry.version}`,
        version: entry.version,
        problem: entry.problem,
        folder: entry.folder,
      };
}

export function modelText(model: ModelVersion): string {
  const framework = [model.framework, model.frameworkVersion].filter((part) => part !== undefined).join(' ');
  const facts: (readonly [string, string | undefined])[] = [
    ['Model', model.id],
    ['Description', model.description],
    ['Registered', momentText(model.createdTime)],
    ['By', model.user],
    ['Run', model.runId],
    ['Experiment', model.experiment],
    ['From', model.path],
    ['Framework', framework || undefined],
    ['Folder', model.folder],
  ];
  const lines = facts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(11)}  ${oneLine(value ?? '')}`);
  return [...lines, ...pairs('Tags', model.tags), ...pairs('Properties', model.properties)].join('\n');
}

function pairs(title: string, values: Readonly<Record<string, string | null>>): string[] {
  const entries = Object.entries(values);
  return entries.length === 0
    ? []
    : ['', `${title}:`, ...entries.map(([name, value]) => `  ${oneLine(name)} = ${scalarText(value)}`)];
}
