import * as vscode from 'vscode';
import { CoalescedTask } from '../../core/base/coalesce.ts';
import { type SnapshotMatch, searchSnapshot } from '../../core/snapshots/snapshotSearch.ts';
import { commandIds } from '../ids.ts';
import { plainLabel } from '../text/format.ts';
import { isSubmitted } from '../tree/nodes.ts';
import type { Command } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import { type RunTarget, resolveRunTarget } from './runTarget.ts';

/** Lines that are listed; a longer text finds fewer. */
const mostMatches = 300;
const searchIntervalMs = 200;
const longestLine = 200;

interface MatchItem extends vscode.QuickPickItem {
  readonly match: SnapshotMatch;
}

/** Looks for a text in the code that a run ran, as it is typed, and opens the line that is chosen. */
export const searchSnapshotCommand: Command = {
  id: commandIds.searchSnapshot,
  async run(services, argument) {
    const target = await resolveRunTarget(services, argument, {
      placeHolder: vscode.l10n.t('Run whose code to search'),
      accepts: isSubmitted,
    });
    if (target === undefined) {
      return;
    }
    const match = await pickMatch(services, target);
    if (match !== undefined) {
      await vscode.commands.executeCommand('vscode.open', services.runFiles.snapshotUri(target, match.path), {
        selection: new vscode.Range(match.line, match.column, match.line, match.column),
      });
    }
  },
};

async function pickMatch({ runFiles, log }: CommandServices, target: RunTarget): Promise<SnapshotMatch | undefined> {
  const snapshot = await runFiles.snapshotOf(target);
  const picker = vscode.window.createQuickPick<MatchItem>();
  picker.placeholder = vscode.l10n.t('Text to look for in the code that ran');
  let search = new AbortController();
  const searching = new CoalescedTask(
    async () => {
      const { signal } = search;
      const found: SnapshotMatch[] = [];
      const options = { signal, limit: mostMatches };
      for await (const match of searchSnapshot(runFiles.snapshots, snapshot, picker.value, options)) {
        found.push(match);
      }
      if (!signal.aborted) {
        picker.items = found.map(itemOf);
        picker.busy = false;
        picker.title =
          found.length < mostMatches
            ? undefined
            : vscode.l10n.t('The first {0} lines; a longer text finds fewer', mostMatches);
      }
    },
    searchIntervalMs,
    (error) => {
      picker.busy = false;
      picker.title = error instanceof Error ? error.message : String(error);
      log.warn(picker.title);
    },
  );
  return new Promise((resolve) => {
    picker.onDidChangeValue((value) => {
      search.abort();
      search = new AbortController();
      picker.busy = value !== '';
      searching.schedule();
    });
    picker.onDidAccept(() => {
      resolve(picker.activeItems[0]?.match);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      search.abort();
      searching.dispose();
      picker.dispose();
    });
    picker.show();
  });
}

/** The line first; it stays in its place, whatever of it VS Code would find better. */
function itemOf(match: SnapshotMatch): MatchItem {
  const text = match.text.trim();
  return {
    match,
    label: plainLabel(text.length > longestLine ? `${text.slice(0, longestLine)}…` : text),
    description: `${match.path}:${match.line + 1}`,
    alwaysShow: true,
  };
}
