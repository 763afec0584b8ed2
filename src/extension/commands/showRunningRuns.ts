import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { PlacedRun } from '../running/runningRuns.ts';
import { dateLocale, formatMoment, plainLabel } from '../text/format.ts';
import { canCancel, runLabel } from '../tree/nodes.ts';
import { statusLook } from '../tree/statusLook.ts';
import type { Command } from './commandRunner.ts';
import type { RunTarget } from './runTarget.ts';

interface RunningItem extends vscode.QuickPickItem {
  readonly target: RunTarget;
}

/** Lists the runs that go on, as they come and go: picking one opens its page, and its buttons open its log or cancel it. */
export const showRunningRunsCommand: Command = {
  id: commandIds.showRunningRuns,
  async run({ running }) {
    const picker = vscode.window.createQuickPick<RunningItem>();
    const openLog: vscode.QuickInputButton = {
      iconPath: new vscode.ThemeIcon('output'),
      tooltip: vscode.l10n.t('Open Log'),
    };
    const cancel: vscode.QuickInputButton = {
      iconPath: new vscode.ThemeIcon('debug-stop'),
      tooltip: vscode.l10n.t('Cancel Run'),
    };
    picker.matchOnDescription = true;
    picker.keepScrollPosition = true;
    const update = (): void => {
      const [active] = picker.activeItems;
      picker.items = running.current.map((placed) => itemOf(placed, openLog, cancel));
      picker.placeholder =
        picker.items.length === 0 ? vscode.l10n.t('No run is going on') : vscode.l10n.t('Run to open');
      // What the person is about to pick stays.
      picker.activeItems = picker.items.filter(({ target }) => target.runId === active?.target.runId);
    };
    update();
    const subscription = running.onDidChange(update);
    const target = await new Promise<RunTarget | undefined>((resolve) => {
      picker.onDidAccept(() => resolve(picker.selectedItems[0]?.target));
      picker.onDidHide(() => resolve(undefined));
      picker.onDidTriggerItemButton(({ button, item }) => {
        const command = button === openLog ? commandIds.openLog : commandIds.cancelRun;
        void vscode.commands.executeCommand(command, item.target);
        resolve(undefined);
      });
      picker.show();
    });
    subscription.dispose();
    picker.dispose();
    if (target !== undefined) {
      await vscode.commands.executeCommand(commandIds.openRun, target);
    }
  },
};

function itemOf(
  { workspaceFolder, run }: PlacedRun,
  openLog: vscode.QuickInputButton,
  cancel: vscode.QuickInputButton,
): RunningItem {
  const look = statusLook(run.status);
  const since = formatMoment(run.startTime ?? run.createdTime, Date.now() / 1000, dateLocale(vscode.env.language));
  return {
    target: { workspaceFolder, runId: run.id },
    label: plainLabel(runLabel(run)),
    iconPath: look.icon,
    description: vscode.l10n.t('{0} · {1} since {2}', plainLabel(run.experiment), look.label, since),
    buttons: canCancel(run) ? [openLog, cancel] : [openLog],
  };
}
