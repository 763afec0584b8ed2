/** What a file names and is not there. Where nobody can tell yet, nothing is said. */
import { dirname, isAbsolute, win32 } from 'node:path';
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver-types';
import { expandHome } from '../../core/base/homePath.ts';
import type { Definition } from '../definitions/definition.ts';
import { rangeOf } from '../documents/textRanges.ts';
import { nodeAtPath, textOf, type YamlText } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';
import { nearest } from '../schemas/nearest.ts';
import { type NamedThing, referencesOf } from '../schemas/references.ts';
import { findNamed, sourceFoldersOf } from '../world/sourceFolders.ts';
import type { WorkspaceNames } from '../world/world.ts';
import { diagnosticCodes, source } from './diagnosticCodes.ts';
import { type Finding, warning } from './finding.ts';
import {
  missingCloudEnvironment,
  missingDataSet,
  missingDataSetVersion,
  missingEnvironment,
} from './missingRegistered.ts';

export async function missingThings(file: OpenFile, definition: Definition, yaml: YamlText): Promise<Diagnostic[]> {
  const names = await file.world.names(file.path);
  const findings = await Promise.all(
    referencesOf(definition, yaml).map(async (thing) => ({ thing, finding: await look(file, yaml, thing, names) })),
  );
  return findings.flatMap(({ thing: { start, end }, finding }) =>
    finding === undefined ? [] : { ...finding, source, range: rangeOf(file.document, start, end) },
  );
}

async function look(
  file: OpenFile,
  yaml: YamlText,
  thing: NamedThing,
  names: WorkspaceNames | undefined,
): Promise<Finding | undefined> {
  const { text } = thing;
  switch (thing.reference) {
    case 'script':
      return await missingFile(file, text, scriptFolders(file, yaml, thing), 'script');
    case 'file':
      return isReadByNobody(yaml, thing)
        ? undefined
        : await missingFile(file, text, sourceFoldersOf(file.path, file.world), 'file');
    case 'fileOfDefinition':
      return await missingFile(file, text, [dirname(file.path)], 'file');
    case 'folderOfDefinition':
      return isAddress(text) || (await findNamed(text, [dirname(file.path)], file.world, 'folder')).exists
        ? undefined
        : warning(diagnosticCodes.missingFile, `There is no folder ${text} beside this file.`);
    case 'interpreter':
      return await missingInterpreter(file, text);
    case 'target':
      return names === undefined ? undefined : unknownTarget(text.replace(/^azureml:/, ''), names);
    case 'experiment':
      return names === undefined ? undefined : likelyMisspelt(text, names.experiments);
    case 'dataSet':
      return names && missingDataSet(thing, names);
    case 'dataSetVersion':
      return names && missingDataSetVersion(thing, names, yaml);
    case 'environment':
      return names && missingEnvironment(thing, names, yaml);
    case 'cloudEnvironment':
      return names && missingCloudEnvironment(thing, names);
    case 'runConfiguration':
      return await missingRunConfiguration(file, text, names);
    default:
      return undefined;
  }
}

async function missingFile(
  file: OpenFile,
  text: string,
  folders: readonly string[],
  what: 'script' | 'file',
): Promise<Finding | undefined> {
  const { path, exists } = await findNamed(text, folders, file.world, 'file');
  if (exists || isAddress(text)) {
    return undefined;
  }
  const root = file.world.rootOf(file.path);
  // It may be submitted with another source folder than those that are likely.
  const isElsewhere = root === undefined || isAbsolute(text) ? false : await file.world.hasFileEnding(root, text);
  return isElsewhere === false
    ? {
        ...warning(diagnosticCodes.missingFile, `There is no ${what} ${text}.`),
        ...(!isAbsolute(text) && { data: { create: path } }),
      }
    : undefined;
}

/** The script of a step lies in the step's own folder. */
function scriptFolders(file: OpenFile, yaml: YamlText, { path }: NamedThing): readonly string[] {
  const folder = textOf(nodeAtPath(yaml, [...path.slice(0, -1), 'source_directory']));
  const own = dirname(file.path);
  return folder === undefined ? sourceFoldersOf(file.path, file.world) : [`${own}/${folder}`];
}

/** Packages that are named in a file are not asked for where the person looks after them, or they are named at once. */
function isReadByNobody(yaml: YamlText, { path }: NamedThing): boolean {
  const sibling = (key: string) => nodeAtPath(yaml, [...path.slice(0, -1), key]);
  return (
    path.at(-1) === 'condaDependenciesFile' &&
    (/^(true|yes|on)$/i.test(textOf(sibling('userManagedDependencies')) ?? '') ||
      sibling('condaDependencies') !== undefined)
  );
}

async function missingInterpreter(file: OpenFile, text: string): Promise<Finding | undefined> {
  const isPath = /[\\/]/.test(text);
  if (win32.isAbsolute(text) && !isAbsolute(text)) {
    return warning(diagnosticCodes.missingInterpreter, `${text} is no interpreter of this machine.`);
  }
  const exists = isPath
    ? (await findNamed(expandHome(text), sourceFoldersOf(file.path, file.world), file.world, 'file')).exists
    : text === 'python' || (await file.world.isCommand(text));
  if (exists) {
    return undefined;
  }
  const message = isPath ? `There is no interpreter ${text}.` : `There is no command ${text} on the path.`;
  return warning(diagnosticCodes.missingInterpreter, message);
}

function unknownTarget(text: string, { targets }: WorkspaceNames): Finding | undefined {
  const names = targets.map(({ name }) => name);
  if (names.some((name) => name.toLowerCase() === text.toLowerCase())) {
    return undefined;
  }
  const meant = nearest(text, names);
  return {
    ...warning(
      diagnosticCodes.unknownTarget,
      `The workspace has no compute target "${text}". It has: ${names.join(', ')}.`,
    ),
    data: { replacement: meant ?? 'local', target: text },
  };
}

/** A new name makes a new experiment: only one that is nearly that of another is worth a word. */
function likelyMisspelt(text: string, names: readonly string[]): Finding | undefined {
  const isThere = names.some((name) => name.toLowerCase() === text.toLowerCase());
  const meant = isThere ? undefined : nearest(text, names);
  return meant === undefined
    ? undefined
    : {
        code: diagnosticCodes.unknownExperiment,
        severity: DiagnosticSeverity.Information,
        message: `There is no experiment "${text}" yet. Did you mean "${meant}"?`,
        data: { replacement: meant },
      };
}

async function missingRunConfiguration(
  file: OpenFile,
  text: string,
  names: WorkspaceNames | undefined,
): Promise<Finding | undefined> {
  if ((await findNamed(text, [dirname(file.path)], file.world, 'file')).exists) {
    return undefined;
  }
  const folders = [...sourceFoldersOf(file.path, file.world), ...(names ? [names.folder] : [])];
  const known = (await Promise.all(folders.map((folder) => file.world.runConfigurations(folder)))).flat();
  if (known.includes(text)) {
    return undefined;
  }
  // Its path may begin elsewhere: at the folder that somebody works in.
  const root = file.world.rootOf(file.path);
  if (root !== undefined && (await file.world.hasFileEnding(root, text)) !== false) {
    return undefined;
  }
  const meant = nearest(text, known);
  return {
    ...warning(diagnosticCodes.unknownRunConfiguration, `There is no run configuration ${text}.`),
    ...(meant !== undefined && { data: { replacement: meant } }),
  };
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:(\/\/|\w)/i.test(text) && !win32.isAbsolute(text);
}
