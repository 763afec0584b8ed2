import { join } from 'node:path';
import * as vscode from 'vscode';
import type { FileDifference } from '../../core/snapshots/snapshotComparison.ts';
import type { RunFiles } from '../files/runFiles.ts';
import { commandIds } from '../ids.ts';
import { isSubmitted, runLabel } from '../tree/nodes.ts';
import type { Command } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import { type RunTarget, resolveRunTarget, selectedTargets } from './runTarget.ts';

/** Shows what changed in the folder that a run's code came from since it ran. */
export const compareSnapshotWithWorkingCopyCommand: Command = {
  id: commandIds.compareSnapshotWithWorkingCopy,
  async run(services, argument) {
    const target = await resolveRunTarget(services, argument, {
      placeHolder: vscode.l10n.t('Run to compare with the working copy'),
      accepts: isSubmitted,
    });
    if (target === undefined) {
      return;
    }
    const { runFiles } = services;
    const name = await nameOf(services, target);
    const folder = await runFiles.sourceDirectory(target);
    const workingFile = (path: string): vscode.Uri => vscode.Uri.file(join(folder, path));
    const differences = await withProgress(vscode.l10n.t('Comparing the snapshot of {0}', name), () =>
      runFiles.compareWithFolder(target, folder),
    );
    if (differences.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Nothing in {0} has changed since {1} was submitted.', folder, name),
      );
      return;
    }
    await showDifferences(vscode.l10n.t('Changes since {0}', name), differences, {
      left: (path) => runFiles.snapshotSide(target, path, workingFile(path).path),
      right: workingFile,
    });
  },
};

/** Shows what is different in the code of two runs: of the two that are selected, else of one and of another that the person picks. */
export const compareSnapshotsCommand: Command = {
  id: commandIds.compareSnapshots,
  async run(services, argument, selection) {
    const pair = await resolvePair(services, argument, selection);
    if (pair === undefined) {
      return;
    }
    const { runFiles } = services;
    const [left, right] = pair;
    const [leftName, rightName] = [await nameOf(services, left), await nameOf(services, right)];
    const differences = await withProgress(vscode.l10n.t('Comparing the snapshots'), () =>
      runFiles.compareSnapshots(left, right),
    );
    if (differences.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('{0} and {1} ran the same code.', leftName, rightName));
      return;
    }
    await showDifferences(vscode.l10n.t('Code of {0} and {1}', leftName, rightName), differences, {
      left: (path) => runFiles.snapshotSide(left, path),
      right: (path) => runFiles.snapshotSide(right, path),
    });
  },
};

async function resolvePair(
  services: CommandServices,
  argument: unknown,
  selection: unknown,
): Promise<readonly [RunTarget, RunTarget] | undefined> {
  const given = selectedTargets(selection);
  if (given[0] !== undefined && given[1] !== undefined && given.length === 2) {
    return [given[0], given[1]];
  }
  const left = await resolveRunTarget(services, argument, {
    placeHolder: vscode.l10n.t('Run whose code to compare'),
    accepts: isSubmitted,
  });
  if (left === undefined) {
    return undefined;
  }
  const right = await resolveRunTarget(services, otherOf(argument), {
    placeHolder: vscode.l10n.t('Run to compare {0} with', await nameOf(services, left)),
    accepts: isSubmitted,
    except: left,
  });
  return right === undefined ? undefined : [left, right];
}

/** `{ other }` beside the run, as a page or a test names it. */
function otherOf(argument: unknown): unknown {
  return typeof argument === 'object' && argument !== null && 'other' in argument ? argument.other : undefined;
}

/** Shows what is different in one file of the code of two runs. */
export async function showFileDifference(
  runFiles: RunFiles,
  left: RunTarget,
  right: RunTarget,
  path: string,
): Promise<void> {
  const difference = (await runFiles.compareSnapshots(left, right)).find((change) => change.path === path);
  if (difference?.kind === 'changed') {
    const sides = [runFiles.snapshotSide(left, path), runFiles.snapshotSide(right, path)] as const;
    await vscode.commands.executeCommand(
      'vscode.diff',
      ...sides,
      vscode.l10n.t('{0} ({1} and {2})', path, left.runId, right.runId),
    );
  } else if (difference !== undefined) {
    await vscode.commands.executeCommand(
      'vscode.open',
      runFiles.snapshotUri(difference.kind === 'added' ? right : left, path),
    );
  }
}

interface Sides {
  readonly left: (path: string) => vscode.Uri;
  readonly right: (path: string) => vscode.Uri;
}

/** In VS Code's own editor for the differences of several files. */
async function showDifferences(title: string, differences: readonly FileDifference[], sides: Sides): Promise<void> {
  const resources = differences.map(({ path, kind }) => {
    const left = kind === 'added' ? undefined : sides.left(path);
    const right = kind === 'removed' ? undefined : sides.right(path);
    return [right ?? left, left, right];
  });
  await vscode.commands.executeCommand('vscode.changes', title, resources);
}

async function nameOf({ workspaces }: CommandServices, { workspaceFolder, runId }: RunTarget): Promise<string> {
  const catalog = await workspaces.catalog(workspaceFolder);
  const entry = await catalog.run(runId);
  return entry === undefined ? runId : runLabel(entry);
}

/** Large folders take a moment. */
async function withProgress<T>(title: string, work: () => Promise<T>): Promise<T> {
  return await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, work);
}
