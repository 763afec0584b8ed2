/** Data sets and environments that a file names and the workspace does not have. */
import { DiagnosticSeverity } from 'vscode-languageserver-types';
import { dataSetReference } from '../../core/data-sets/registeredDataSets.ts';
import { entriesOf, nodeAtPath, textOf, type YamlText } from '../documents/yamlText.ts';
import { nearest } from '../schemas/nearest.ts';
import type { NamedThing } from '../schemas/references.ts';
import type { WorkspaceNames } from '../world/world.ts';
import { diagnosticCodes } from './diagnosticCodes.ts';
import { type Finding, warning } from './finding.ts';

/** A data set that a run configuration or a pipeline names. */
export function missingDataSet({ text }: NamedThing, { dataSets }: WorkspaceNames): Finding | undefined {
  const names = dataSets.map(({ name }) => name);
  if (has(names, text)) {
    return undefined;
  }
  const meant = nearest(text, names);
  return {
    ...warning(diagnosticCodes.unknownDataSet, `The workspace has no data set "${text}". ${among(names)}`),
    ...(meant !== undefined && { data: { replacement: meant } }),
  };
}

/** The version of a data set, where the data set itself is there. */
export function missingDataSetVersion(
  { text, path }: NamedThing,
  { dataSets }: WorkspaceNames,
  yaml: YamlText,
): Finding | undefined {
  const name = textOf(nodeAtPath(yaml, [...path.slice(0, -1), 'name']));
  const versions = dataSets.find((known) => known.name.toLowerCase() === name?.toLowerCase())?.versions;
  const isThere = versions?.some(({ version }) => String(version) === text) ?? true;
  return isThere || text.toLowerCase() === 'latest'
    ? undefined
    : warning(
        diagnosticCodes.unknownDataSet,
        `The data set "${name}" has no version ${text}. There are: ${versions?.map(({ version }) => version).join(', ')}.`,
      );
}

/**
 * An environment of a run configuration that says nothing but its name, as one that is registered. Others define what they are, and may be
 * called anything.
 */
export function missingEnvironment(
  { text, path }: NamedThing,
  { environments }: WorkspaceNames,
  yaml: YamlText,
): Finding | undefined {
  const names = environments.map(({ name }) => name);
  const siblings = entriesOf(nodeAtPath(yaml, path.slice(0, -1)), path.slice(0, -1));
  const isOnlyNamed = siblings.every(({ key }) => key === 'name' || key === 'version');
  return isOnlyNamed && !has(names, text) ? likely(text, names, (meant) => meant) : undefined;
}

/** An environment that a job of Azure ML names. It may well be there and not here: a word is said where one here is nearly that. */
export function missingCloudEnvironment({ text }: NamedThing, { environments }: WorkspaceNames): Finding | undefined {
  const named = dataSetReference(text);
  const names = environments.map(({ name }) => name);
  if (named === undefined || has(names, named.name)) {
    return undefined;
  }
  return likely(
    named.name,
    names,
    (meant) => `azureml:${meant}${named.version === undefined ? '@latest' : `:${named.version}`}`,
  );
}

function likely(text: string, names: readonly string[], written: (meant: string) => string): Finding | undefined {
  const meant = nearest(text, names);
  return meant === undefined
    ? undefined
    : {
        code: diagnosticCodes.unknownEnvironment,
        severity: DiagnosticSeverity.Information,
        message: `The workspace has no environment "${text}". Did you mean "${meant}"?`,
        data: { replacement: written(meant) },
      };
}

function has(names: readonly string[], text: string): boolean {
  return names.some((name) => name.toLowerCase() === text.toLowerCase());
}

function among(names: readonly string[]): string {
  return names.length === 0 ? 'None is registered.' : `It has: ${names.slice(0, 10).join(', ')}.`;
}
