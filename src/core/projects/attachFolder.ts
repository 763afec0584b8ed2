/** Making a folder known as Azure ML's tools did: `.azureml/`, which names its workspace and its experiment, with examples. */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import type { WorkspaceInfo } from '../domain/workspace.ts';
import { toJsonText, writeFileAtomically } from '../store/atomicFile.ts';
import { type JsonObject, readStoreFile, stringField } from '../store/jsonFile.ts';
import { normalizeExperimentName } from '../store/names.ts';
import { readPlainJson } from '../store/plainJson.ts';
import { workspaceFile } from '../store/storeLayout.ts';
import { experimentOf } from './attachedExperiment.ts';
import { condaDependenciesExample, localRunConfigurationExample } from './exampleFiles.ts';

export interface AttachFolderOptions {
  /** Absolute. */
  readonly folder: string;
  readonly workspace: WorkspaceInfo;
  /** The default of what is submitted from the folder. */
  readonly experiment: string;
  /** What was asked for in so many words: files that say otherwise are not kept silently. */
  readonly given: {
    readonly workspaceName?: string | undefined;
    readonly resourceGroup?: string | undefined;
    readonly subscriptionId?: string | undefined;
    readonly experiment?: string | undefined;
  };
  /** Replace what names another workspace or experiment. The examples are kept all the same. */
  readonly isReplacing: boolean;
}

export interface AttachedFolder {
  readonly experiment: string;
  /** Absolute paths. */
  readonly written: readonly string[];
  /** Absolute paths of files that were there, and are as they were. */
  readonly kept: readonly string[];
}

/** What stands for the subscription of a workspace that never had one, and for its resource group. */
const noSubscription = '00000000-0000-0000-0000-000000000000';
const noResourceGroup = 'local';

/**
 * Writes `.azureml/config.json`, `project.json`, `local.runconfig` and `conda_dependencies.yml` where they are missing. Nothing is
 * written where any of it is refused.
 *
 * @throws RunledgerError `invalid-name`, `not-found`, `already-exists` where a file says otherwise, `unreadable`, `not-writable`
 */
export async function attachFolder(options: AttachFolderOptions): Promise<AttachedFolder> {
  const { folder, given, isReplacing } = options;
  await assertFolder(folder);
  const home = join(folder, '.azureml');
  const configFile = join(home, 'config.json');
  const projectFile = join(home, 'project.json');
  const before = isReplacing ? undefined : await existing(configFile);
  const experimentBefore = isReplacing ? undefined : await experimentOf(folder);
  const experiment = normalizeExperimentName(given.experiment ?? experimentBefore ?? options.experiment);
  const config = await configOf(options);
  if (before !== undefined) {
    assertSame(configFile, 'workspace_name', before, given.workspaceName);
    assertSame(configFile, 'resource_group', before, given.resourceGroup);
    assertSame(configFile, 'subscription_id', before, given.subscriptionId);
  }
  if (experimentBefore !== undefined && experimentBefore !== experiment) {
    throw alreadySays(home, `the experiment "${experimentBefore}"`);
  }
  const scope =
    `/subscriptions/${config.subscription_id}/resourceGroups/${config.resource_group}` +
    `/providers/Microsoft.MachineLearningServices/workspaces/${config.workspace_name}/projects/${experiment}`;
  const files: readonly (readonly [path: string, text: string, isReplaced: boolean])[] = [
    [configFile, toJsonText(config), isReplacing],
    [projectFile, toJsonText({ Id: options.workspace.id, Scope: scope }), isReplacing],
    [join(home, 'local.runconfig'), localRunConfigurationExample, false],
    [join(home, 'conda_dependencies.yml'), condaDependenciesExample, false],
  ];
  const written: string[] = [];
  const kept: string[] = [];
  try {
    await mkdir(home, { recursive: true });
    for (const [path, text, isReplaced] of files) {
      if (!isReplaced && (await pathExists(path))) {
        kept.push(path);
      } else {
        await writeFileAtomically(path, text);
        written.push(path);
      }
    }
  } catch (error) {
    throw fileError(error, 'attach the folder', home);
  }
  return { experiment, written, kept };
}

async function assertFolder(folder: string): Promise<void> {
  const status = await stat(folder).catch((error: unknown) => {
    if (isNotFound(error)) {
      return undefined;
    }
    throw fileError(error, 'attach the folder', folder);
  });
  if (status?.isDirectory() !== true) {
    throw new RunledgerError('not-found', `There is no folder ${folder}.`, {
      advice: 'Name the folder of your scripts.',
    });
  }
}

async function existing(path: string): Promise<JsonObject | undefined> {
  try {
    return await readPlainJson(path, "the workspace's configuration");
  } catch (error) {
    if (RunledgerError.is(error, 'not-found')) {
      return undefined;
    }
    throw error;
  }
}

interface Config {
  readonly subscription_id: string;
  readonly resource_group: string;
  readonly workspace_name: string;
}

async function configOf({ workspace, given }: AttachFolderOptions): Promise<Config> {
  const record = await readStoreFile(workspaceFile(workspace.folder), 'the workspace');
  return {
    subscription_id: given.subscriptionId ?? stringField(record, 'subscriptionId') ?? noSubscription,
    resource_group: given.resourceGroup ?? stringField(record, 'resourceGroup') ?? noResourceGroup,
    workspace_name: workspace.name,
  };
}

function assertSame(path: string, key: keyof Config, before: JsonObject, wanted: string | undefined): void {
  const found = stringField(before, key);
  if (wanted !== undefined && found !== wanted) {
    throw alreadySays(path, found === undefined ? `no "${key}"` : `"${key}": "${found}"`);
  }
}

function alreadySays(path: string, what: string): RunledgerError {
  return new RunledgerError('already-exists', `${path} is there already, and says ${what}.`, {
    advice: 'Leave out what differs to keep it, or replace it: --overwrite.',
  });
}
