import { valueWithoutSecrets } from '../base/secretValues.ts';
import { readCondaDependencies } from '../environments/condaDependencies.ts';
import type { DependenciesSource } from '../environments/environmentPlan.ts';
import { isJsonObject } from '../store/jsonFile.ts';
import { ConfigurationDocument } from './configurationDocument.ts';
import { readDataReferences } from './dataReferences.ts';
import { ignoredCounts, readDistribution } from './distribution.ts';
import type { RunConfiguration } from './runConfiguration.ts';

/** What a file must say at least one of to be taken for a run configuration where its name does not tell. */
const tellingKeys = ['script', 'target', 'environment', 'framework', 'history', 'command'];

/** Whether a text without the extension `.runconfig` is one all the same (`.azureml/local`). */
export function looksLikeRunConfiguration(text: string): boolean {
  try {
    const document = ConfigurationDocument.parse(text, '');
    return tellingKeys.filter((key) => document.has([key])).length >= 2;
  } catch {
    return false;
  }
}

/**
 * Reads the text of a run configuration. Keys that are not known never fail.
 *
 * @param label names the file in messages
 * @param path the file, absolute; undefined for a text that is in none
 * @throws RunledgerError `invalid-run-configuration` with line and column
 */
export function parseRunConfiguration(
  text: string,
  options: { readonly name: string; readonly path: string | undefined; readonly label: string },
): RunConfiguration {
  const document = ConfigurationDocument.parse(text, options.label);
  const takesSnapshot = document.boolean(['history', 'snapshotProject']) ?? true;
  return {
    name: options.name,
    path: options.path,
    target: document.string(['target'])?.trim() || 'local',
    // Without a snapshot the only place that holds the code is the source folder.
    isInPlace: !takesSnapshot,
    takesSnapshot,
    script: document.string(['script']) || undefined,
    command: commandOf(document),
    arguments: document.strings(['arguments']),
    interpreter: interpreterOf(document),
    dependencies: dependenciesOf(document, options.label),
    environment: environmentOf(document),
    dataReferences: readDataReferences(document),
    environmentVariables: {
      ...document.stringMap(['environment', 'environmentVariables']),
      ...document.stringMap(['environmentVariables']),
    },
    distribution: readDistribution(document),
    maxRunDurationSeconds: document.integer(['maxRunDurationSeconds'], 1),
    warnings: warningsOf(document, takesSnapshot),
  };
}

/** A list is a program and its arguments; a text is for the shell. */
function commandOf(document: ConfigurationDocument): readonly string[] | undefined {
  if (document.isList(['command'])) {
    const command = document.strings(['command']);
    return command.length === 0 ? undefined : command;
  }
  const text = document.string(['command'])?.trim();
  return text === undefined || text === '' ? undefined : shellCommand(text);
}

/** The program that carries out a line as a terminal would. */
export function shellCommand(line: string): readonly string[] {
  return process.platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', line] : ['/bin/sh', '-c', line];
}

function interpreterOf(document: ConfigurationDocument): string | undefined {
  const path = document.string(['environment', 'python', 'interpreterPath'])?.trim();
  // `python` is what every template holds: it names no interpreter in particular.
  return path === undefined || path === '' || path === 'python' ? undefined : path;
}

/** Packages, unless the person looks after them: what is said in the configuration itself counts before a file. */
function dependenciesOf(document: ConfigurationDocument, label: string): DependenciesSource | undefined {
  const isUserManaged = document.boolean(['environment', 'python', 'userManagedDependencies']) === true;
  if (isUserManaged || document.boolean(['autoPrepareEnvironment']) === false) {
    return undefined;
  }
  const inline = ['environment', 'python', 'condaDependencies'];
  if (document.has(inline)) {
    const dependencies = readCondaDependencies(document.value(inline), `${label}, ${inline.join('.')}`);
    return { kind: 'inline', dependencies };
  }
  const path = document.string(['environment', 'python', 'condaDependenciesFile'])?.trim();
  return path === undefined || path === '' ? undefined : { kind: 'file', path };
}

/** Variables are kept elsewhere, and secrets nowhere. */
function environmentOf(document: ConfigurationDocument): object | undefined {
  const environment = valueWithoutSecrets(document.value(['environment']));
  if (!isJsonObject(environment)) {
    return undefined;
  }
  const entries = Object.entries(environment).filter(([key]) => key.toLowerCase() !== 'environmentvariables');
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function warningsOf(document: ConfigurationDocument, takesSnapshot: boolean): string[] {
  const ignored = ignoredSettings(document);
  const warnings: string[] = [];
  if (ignored.length > 0) {
    warnings.push(`The run configuration asks for what this version does not do, and ignores: ${ignored.join(', ')}.`);
  }
  if (!takesSnapshot) {
    warnings.push(
      'The code is not kept with this run, which goes on in the source folder: history.snapshotProject is false.',
    );
  }
  return warnings;
}

/** Settings that would change how the run goes, if they were followed. Values of the templates are not worth a word. */
function ignoredSettings(document: ConfigurationDocument): string[] {
  const ignored: string[] = [];
  const note = (isIgnored: boolean, ...path: string[]): void => {
    if (isIgnored) {
      ignored.push(path.join('.'));
    }
  };
  const text = (...path: string[]): string => document.string(path)?.trim().toLowerCase() ?? '';
  const isTrue = (...path: string[]): boolean => document.boolean(path) === true;

  const isUserManaged = isTrue('environment', 'python', 'userManagedDependencies');
  const baseEnvironment = ['environment', 'python', 'baseCondaEnvironment'];
  note(!isUserManaged && document.has(baseEnvironment), ...baseEnvironment);
  note(isTrue('environment', 'docker', 'enabled'), 'environment', 'docker', 'enabled');
  note(isTrue('docker', 'useDocker'), 'docker', 'useDocker');
  for (const path of ignoredCounts(document)) {
    note(true, ...path);
  }
  note(text('framework').startsWith('pyspark') || text('framework') === 'r', 'framework');
  for (const key of ['data', 'outputData']) {
    note(document.hasEntries([key]), key);
  }
  note(document.boolean(['history', 'outputCollection']) === false, 'history', 'outputCollection');
  return ignored;
}
