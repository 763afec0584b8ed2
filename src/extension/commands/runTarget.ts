import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { RunSummary } from '../../core/domain/run.ts';
import { formatAge, plainLabel } from '../text/format.ts';
import { type RunNode, runLabel, workspaceFolderOf } from '../tree/nodes.ts';
import { statusLook } from '../tree/statusLook.ts';
import type { CommandServices } from './commandServices.ts';

/** Which run a command is meant for. Commands take one from the tree, from a page, or from another extension. */
export interface RunTarget {
  readonly workspaceFolder: string;
  readonly runId: string;
}

export interface PickRunOptions {
  readonly placeHolder: string;
  /** Which runs the command can do something with; default: all that can be read. */
  readonly accepts?: (run: RunSummary) => boolean;
  /** A run that is not offered. */
  readonly except?: RunTarget;
}

/** Runs offered by the picker. */
const mostRuns = 50;

interface RunItem extends vscode.QuickPickItem {
  readonly target: RunTarget;
}

/** The run that a command was called for: its argument, else one that the person picks from the recent ones. */
export async function resolveRunTarget(
  services: CommandServices,
  argument: unknown,
  options: PickRunOptions,
): Promise<RunTarget | undefined> {
  return targetOf(argument) ?? (await pickRun(services, options));
}

/** The runs that a command was called for: all that are selected, else as {@link resolveRunTarget}. Empty where the person gave up. */
export async function resolveRunTargets(
  services: CommandServices,
  argument: unknown,
  selection: unknown,
  options: PickRunOptions,
): Promise<readonly RunTarget[]> {
  const selected = selectedTargets(isFocusedRow(argument) ? services.experiments.selection : selection);
  if (selected.length > 0 || isFocusedRow(argument)) {
    return selected;
  }
  const target = await resolveRunTarget(services, argument, options);
  return target === undefined ? [] : [target];
}

/** Whether a key of the Experiments view was pressed: it tells no row, and means those that are selected. */
function isFocusedRow(argument: unknown): boolean {
  return typeof argument === 'object' && argument !== null && 'isSelectionMeant' in argument;
}

/** The runs among selected rows. A row further down may be of the same run. */
export function selectedTargets(selection: unknown): readonly RunTarget[] {
  const targets = new Map<string, RunTarget>();
  for (const row of Array.isArray(selection) ? selection : []) {
    const target = targetOf(row);
    if (target !== undefined) {
      targets.set(`${target.workspaceFolder}\n${target.runId}`, target);
    }
  }
  return [...targets.values()];
}

/** A row of the tree, or a {@link RunTarget}. */
function targetOf(argument: unknown): RunTarget | undefined {
  if (typeof argument !== 'object' || argument === null) {
    return undefined;
  }
  if ('workspaceFolder' in argument && 'runId' in argument) {
    const { workspaceFolder, runId } = argument;
    return typeof workspaceFolder === 'string' && typeof runId === 'string' ? { workspaceFolder, runId } : undefined;
  }
  return isRunRow(argument) ? { workspaceFolder: workspaceFolderOf(argument), runId: argument.entry.id } : undefined;
}

function isRunRow(argument: object): argument is RunNode {
  return 'kind' in argument && argument.kind === 'run' && 'entry' in argument && 'parent' in argument;
}

async function pickRun(services: CommandServices, options: PickRunOptions): Promise<RunTarget | undefined> {
  const now = Date.now() / 1000;
  const runs = await recentRuns(services);
  const isShown = ({ run, workspaceFolder }: RecentRun): boolean => services.pages.isVisible(workspaceFolder, run.id);
  // Whoever looks at a run's page most likely means that run.
  const items = [...runs.filter(isShown), ...runs.filter((recent) => !isShown(recent))]
    .filter(({ run, workspaceFolder }) => {
      const isExcepted = run.id === options.except?.runId && workspaceFolder === options.except.workspaceFolder;
      return !isExcepted && (options.accepts?.(run) ?? true);
    })
    .slice(0, mostRuns)
    .map(({ run, workspaceFolder }): RunItem => {
      const status = statusLook(run.status);
      return {
        target: { workspaceFolder, runId: run.id },
        label: plainLabel(runLabel(run)),
        iconPath: status.icon,
        description: vscode.l10n.t(
          '{0} · {1} · {2}',
          plainLabel(run.experiment),
          status.label,
          formatAge(now - run.createdTime),
        ),
        detail: run.id,
      };
    });
  if (items.length === 0) {
    throw new RunledgerError('not-found', vscode.l10n.t('There is no run here that this command can be used on.'), {
      advice: vscode.l10n.t('Runs appear in the Experiments view.'),
    });
  }
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: options.placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.target;
}

interface RecentRun {
  readonly run: RunSummary;
  readonly workspaceFolder: string;
}

/** The newest runs of the open workspaces, newest first. */
async function recentRuns({ workspaces }: CommandServices): Promise<readonly RecentRun[]> {
  const found: RecentRun[] = [];
  for (const entry of await workspaces.openWorkspaces()) {
    if (entry.kind === 'problem') {
      continue;
    }
    const workspaceFolder = entry.info.folder;
    const catalog = await workspaces.catalog(workspaceFolder);
    for (const experiment of await catalog.experiments()) {
      const { items } = await catalog.runs({ experimentKey: experiment.key, limit: mostRuns });
      found.push(...items.flatMap((run) => (run.kind === 'run' ? [{ run, workspaceFolder }] : [])));
    }
  }
  return found.sort((a, b) => b.run.createdTime - a.run.createdTime);
}
