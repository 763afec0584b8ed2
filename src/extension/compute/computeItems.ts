import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import { escapeMarkdown, firstLine } from '../text/format.ts';
import {
  type ComputeTargetNode,
  type ComputeTreeNode,
  computeTokensOf,
  type FindingNode,
  type Health,
  isAnotherName,
} from './computeNodes.ts';

const longestText = 120;

/** Draws a row; of a target with how it fares. */
export function computeItemOf(node: ComputeTreeNode, healthOf: (target: ComputeTargetNode) => Health): vscode.TreeItem {
  const item = itemOf(node, healthOf);
  item.id = node.id;
  item.contextValue = computeTokensOf(node).join(' ') || node.kind;
  return item;
}

function itemOf(node: ComputeTreeNode, healthOf: (target: ComputeTargetNode) => Health): vscode.TreeItem {
  switch (node.kind) {
    case 'computeWorkspace': {
      const item = new vscode.TreeItem(node.info.name, vscode.TreeItemCollapsibleState.Expanded);
      item.iconPath = new vscode.ThemeIcon('folder-opened');
      item.tooltip = node.info.folder;
      item.accessibilityInformation = { label: node.info.name };
      return item;
    }
    case 'computeTarget':
      return targetItem(node, healthOf(node));
    case 'computeFinding':
      return findingItem(node);
    case 'computeProblem': {
      const item = new vscode.TreeItem(firstLine(node.message, longestText));
      item.iconPath = warningIcon();
      item.tooltip = node.message;
      return item;
    }
  }
}

function targetItem(node: ComputeTargetNode, health: Health): vscode.TreeItem {
  const { definition } = node;
  const isAlias = isAnotherName(definition);
  const item = new vscode.TreeItem(
    definition.name,
    isAlias ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Collapsed,
  );
  // The row has no room for the folder.
  const problem = definition.problem?.replace(`${definition.path}, `, '');
  const about = problem ?? definition.description;
  const kind = isAlias ? vscode.l10n.t('this machine') : definition.type;
  const parts = [
    kind === definition.name ? undefined : kind,
    stateText(health),
    about && firstLine(about, longestText),
  ];
  item.description = parts.filter((part) => part !== undefined && part !== '').join(' · ');
  item.iconPath = definition.problem === undefined ? targetIcon(definition.type, health) : warningIcon();
  item.tooltip = targetTooltip(node, health);
  item.accessibilityInformation = { label: [definition.name, item.description].filter(Boolean).join(', ') };
  if (definition.path !== undefined) {
    item.command = { command: commandIds.openComputeTarget, title: vscode.l10n.t('Open File'), arguments: [node] };
  }
  return item;
}

function stateText({ state }: Health): string | undefined {
  switch (state) {
    case 'unknown':
      return undefined;
    case 'checking':
      return vscode.l10n.t('checking…');
    case 'good':
      return vscode.l10n.t('ready');
    case 'missing':
      return vscode.l10n.t('not ready');
  }
}

function targetIcon(type: string, { state }: Health): vscode.ThemeIcon {
  if (state === 'checking') {
    return new vscode.ThemeIcon('loading~spin');
  }
  const icon = icons.get(type) ?? 'vm';
  return state === 'unknown'
    ? new vscode.ThemeIcon(icon)
    : new vscode.ThemeIcon(icon, new vscode.ThemeColor(state === 'good' ? 'testing.iconPassed' : 'testing.iconFailed'));
}

const icons: ReadonlyMap<string, string> = new Map([
  ['local', 'device-desktop'],
  ['docker', 'package'],
  ['ssh', 'remote'],
  ['slurm', 'server-environment'],
]);

function targetTooltip({ definition }: ComputeTargetNode, health: Health): vscode.MarkdownString {
  const lines = [
    definition.path === undefined ? undefined : escapeMarkdown(definition.path),
    definition.problem === undefined ? undefined : escapeMarkdown(definition.problem),
    isAnotherName(definition)
      ? vscode.l10n.t('A script made this name with ComputeTarget.create. Its runs are carried out on this machine.')
      : undefined,
    'findings' in health
      ? undefined
      : isAnotherName(definition)
        ? undefined
        : vscode.l10n.t('Unfold it to see whether runs can run there.'),
  ];
  const text = new vscode.MarkdownString(
    [`**${escapeMarkdown(definition.name)}**`, ...lines.filter((line) => line !== undefined)].join('\n\n'),
  );
  text.supportHtml = false;
  text.isTrusted = false;
  return text;
}

function findingItem({ finding }: FindingNode): vscode.TreeItem {
  const { subject, isGood, message, advice } = finding;
  const item = new vscode.TreeItem(subject);
  item.description = firstLine(message, longestText);
  item.iconPath = isGood
    ? new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'))
    : new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  item.tooltip = advice === undefined ? message : `${message}\n\n${advice}`;
  const state = isGood ? vscode.l10n.t('there') : vscode.l10n.t('missing');
  item.accessibilityInformation = { label: [subject, state, message, advice].filter(Boolean).join(', ') };
  return item;
}

function warningIcon(): vscode.ThemeIcon {
  return new vscode.ThemeIcon('warning', new vscode.ThemeColor('charts.yellow'));
}
