/** The file of a pipeline with the run configurations that it names, as all who submit it read it. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fileError } from '../../base/errors.ts';
import { pathExists } from '../../base/pathExists.ts';
import { findTargetFile } from '../../compute/targetFiles.ts';
import { registeredDataSets } from '../../data-sets/registeredDataSets.ts';
import type { RunConfiguration } from '../../run-configurations/runConfiguration.ts';
import { parseRunConfiguration } from '../../run-configurations/runConfigurationFile.ts';
import { loadRunConfigurationFrom } from '../../run-configurations/runConfigurations.ts';
import { type PipelineOfFile, parsePipelineFile } from './pipelineFile.ts';

export interface ReadPipelineOptions {
  readonly workspaceFolder: string;
  /** In place of the defaults of the file's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** For steps whose run configuration names no interpreter. */
  readonly interpreterCandidates: readonly string[];
}

/**
 * Reads the file at `path`, absolute.
 *
 * @throws RunledgerError `invalid-argument` with line and column, or naming the step; `not-found` and others of reading files
 */
export async function readPipelineFile(path: string, options: ReadPipelineOptions): Promise<PipelineOfFile> {
  const folder = dirname(path);
  return parsePipelineFile(await textOf(path), {
    ...options,
    dataSets: await registeredDataSets(options.workspaceFolder),
    label: basename(path),
    folder,
    loadRunConfiguration: async (name, sourceDirectory, compute) => {
      const configuration = await runConfigurationOf(name, [folder, sourceDirectory], options.workspaceFolder);
      const target = compute ?? configuration.target;
      const isDefined = (await findTargetFile(options.workspaceFolder, target)) !== undefined;
      // What no file defines was in the cloud: this machine is taken for it.
      return { ...configuration, target: isDefined ? target : 'local' };
    },
  });
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, 'read the pipeline', path);
  }
}

/** A file by its path, else a run configuration by its name. */
async function runConfigurationOf(
  name: string | undefined,
  folders: readonly [string, string],
  workspaceFolder: string,
): Promise<RunConfiguration> {
  const [folder, sourceDirectory] = folders;
  const path = name === undefined ? undefined : resolve(folder, name);
  if (name !== undefined && path !== undefined && (await pathExists(path))) {
    return parseRunConfiguration(await textOf(path), { name, path, label: name });
  }
  return loadRunConfigurationFrom(sourceDirectory, [folder, workspaceFolder], name ?? 'local');
}
