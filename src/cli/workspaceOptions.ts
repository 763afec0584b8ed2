/** Which workspace a command works in. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { RunledgerError } from '../core/base/errors.ts';
import type { RunCatalog } from '../core/catalog/runCatalog.ts';
import type { WorkspaceInfo } from '../core/domain/workspace.ts';
import { findWorkspace, registeredWorkspaces } from '../core/store/workspaces.ts';
import { type CliContext, requireWorkspace, withCatalog } from './context.ts';

export interface WorkspaceOptions {
  readonly path: string;
  readonly workspaceName?: string;
}

/** Adds `--path` and `-w`; and what Azure ML's commands took beside them, which finds nothing here and is not in the help. */
export function addWorkspaceOptions(command: Command): Command {
  return command
    .option('--path <folder>', 'where the workspace is looked for, there and above', '.')
    .option('-w, --workspace-name <name>', 'a workspace of this machine by its name, wherever it is')
    .addOption(new Option('-g, --resource-group <name>').hideHelp())
    .addOption(new Option('--subscription-id <id>').hideHelp());
}

/** Takes options that Azure ML's command had and that change nothing here, as `-e, --experiment-name <name>`; not in the help. */
export function ignoreOptions(command: Command, ...options: readonly string[]): Command {
  return options.reduce((made, flags) => made.addOption(new Option(flags).hideHelp()), command);
}

/** `-e` of a command that has a run's id: an id is enough here. */
export const ignoredExperiment = '-e, --experiment-name <name>';

/** The folder of `--path`, absolute. */
export function startFolder(context: CliContext, options: WorkspaceOptions): string {
  return resolve(context.currentFolder, options.path);
}

/**
 * The workspace that the options name: the nearest at `--path` or above it, or with `-w` the one of that name.
 *
 * @throws RunledgerError `not-found`, `invalid-argument` where several have the name; as `openWorkspace`
 */
export async function chosenWorkspace(context: CliContext, options: WorkspaceOptions): Promise<WorkspaceInfo> {
  const start = startFolder(context, options);
  const name = options.workspaceName;
  return name === undefined ? requireWorkspace(start) : namedWorkspace(start, name);
}

async function namedWorkspace(start: string, name: string): Promise<WorkspaceInfo> {
  const nearest = await findWorkspace(start);
  if (nearest?.name === name) {
    return nearest;
  }
  const known = await registeredWorkspaces();
  const found = known.filter((workspace) => workspace.name === name);
  if (found.length > 1) {
    throw new RunledgerError('invalid-argument', `Several workspaces are called "${name}".`, {
      advice: `Name a folder with --path instead: ${found.map(({ folder }) => folder).join(', ')}.`,
    });
  }
  if (found[0] === undefined) {
    const names = [...new Set(known.map((workspace) => workspace.name))].join(', ');
    throw new RunledgerError('not-found', `There is no workspace "${name}" on this machine.`, {
      advice: `${names === '' ? '' : `There are: ${names}. `}Create one with \`runledger workspace create -w ${name}\`.`,
    });
  }
  return found[0];
}

/** Works with the catalog of the workspace that the options name, and closes it. */
export async function withChosenCatalog<T>(
  context: CliContext,
  options: WorkspaceOptions,
  work: (catalog: RunCatalog) => Promise<T>,
): Promise<T> {
  return withCatalog(context, (await chosenWorkspace(context, options)).folder, work);
}
