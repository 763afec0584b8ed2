/** What the workspace has of the kind that a text refers to. */
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { CompletionItemKind } from 'vscode-languageserver-types';
import type { Reference, Schema } from '../../core/configuration-files/schema.ts';
import type { Cursor } from '../documents/cursor.ts';
import { nodeAtPath, textOf, type YamlText } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';
import { sourceFoldersOf } from '../world/sourceFolders.ts';
import type { WorkspaceNames } from '../world/world.ts';
import { argumentValues } from './argumentItems.ts';
import { assetItems, dataSetsOf, dataSetsOfFiles, nameItems, versionItems } from './registeredItems.ts';
import type { ProposedValue } from './valueItems.ts';

const hiddenFolders: ReadonlySet<string> = new Set(['node_modules', '__pycache__', '.git', '.runledger', '.venv']);

/** Which files a reference is about; of others paths are proposed whatever their ending. */
const endings: Partial<Readonly<Record<Reference, RegExp>>> = {
  script: /\.(py|ipynb|R|sh)$/,
  file: /\.(ya?ml|txt|toml|cfg|json)$/,
};

export async function namedItems(
  file: OpenFile,
  schema: Schema,
  typed: string,
  cursor: Cursor,
  yaml: YamlText,
): Promise<readonly ProposedValue[]> {
  const { refersTo } = schema;
  switch (refersTo) {
    case 'script':
    case 'file':
      return await paths(file, typed, await baseFolder(file, cursor, yaml), endings[refersTo]);
    case 'fileOfDefinition':
      return await paths(file, typed, dirname(file.path), /./);
    case 'folder':
      return await paths(file, typed, await baseFolder(file, cursor, yaml), undefined);
    case 'folderOfDefinition':
      return await paths(file, typed, dirname(file.path), undefined);
    case 'interpreter':
      return await interpreters(file, typed);
    case 'runConfiguration':
      return [
        ...(await configurations(file)),
        ...(await paths(file, typed, dirname(file.path), /\.runconfig$|^[^.]+$/)),
      ];
    case 'argument':
      return await argumentValues(file, cursor, yaml);
    case 'target':
    case 'cloudTarget':
      return namesOf('target', await file.world.names(file.path));
    case 'environment':
      return nameItems((await file.world.names(file.path))?.environments ?? [], 'environment');
    case 'cloudEnvironment':
      return assetItems((await file.world.names(file.path))?.environments ?? [], 'environment');
    case 'dataSet':
      return nameItems(dataSetsOf(await file.world.names(file.path)), 'data set');
    case 'dataSetVersion':
      return versionItems(dataSetsOf(await file.world.names(file.path)), cursor, yaml);
    case 'jobData':
      return [
        ...assetItems(dataSetsOfFiles(await file.world.names(file.path)), 'data set'),
        ...(await paths(file, typed, dirname(file.path), /./)),
      ];
    case 'experiment':
    case 'datastore':
      return namesOf(refersTo, await file.world.names(file.path));
    default:
      return [];
  }
}

function namesOf(
  reference: 'target' | 'experiment' | 'datastore',
  names: WorkspaceNames | undefined,
): readonly ProposedValue[] {
  if (reference === 'target') {
    const targets = names?.targets ?? [{ name: 'local', type: 'local', description: 'This machine' }];
    return targets.map(({ name, type, description }) => ({
      text: name,
      kind: CompletionItemKind.Reference,
      detail: description ?? type,
    }));
  }
  const known = {
    experiment: { list: names?.experiments, detail: 'experiment' },
    datastore: { list: names?.datastores, detail: 'datastore' },
  }[reference];
  return (known.list ?? []).map((text) => ({ text, kind: CompletionItemKind.Reference, detail: known.detail }));
}

async function configurations(file: OpenFile): Promise<readonly ProposedValue[]> {
  const [folder] = sourceFoldersOf(file.path, file.world);
  const names = folder === undefined ? [] : await file.world.runConfigurations(folder);
  return names.map((text) => ({ text, kind: CompletionItemKind.Reference, detail: 'run configuration' }));
}

/** Where the paths of a value begin: a step says so itself, else it is the likeliest source folder. */
async function baseFolder(file: OpenFile, { path }: Cursor, yaml: YamlText): Promise<string> {
  const own = textOf(nodeAtPath(yaml, [...path.slice(0, -1), 'source_directory']));
  if (own !== undefined) {
    return resolve(dirname(file.path), own);
  }
  return sourceFoldersOf(file.path, file.world)[0] ?? dirname(file.path);
}

/** The folders and files of the folder that the typed path leads to. Without `ending`, folders alone. */
async function paths(
  { world }: OpenFile,
  typed: string,
  base: string,
  ending: RegExp | undefined,
): Promise<readonly ProposedValue[]> {
  const parent = typed.slice(0, typed.lastIndexOf('/') + 1);
  const folder = isAbsolute(parent) ? parent : join(base, parent);
  const entries = await world.entries(folder);
  const shown = entries.filter(({ name, isFolder }) =>
    isFolder ? !hiddenFolders.has(name) : ending?.test(name) === true,
  );
  return shown
    .sort((a, b) => Number(a.isFolder) - Number(b.isFolder) || (a.name < b.name ? -1 : 1))
    .map(({ name, isFolder }) => ({
      text: `${parent}${name}${isFolder ? '/' : ''}`,
      kind: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File,
      goesOn: isFolder && ending !== undefined,
    }));
}

/** Virtual environments in the source folder, and paths. */
async function interpreters(file: OpenFile, typed: string): Promise<readonly ProposedValue[]> {
  const [base = dirname(file.path)] = sourceFoldersOf(file.path, file.world);
  const program = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';
  const found: ProposedValue[] = [];
  for (const { name, isFolder } of await file.world.entries(base)) {
    if (isFolder && (await file.world.isFile(join(base, name, program)))) {
      found.push({ text: `${name}/${program}`, kind: CompletionItemKind.File, detail: 'virtual environment' });
    }
  }
  return typed.includes('/') ? [...found, ...(await paths(file, typed, base, /python/i))] : found;
}
