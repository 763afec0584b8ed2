/** What is registered in a workspace in versions: data sets and environments, by name and as jobs of Azure ML name them. */
import { CompletionItemKind } from 'vscode-languageserver-types';
import type { Cursor } from '../documents/cursor.ts';
import { nodeAtPath, textOf, type YamlText } from '../documents/yamlText.ts';
import type { WorkspaceNames } from '../world/world.ts';
import type { ProposedValue } from './valueItems.ts';

interface Registered {
  readonly name: string;
  /** Ascending. */
  readonly versions: readonly number[];
}

export function dataSetsOf(names: WorkspaceNames | undefined): readonly Registered[] {
  return (names?.dataSets ?? []).map(({ name, versions }) => ({
    name,
    versions: versions.map(({ version }) => version),
  }));
}

/** Those that a command gets as a path. */
export function dataSetsOfFiles(names: WorkspaceNames | undefined): readonly Registered[] {
  const files = (names?.dataSets ?? []).map(({ name, versions }) => ({
    name,
    versions: versions.flatMap(({ version, path }) => (path === undefined ? [] : [version])),
  }));
  return files.filter(({ versions }) => versions.length > 0);
}

export function nameItems(known: readonly Registered[], what: string): readonly ProposedValue[] {
  return known.map(({ name, versions }) => ({
    text: name,
    kind: CompletionItemKind.Reference,
    detail: versions.length > 1 ? `${what} with ${versions.length} versions` : what,
  }));
}

/** The versions of what the key `name` beside the cursor names, the newest first. */
export function versionItems(known: readonly Registered[], { path }: Cursor, yaml: YamlText): readonly ProposedValue[] {
  const name = textOf(nodeAtPath(yaml, [...path.slice(0, -1), 'name']))?.toLowerCase();
  const versions = known.find((candidate) => candidate.name.toLowerCase() === name)?.versions ?? [];
  return versions.toReversed().map((version, index) => ({
    text: String(version),
    kind: CompletionItemKind.Value,
    isBare: true,
    detail: index === 0 ? 'the latest' : undefined,
  }));
}

/** `azureml:name@latest`, then each version. */
export function assetItems(known: readonly Registered[], what: string): readonly ProposedValue[] {
  return known.flatMap(({ name, versions }) => [
    { text: `azureml:${name}@latest`, kind: CompletionItemKind.Reference, detail: what },
    ...versions.toReversed().map((version) => ({
      text: `azureml:${name}:${version}`,
      kind: CompletionItemKind.Reference,
      detail: what,
    })),
  ]);
}
