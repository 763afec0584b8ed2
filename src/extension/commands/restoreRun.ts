import * as vscode from 'vscode';
import { restoreRun } from '../../core/store/trash.ts';
import { commandIds } from '../ids.ts';
import { formatAge } from '../text/format.ts';
import { runLabel } from '../tree/nodes.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import type { RunTarget } from './runTarget.ts';

interface DeletedRunItem extends vscode.QuickPickItem {
  readonly target: RunTarget;
}

/** Brings a run back from the trash: that of a `RunTarget`, else one that the person picks. */
export const restoreRunCommand: Command = {
  id: commandIds.restoreRun,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Restoring a run'));
    const target = isTarget(argument) ? argument : await pickDeletedRun(services);
    if (target !== undefined) {
      await restore(services, target);
    }
  },
};

/** Restores a run and selects it in the tree. */
export async function restore({ workspaces, experiments }: CommandServices, target: RunTarget): Promise<void> {
  await restoreRun(target.workspaceFolder, target.runId);
  const { workspace } = await workspaces.catalog(target.workspaceFolder);
  await experiments.reveal(workspace, target.runId);
}

function isTarget(argument: unknown): argument is RunTarget {
  return (
    typeof argument === 'object' &&
    argument !== null &&
    'workspaceFolder' in argument &&
    typeof argument.workspaceFolder === 'string' &&
    'runId' in argument &&
    typeof argument.runId === 'string'
  );
}

async function pickDeletedRun({ workspaces }: CommandServices): Promise<RunTarget | undefined> {
  const now = Date.now() / 1000;
  const items: DeletedRunItem[] = [];
  for (const workspace of await workspaces.openWorkspaces()) {
    if (workspace.kind === 'problem') {
      continue;
    }
    const workspaceFolder = workspace.info.folder;
    const catalog = await workspaces.catalog(workspaceFolder);
    for (const entry of await catalog.deletedRuns()) {
      items.push({
        target: { workspaceFolder, runId: entry.id },
        label: runLabel(entry),
        description:
          entry.kind === 'run'
            ? vscode.l10n.t('{0} · {1}', entry.experiment, formatAge(now - entry.createdTime))
            : entry.problem,
        detail: entry.id,
      });
    }
  }
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('The trash is empty.'));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Run to restore'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.target;
}
