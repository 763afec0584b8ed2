import { basename, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { RunledgerError } from '../../core/base/errors.ts';
import { pathExists } from '../../core/base/pathExists.ts';
import type { WorkspaceInfo } from '../../core/domain/workspace.ts';
import { attachFolder } from '../../core/projects/attachFolder.ts';
import { normalizeExperimentName } from '../../core/store/names.ts';
import { createWorkspace, findWorkspace, registeredWorkspaces } from '../../core/store/workspaces.ts';
import type { CliContext } from '../context.ts';
import { writeItem } from '../output.ts';
import { oneLine } from '../text.ts';

interface Options {
  readonly workspaceName?: string;
  readonly resourceGroup?: string;
  readonly subscriptionId?: string;
  readonly experimentName?: string;
  readonly path: string;
  readonly overwrite?: boolean;
}

export function addFolderAttach(folder: Command, context: CliContext): void {
  folder
    .command('attach')
    .summary('make a folder of scripts ready')
    .description(
      'Writes .azureml/ into a folder: config.json, which Workspace.from_config finds; project.json, with the experiment ' +
        'of what is submitted from the folder; and, to start from, local.runconfig and conda_dependencies.yml.',
    )
    .option('-w, --workspace-name <name>', 'the name of the workspace, which is the one at the folder or above it')
    .option('-g, --resource-group <name>', 'what config.json has as resource_group (default: "local")')
    .option('--subscription-id <id>', 'what config.json has as subscription_id (default: zeros)')
    .option('-e, --experiment-name <name>', "the experiment (default: the folder's name)")
    .option('--path <folder>', 'the folder', '.')
    .option('--overwrite', 'replace a config.json or project.json that says otherwise')
    .addHelpText(
      'after',
      `
Files that are there are kept and named. The two examples are never replaced. With -w, a folder that is in no workspace is made the
workspace of that name, unless this machine has it elsewhere.

JSON (-o json): {folder, workspace, workspaceFolder, experiment, written [absolute path], kept [absolute path]}.

Example:
  runledger workspace create -w vision && runledger folder attach -w vision -e digits`,
    )
    .action(async (options: Options, command: Command) => {
      const path = resolve(context.currentFolder, options.path);
      const { workspace, isNew } = await workspaceOf(path, options);
      const { workspaceName, resourceGroup, subscriptionId, experimentName } = options;
      const attached = await attachFolder({
        folder: path,
        workspace,
        experiment: basename(path),
        given: { workspaceName, resourceGroup, subscriptionId, experiment: experimentName },
        isReplacing: options.overwrite === true,
      });
      const { experiment, written, kept } = attached;
      const json = {
        folder: path,
        workspace: workspace.name,
        workspaceFolder: workspace.folder,
        experiment,
        written,
        kept,
      };
      const shown = (file: string): string => oneLine(relative(path, file));
      writeItem(context, command, json, () =>
        [
          ...(isNew ? [`Created the workspace "${oneLine(workspace.name)}" in ${workspace.folder}.`] : []),
          `Attached ${path} to the workspace "${oneLine(workspace.name)}", experiment "${experiment}".`,
          ...written.map((file) => `Wrote ${shown(file)}.`),
          ...kept.map((file) => `Kept ${shown(file)}, which was there.`),
        ].join('\n'),
      );
    });
}

interface FoundWorkspace {
  readonly workspace: WorkspaceInfo;
  readonly isNew: boolean;
}

/**
 * A folder belongs to the workspace that holds it; another one would not find what is run here. A name that nothing has is made,
 * as on Azure ML the workspace is there before the folder is attached to it.
 */
async function workspaceOf(folder: string, options: Options): Promise<FoundWorkspace> {
  const name = options.workspaceName;
  const nearest = await findWorkspace(folder);
  if (nearest !== undefined && (name === undefined || nearest.name === name)) {
    return { workspace: nearest, isNew: false };
  }
  if (nearest === undefined) {
    const elsewhere = (await registeredWorkspaces()).find((workspace) => workspace.name === name);
    if (name !== undefined && elsewhere === undefined && (await isUnattached(folder))) {
      normalizeExperimentName(options.experimentName ?? basename(folder));
      return { workspace: await createWorkspace({ folder, name }), isNew: true };
    }
    throw new RunledgerError('not-found', `There is no workspace in ${folder} or above it.`, {
      advice:
        elsewhere === undefined
          ? `Create one: runledger workspace create${name === undefined ? '' : ` -w ${name}`}`
          : `"${elsewhere.name}" is in ${elsewhere.folder}: move the folder there, or submit with -w ${elsewhere.name}.`,
    });
  }
  throw new RunledgerError('invalid-argument', `The workspace of ${folder} is "${nearest.name}", and not "${name}".`, {
    advice: `It is in ${nearest.folder}. Leave out -w, or create "${name}" in the folder itself.`,
  });
}

/** Whether there is such a folder, and none of its files names a workspace. */
async function isUnattached(folder: string): Promise<boolean> {
  return (await pathExists(folder)) && !(await pathExists(join(folder, '.azureml', 'config.json')));
}
