import * as vscode from 'vscode';
import { checkStore } from '../../core/store-check/checkStore.ts';
import { type CheckResult, remainingProblems } from '../../core/store-check/findings.ts';
import { commandIds } from '../ids.ts';
import { CheckFindings, checkReport, headline } from '../store/checkReport.ts';
import { workWithProgress } from '../store/workWithProgress.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { showFailure } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import { resolveWorkspaceTarget, type WorkspaceTarget } from './workspaceTarget.ts';

/** What the command returns, for tasks and tests. */
export interface CheckOutcome {
  readonly result: CheckResult;
  /** The report, as a document that can be opened. */
  readonly report: vscode.Uri;
}

/**
 * Looks at every file of a workspace's store, tells what is wrong, and offers to repair it. `{ workspaceFolder, repair: true }`
 * repairs at once. Looking is allowed in Restricted Mode, repairing is not.
 */
export const checkStoreCommand: Command = {
  id: commandIds.checkStore,
  async run(services, argument): Promise<CheckOutcome | undefined> {
    const target = await resolveWorkspaceTarget(services, argument, {
      placeHolder: vscode.l10n.t('Workspace whose store is to be checked'),
      acceptsDamaged: true,
    });
    return target === undefined ? undefined : await check(services, target, isRepairWanted(argument));
  },
};

function isRepairWanted(argument: unknown): boolean {
  return typeof argument === 'object' && argument !== null && 'repair' in argument && argument.repair === true;
}

async function check(services: CommandServices, target: WorkspaceTarget, repair: boolean): Promise<CheckOutcome> {
  if (repair) {
    requireTrust(vscode.l10n.t('Repairing a store'));
  }
  const { workspaceFolder, name } = target;
  const findings = new CheckFindings();
  const title = repair
    ? vscode.l10n.t('Repairing the store of {0}', name)
    : vscode.l10n.t('Checking the store of {0}', name);
  const result = await workWithProgress(title, (onProgress, signal) =>
    checkStore(workspaceFolder, { repair, onProgress, signal, onFinding: (finding) => findings.add(finding) }),
  );
  const { problems, repairable } = result;
  const left = remainingProblems(result);
  const told = headline(problems.repaired, left, repairable);
  services.log.info(`Checked the store in ${workspaceFolder}: ${told}`);
  if (problems.repaired > 0) {
    // The workspace itself may be one that could not be opened before.
    services.workspaces.invalidate();
  }
  const text = checkReport({ workspaceName: name, workspaceFolder, result, findings });
  const report = services.reports.add(vscode.l10n.t('Store check of {0}', name), text);
  const outcome = { result, report };
  void offer(services, target, outcome, told).catch((error: unknown) => showFailure(error, services.log));
  return outcome;
}

/** Says how it went, with what can be done next, without waiting for the answer. */
async function offer(
  services: CommandServices,
  target: WorkspaceTarget,
  { result, report }: CheckOutcome,
  told: string,
): Promise<void> {
  const left = remainingProblems(result);
  const show = vscode.l10n.t('Show Report');
  const repair = vscode.l10n.t('Repair');
  const buttons = result.repairable > 0 && vscode.workspace.isTrusted ? [repair, show] : [show];
  const message = vscode.l10n.t('{0}: {1}', target.name, told);
  const answer =
    left > 0
      ? await vscode.window.showWarningMessage(message, ...buttons)
      : await vscode.window.showInformationMessage(message, ...buttons);
  if (answer === show) {
    await services.reports.show(report);
  } else if (answer === repair) {
    await vscode.commands.executeCommand(commandIds.checkStore, {
      workspaceFolder: target.workspaceFolder,
      repair: true,
    });
  }
}
