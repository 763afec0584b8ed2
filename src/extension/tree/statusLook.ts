import * as vscode from 'vscode';
import type { RunStatus } from '../../core/domain/runStatus.ts';

/** A status as a row shows it. The icon differs by shape too, so it is never told by colour alone. */
export interface StatusLook {
  readonly icon: vscode.ThemeIcon;
  /** In the words of a sentence: `running`. */
  readonly label: string;
}

function look(icon: string, color: string | undefined, label: string): StatusLook {
  return { icon: new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color)), label };
}

export function statusLook(status: RunStatus): StatusLook {
  switch (status) {
    case 'NotStarted':
      return look('clock', 'charts.yellow', vscode.l10n.t('not started'));
    case 'Queued':
      return look('clock', 'charts.yellow', vscode.l10n.t('queued'));
    case 'Preparing':
      return look('loading~spin', 'charts.blue', vscode.l10n.t('preparing'));
    case 'Starting':
      return look('loading~spin', 'charts.blue', vscode.l10n.t('starting'));
    case 'Running':
      return look('loading~spin', 'charts.blue', vscode.l10n.t('running'));
    case 'Finalizing':
      return look('loading~spin', 'charts.blue', vscode.l10n.t('finalizing'));
    case 'CancelRequested':
      return look('loading~spin', 'charts.yellow', vscode.l10n.t('canceling'));
    case 'Canceled':
      return look('circle-slash', 'descriptionForeground', vscode.l10n.t('canceled'));
    case 'Completed':
      return look('pass', 'charts.green', vscode.l10n.t('completed'));
    case 'Failed':
      return look('error', 'charts.red', vscode.l10n.t('failed'));
    case 'NotResponding':
      return look('question', 'charts.yellow', vscode.l10n.t('not responding'));
  }
}
