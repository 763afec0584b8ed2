import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import { escapeMarkdown } from '../text/format.ts';
import { runLabel } from '../tree/nodes.ts';
import type { PlacedRun, RunningRuns } from './runningRuns.ts';

/** Runs that the tooltip names. */
const mostNamed = 10;

/** How many runs go on, in the status bar; nothing while there is none. */
export class RunningStatusItem implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly running: RunningRuns;
  private readonly subscription: { dispose(): void };

  constructor(running: RunningRuns) {
    this.running = running;
    this.item = vscode.window.createStatusBarItem('runledger.running', vscode.StatusBarAlignment.Left);
    this.item.name = vscode.l10n.t('Running runs');
    this.item.command = commandIds.showRunningRuns;
    this.subscription = running.onDidChange(() => this.update());
  }

  dispose(): void {
    this.subscription.dispose();
    this.item.dispose();
  }

  private update(): void {
    const runs = this.running.current;
    if (runs.length === 0) {
      this.item.hide();
      return;
    }
    const text = runs.length === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', runs.length);
    this.item.text = `$(loading~spin) ${text}`;
    this.item.tooltip = tooltipOf(runs);
    this.item.accessibilityInformation = { label: goingOnText(runs.length) };
    this.item.show();
  }
}

/** In a sentence: `2 runs are going on`. */
export function goingOnText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 run is going on') : vscode.l10n.t('{0} runs are going on', count);
}

function tooltipOf(runs: readonly PlacedRun[]): vscode.MarkdownString {
  const lines = runs.slice(0, mostNamed).map(({ run }) => escapeMarkdown(`${run.experiment}, ${runLabel(run)}`));
  const rest = runs.length - lines.length;
  if (rest > 0) {
    lines.push(vscode.l10n.t('and {0} more', rest));
  }
  return new vscode.MarkdownString(`${goingOnText(runs.length)}\n\n${lines.join('  \n')}`);
}
