import { valueWithoutSecrets } from '../base/secretValues.ts';
import { CondaProblem, readCondaDependencies } from '../environments/condaDependencies.ts';
import type { DependenciesSource } from '../environments/environmentPlan.ts';
import { isJsonObject } from '../store/jsonFile.ts';
import { ConfigurationDocument, type ConfigurationError } from './configurationDocument.ts';
import { ignoredContainerSettings, readContainerSettings } from './containerSettings.ts';
import { readDataReferences } from './dataReferences.ts';
import { ignoredCounts, readDistribution } from './distribution.ts';
import type { RunConfiguration } from './runConfiguration.ts';
import type { RunConfigurationPath } from './runConfigurationSchema.ts';

/** What a file must say at least one of to be taken for a run configuration where its name does not tell. */
const tellingKeys = ['script', 'target', 'environment', 'framework', 'history', 'command'] as const;

/** Whether a text without the extension `.runconfig` is one all the same (`.azureml/local`). */
export function looksLikeRunConfiguration(text: string): boolean {
  const document = ConfigurationDocument.parse(text, '');
  return document.problems.length === 0 && tellingKeys.filter((key) => document.has([key])).length >= 2;
}

export interface ReadingOptions {
  readonly name: string;
  /** The file, absolute; undefined for a text that is in none. */
  readonly path: string | undefined;
  /** Names the file in messages. */
  readonly label: string;
}

export interface RunConfigurationReading {
  /** Where there are problems, without what they are about. */
  readonly configuration: RunConfiguration;
  /** Why it cannot be used: with one, nothing is submitted. */
  readonly problems: readonly ConfigurationError[];
  /** What it asks for and this version does not do. */
  readonly ignored: readonly RunConfigurationPath[];
}

/**
 * Reads the text of a run configuration. Keys that are not known never fail.
 *
 * @throws RunledgerError `invalid-run-configuration` with line and column
 */
export function parseRunConfiguration(text: string, options: ReadingOptions): RunConfiguration {
  const { configuration, problems } = readRunConfigurationText(text, options);
  if (problems[0] !== undefined) {
    throw problems[0];
  }
  return configuration;
}

/** The same with every problem, and not the first alone. */
export function readRunConfigurationText(text: string, options: ReadingOptions): RunConfigurationReading {
  const document = ConfigurationDocument.parse(text, options.label);
  const takesSnapshot = document.boolean(['history', 'snapshotProject']) ?? true;
  const distribution = readDistribution(document);
  const ignored = ignoredSettings(document);
  const configuration = {
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
    condaEnvironment: document.string(['environment', 'python', 'baseCondaEnvironment'])?.trim() || undefined,
    dependencies: dependenciesOf(document, options.label),
    environment: environmentOf(document),
    container: readContainerSettings(document),
    dataReferences: readDataReferences(document),
    environmentVariables: {
      ...document.stringMap(['environment', 'environmentVariables']),
      ...document.stringMap(['environmentVariables']),
    },
    envFile: document.string(['envFile'])?.trim(),
    distribution,
    maxRunDurationSeconds: document.integer(['maxRunDurationSeconds'], 1),
    warnings: warningsOf(ignored, takesSnapshot),
  };
  return { configuration, problems: document.problems, ignored };
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
  const inline = ['environment', 'python', 'condaDependencies'] as const;
  if (document.has(inline)) {
    try {
      const dependencies = readCondaDependencies(document.value(inline), `${label}, ${inline.join('.')}`);
      return { kind: 'inline', dependencies };
    } catch (error) {
      if (!(error instanceof CondaProblem)) {
        throw error;
      }
      document.complain(inline, `${error.problem} ${error.advice ?? ''}`.trimEnd());
      return undefined;
    }
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

function warningsOf(ignored: readonly RunConfigurationPath[], takesSnapshot: boolean): string[] {
  const warnings: string[] = [];
  if (ignored.length > 0) {
    const names = ignored.map((path) => path.join('.')).join(', ');
    warnings.push(`The run configuration asks for what this version does not do, and ignores: ${names}.`);
  }
  if (!takesSnapshot) {
    warnings.push(
      'The code is not kept with this run, which goes on in the source folder: history.snapshotProject is false.',
    );
  }
  return warnings;
}

/** Settings that would change how the run goes, if they were followed. Values of the templates are not worth a word. */
function ignoredSettings(document: ConfigurationDocument): readonly RunConfigurationPath[] {
  const ignored: RunConfigurationPath[] = [];
  const note = (isIgnored: boolean, ...path: RunConfigurationPath): void => {
    if (isIgnored) {
      ignored.push(path);
    }
  };
  const text = (...path: RunConfigurationPath): string => document.string(path)?.trim().toLowerCase() ?? '';
  for (const path of [...ignoredContainerSettings(document), ...ignoredCounts(document)]) {
    note(true, ...path);
  }
  note(text('framework').startsWith('pyspark') || text('framework') === 'r', 'framework');
  for (const key of ['data', 'outputData'] as const) {
    note(document.hasEntries([key]), key);
  }
  note(document.boolean(['history', 'outputCollection']) === false, 'history', 'outputCollection');
  return ignored;
}
