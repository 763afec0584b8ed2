import * as vscode from 'vscode';
import {
  type GarbageItem,
  type GarbageKind,
  type GarbageResult,
  planGarbage,
  removeGarbage,
} from '../../core/store-gc/garbage.ts';
import { commandIds } from '../ids.ts';
import { workWithProgress } from '../store/workWithProgress.ts';
import { formatBytes } from '../text/format.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import { isConfirmed } from './confirmation.ts';
import { resolveWorkspaceTarget } from './workspaceTarget.ts';

/**
 * Removes for good what is in the trash of a workspace, and the snapshots that nothing names any more. `{ workspaceFolder, confirmed:
 * true }` leaves out the question. Returns what was removed.
 */
export const emptyTrashCommand: Command = {
  id: commandIds.emptyTrash,
  async run(services, argument): Promise<GarbageResult | undefined> {
    requireTrust(vscode.l10n.t('Emptying the trash'));
    const target = await resolveWorkspaceTarget(services, argument, {
      placeHolder: vscode.l10n.t('Workspace whose trash is to be emptied'),
      acceptsDamaged: false,
    });
    if (target === undefined) {
      return undefined;
    }
    const { workspaceFolder, name } = target;
    const title = vscode.l10n.t('Emptying the trash of {0}', name);
    const plan = await workWithProgress(title, (onProgress, signal) =>
      planGarbage(workspaceFolder, { onProgress, signal }),
    );
    if (plan.whyNoSnapshots !== undefined) {
      services.log.warn(`No snapshot is removed: ${plan.whyNoSnapshots}`);
    }
    if (plan.items.length === 0) {
      tell(services, vscode.l10n.t('The trash of {0} is empty.', name), plan.whyNoSnapshots === undefined ? 0 : 1);
      return { removed: [], bytes: 0, failures: [] };
    }
    const question = {
      message: vscode.l10n.t('Empty the trash of {0}?', name),
      detail: vscode.l10n.t(
        '{0}. {1} are freed. What is removed cannot be restored.',
        describe(plan.items),
        formatBytes(plan.bytes),
      ),
      action: vscode.l10n.t('Empty Trash'),
    };
    if (!(await isConfirmed(argument, question))) {
      return undefined;
    }
    const result = await workWithProgress(title, (onProgress, signal) => removeGarbage(plan, { onProgress, signal }));
    for (const failure of result.failures) {
      services.log.warn(failure);
    }
    const done = vscode.l10n.t('{0} freed in {1}.', formatBytes(result.bytes), name);
    tell(services, done, result.failures.length + (plan.whyNoSnapshots === undefined ? 0 : 1));
    return result;
  },
};

function describe(items: readonly GarbageItem[]): string {
  const texts: Readonly<Record<GarbageKind, (count: number) => string>> = {
    run: (count) => vscode.l10n.t('Runs: {0}', count),
    model: (count) => vscode.l10n.t('versions of models: {0}', count),
    repair: (count) => vscode.l10n.t('what repairs took out: {0}', count),
    remains: (count) => vscode.l10n.t('what was half removed: {0}', count),
    snapshot: (count) => vscode.l10n.t('snapshots that no run names: {0}', count),
  };
  const counts = Map.groupBy(items, ({ kind }) => kind);
  const text = [...counts].map(([kind, some]) => texts[kind](some.length)).join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Says how it went, without waiting; what could not be removed is in the log. */
function tell({ log }: CommandServices, message: string, failureCount: number): void {
  if (failureCount === 0) {
    void vscode.window.showInformationMessage(message);
    return;
  }
  const show = vscode.l10n.t('Show Log');
  void vscode.window
    .showWarningMessage(vscode.l10n.t('{0} Not everything could be removed.', message), show)
    .then((answer) => {
      if (answer === show) {
        log.show();
      }
    });
}
