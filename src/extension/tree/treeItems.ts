import * as vscode from 'vscode';
import type { RunFailure, RunSummary } from '../../core/domain/run.ts';
import { isTerminal } from '../../core/domain/runStatus.ts';
import { commandIds } from '../ids.ts';
import {
  dateLocale,
  escapeMarkdown,
  firstLine,
  formatAge,
  formatDuration,
  formatFullDate,
  formatMoment,
} from '../text/format.ts';
import { groupIcon, groupText } from './groupLook.ts';
import {
  type ExperimentNode,
  isArchived,
  type RunGroupNode,
  type RunNode,
  rowTokensOf,
  runLabel,
  type TreeNode,
  type WorkspaceNode,
} from './nodes.ts';
import { statusLook } from './statusLook.ts';

const longestReason = 80;
const longestTooltipReason = 400;

/** Draws a row. `now` is in Unix seconds; the tooltip is left to {@link tooltipOf}, which is asked for on hover. */
export function treeItemOf(node: TreeNode, now: number): vscode.TreeItem {
  const item = itemOf(node, now);
  item.id = node.id;
  item.contextValue = rowTokensOf(node).join(' ') || node.kind;
  return item;
}

function itemOf(node: TreeNode, now: number): vscode.TreeItem {
  switch (node.kind) {
    case 'workspace':
      return workspaceItem(node);
    case 'experiment':
      return experimentItem(node);
    case 'run':
      return runItem(node, now);
    case 'runGroup':
      return groupItem(node);
    case 'loadMore': {
      const item = new vscode.TreeItem(vscode.l10n.t('Load more'));
      item.iconPath = new vscode.ThemeIcon('ellipsis');
      item.command = { command: commandIds.loadMoreRuns, title: vscode.l10n.t('Load more'), arguments: [node] };
      return item;
    }
    case 'noMatches': {
      const item = new vscode.TreeItem(vscode.l10n.t('No runs match'));
      item.description = vscode.l10n.t('Clear Filter');
      item.iconPath = new vscode.ThemeIcon('clear-all');
      item.command = { command: commandIds.clearRunFilter, title: vscode.l10n.t('Clear Filter') };
      item.accessibilityInformation = { label: vscode.l10n.t('No runs match. Clear Filter') };
      return item;
    }
    case 'hiddenExperiments': {
      const label =
        node.count === 1
          ? vscode.l10n.t('1 archived experiment')
          : vscode.l10n.t('{0} archived experiments', node.count);
      const item = new vscode.TreeItem(label);
      item.description = vscode.l10n.t('hidden');
      item.accessibilityInformation = { label: vscode.l10n.t('{0}, hidden', label) };
      item.iconPath = new vscode.ThemeIcon('archive');
      const title = vscode.l10n.t('Show Archived Experiments');
      item.command = { command: commandIds.showArchivedExperiments, title };
      item.tooltip = title;
      return item;
    }
    case 'otherWorkspaces': {
      const item = new vscode.TreeItem(vscode.l10n.t('Other workspaces'), vscode.TreeItemCollapsibleState.Collapsed);
      item.iconPath = new vscode.ThemeIcon('library');
      return item;
    }
    case 'problem': {
      const reason = firstLine(node.message, longestReason);
      const item = new vscode.TreeItem(node.subject ?? reason);
      if (node.subject !== undefined) {
        item.description = reason;
      }
      item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('charts.yellow'));
      item.tooltip = node.message;
      item.command = { command: commandIds.showProblem, title: vscode.l10n.t('Show Problem'), arguments: [node] };
      return item;
    }
  }
}

function workspaceItem(node: WorkspaceNode): vscode.TreeItem {
  const isOther = node.parent !== undefined;
  const item = new vscode.TreeItem(
    node.info.name,
    isOther ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded,
  );
  item.iconPath = new vscode.ThemeIcon(isOther ? 'folder' : 'folder-opened');
  if (node.activeRunCount > 0) {
    item.description = vscode.l10n.t('{0} running', node.activeRunCount);
  }
  item.tooltip = node.info.folder;
  // Without a label of its own, the row would be read out as its tooltip.
  item.accessibilityInformation = { label: [node.info.name, item.description].filter(Boolean).join(', ') };
  return item;
}

function experimentItem(node: ExperimentNode): vscode.TreeItem {
  const item = new vscode.TreeItem(
    node.summary.name,
    node.isDrawnExpanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.iconPath = new vscode.ThemeIcon(isArchived(node) ? 'archive' : 'beaker');
  const runs = runCountText(node);
  item.description = isArchived(node) ? vscode.l10n.t('archived · {0}', runs) : runs;
  item.accessibilityInformation = { label: `${node.summary.name}, ${item.description}` };
  return item;
}

function runCountText({ summary, matchCount, isFiltered }: ExperimentNode): string {
  const count = summary.runCount;
  if (isFiltered === true && matchCount !== undefined) {
    // Runs that have just come may be among the matches already.
    return vscode.l10n.t('{0} of {1}', formatCount(matchCount), formatCount(Math.max(matchCount, count)));
  }
  return count === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', formatCount(count));
}

function groupItem({ label, matchCount = 0 }: RunGroupNode): vscode.TreeItem {
  const item = new vscode.TreeItem(groupText(label), vscode.TreeItemCollapsibleState.Collapsed);
  item.iconPath = groupIcon(label);
  item.description = matchCount === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', formatCount(matchCount));
  return item;
}

function runItem(node: RunNode, now: number): vscode.TreeItem {
  const { entry } = node;
  if (entry.kind === 'unreadable') {
    // Its id is long, and would leave no room for what is wrong.
    const item = new vscode.TreeItem(vscode.l10n.t('Unreadable run'));
    item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('charts.yellow'));
    item.description = firstLine(entry.problem, longestReason);
    item.tooltip = vscode.l10n.t('{0}: {1}', entry.id, entry.problem);
    item.accessibilityInformation = { label: vscode.l10n.t('{0}, cannot be read: {1}', entry.id, entry.problem) };
    item.command = { command: commandIds.showProblem, title: vscode.l10n.t('Show Problem'), arguments: [node] };
    return item;
  }
  const item = new vscode.TreeItem(
    runLabel(entry),
    entry.hasChildren ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  const status = statusLook(entry.status);
  item.iconPath = status.icon;
  const told = describeRun(entry, now);
  const isOrphan = entry.parentId !== undefined && node.parent.kind === 'experiment';
  const description = isOrphan ? vscode.l10n.t('child run · {0}', told) : told;
  const isTold = entry.status === 'Running' || isTerminal(entry.status);
  const shown = isTold ? description : vscode.l10n.t('{0} · {1}', status.label, description);
  item.description = entry.isStarred ? vscode.l10n.t('★ {0}', shown) : shown;
  const spoken = vscode.l10n.t('{0}, {1}, {2}', runLabel(entry), status.label, description);
  item.accessibilityInformation = { label: entry.isStarred ? vscode.l10n.t('{0}, starred', spoken) : spoken };
  item.command = { command: commandIds.openRun, title: vscode.l10n.t('Open Run'), arguments: [node] };
  return item;
}

/**
 * What stands behind a run's name and its status. Of a run that goes on it says since when, not for how long: that would
 * be wrong as soon as it was drawn, since rows are only drawn again when something happens.
 */
function describeRun(run: RunSummary, now: number): string {
  if (run.waitReason !== undefined) {
    return firstLine(run.waitReason, longestReason);
  }
  if (!isTerminal(run.status)) {
    const since = formatMoment(run.startTime ?? run.createdTime, now, dateLocale(vscode.env.language));
    return vscode.l10n.t('since {0}', since);
  }
  if (run.status === 'Failed' && run.failure !== undefined) {
    return firstLine(failureText(run.failure), longestReason);
  }
  const age = formatAge(now - run.createdTime);
  const duration = durationOf(run);
  return duration === undefined ? age : vscode.l10n.t('{0} · {1}', age, duration);
}

/** With the exception's class, as Python writes it: without it, the message of a `KeyError` is only the key. */
function failureText({ type, message }: RunFailure): string {
  return type === undefined ? message : [type, message].filter(Boolean).join(': ');
}

function durationOf(run: RunSummary): string | undefined {
  return run.startTime === undefined || run.endTime === undefined
    ? undefined
    : formatDuration(run.endTime - run.startTime);
}

/** The tooltip of a run's row. Everything that comes from the run is escaped. */
export function tooltipOf(node: TreeNode): vscode.MarkdownString | undefined {
  if (node.kind !== 'run' || node.entry.kind === 'unreadable') {
    return undefined;
  }
  const run = node.entry;
  const facts: [string, string | undefined][] = [
    [vscode.l10n.t('Status'), statusLook(run.status).label],
    [vscode.l10n.t('Experiment'), vscode.l10n.t('{0}, run {1}', run.experiment, run.number)],
    [vscode.l10n.t('Created'), formatFullDate(run.createdTime, dateLocale(vscode.env.language))],
    [
      vscode.l10n.t('Started'),
      run.startTime === undefined ? undefined : formatFullDate(run.startTime, dateLocale(vscode.env.language)),
    ],
    [vscode.l10n.t('Duration'), durationOf(run)],
    [vscode.l10n.t('Exit code'), run.exitCode === undefined ? undefined : String(run.exitCode)],
    [vscode.l10n.t('Script'), run.script],
    [vscode.l10n.t('Compute target'), run.target],
    [vscode.l10n.t('Id'), run.id],
    [vscode.l10n.t('Child of'), run.parentId],
    [
      vscode.l10n.t('Reason'),
      run.failure === undefined ? run.waitReason : firstLine(failureText(run.failure), longestTooltipReason),
    ],
  ];
  const lines = facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${escapeMarkdown(value)}`]));
  const text = new vscode.MarkdownString(`**${escapeMarkdown(runLabel(run))}**\n\n${lines.join('  \n')}`);
  text.supportHtml = false;
  text.isTrusted = false;
  return text;
}

function formatCount(count: number): string {
  return new Intl.NumberFormat(vscode.env.language).format(count);
}
