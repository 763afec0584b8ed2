import * as vscode from 'vscode';
import type { ModelVersion } from '../../core/domain/model.ts';
import { commandIds } from '../ids.ts';
import { dateLocale, escapeMarkdown, firstLine, formatAge, formatFullDate } from '../text/format.ts';
import { type ModelNode, type ModelTreeNode, type ModelVersionNode, modelTokensOf } from './modelNodes.ts';

const longestText = 80;
const longestTooltipText = 400;

/** Draws a row. `now` is in Unix seconds; the tooltip is left to {@link modelTooltipOf}, which is asked for on hover. */
export function modelItemOf(node: ModelTreeNode, now: number): vscode.TreeItem {
  const item = itemOf(node, now);
  item.id = node.id;
  item.contextValue = modelTokensOf(node).join(' ') || node.kind;
  return item;
}

function itemOf(node: ModelTreeNode, now: number): vscode.TreeItem {
  switch (node.kind) {
    case 'modelWorkspace': {
      const item = new vscode.TreeItem(node.info.name, vscode.TreeItemCollapsibleState.Expanded);
      item.iconPath = new vscode.ThemeIcon('folder-opened');
      item.tooltip = node.info.folder;
      // Without a label of its own, the row would be read out as its tooltip.
      item.accessibilityInformation = { label: node.info.name };
      return item;
    }
    case 'model':
      return modelItem(node);
    case 'modelVersion':
      return versionItem(node, now);
    case 'modelProblem': {
      const item = new vscode.TreeItem(firstLine(node.message, longestText));
      item.iconPath = warningIcon();
      item.tooltip = node.message;
      item.command = showProblem(node);
      return item;
    }
  }
}

function modelItem(node: ModelNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.Collapsed);
  const count = node.children.length;
  item.iconPath = new vscode.ThemeIcon('package');
  item.description = count === 1 ? vscode.l10n.t('1 version') : vscode.l10n.t('{0} versions', count);
  item.accessibilityInformation = { label: `${node.name}, ${item.description}` };
  return item;
}

function versionItem(node: ModelVersionNode, now: number): vscode.TreeItem {
  const { entry } = node;
  const label = vscode.l10n.t('version {0}', entry.version);
  const item = new vscode.TreeItem(label);
  if (entry.kind === 'unreadable') {
    item.iconPath = warningIcon();
    item.description = firstLine(entry.problem, longestText);
    item.tooltip = entry.problem;
    item.accessibilityInformation = { label: vscode.l10n.t('{0}, cannot be read: {1}', label, entry.problem) };
    item.command = showProblem(node);
    return item;
  }
  item.iconPath = new vscode.ThemeIcon('versions');
  item.command = { command: commandIds.openModel, title: vscode.l10n.t('Open Model'), arguments: [node] };
  const age = formatAge(now - entry.createdTime);
  const tags = firstLine(tagsText(entry), longestText);
  item.description = tags === '' ? age : vscode.l10n.t('{0} · {1}', tags, age);
  item.accessibilityInformation = { label: `${label}, ${item.description}` };
  return item;
}

function tagsText({ tags }: ModelVersion): string {
  return Object.entries(tags)
    .map(([name, value]) => (value === null || value === '' ? name : `${name}=${value}`))
    .join(', ');
}

/** The tooltip of a version's row. Everything that comes from the model is escaped. */
export function modelTooltipOf(node: ModelTreeNode): vscode.MarkdownString | undefined {
  if (node.kind !== 'modelVersion' || node.entry.kind === 'unreadable') {
    return undefined;
  }
  const model = node.entry;
  const framework = [model.framework, model.frameworkVersion].filter((part) => part !== undefined).join(' ');
  const properties = Object.entries(model.properties).map(([name, value]) => `${name}=${value}`);
  const facts: [string, string | undefined][] = [
    [vscode.l10n.t('Description'), model.description],
    [vscode.l10n.t('Registered'), formatFullDate(model.createdTime, dateLocale(vscode.env.language))],
    [vscode.l10n.t('By'), model.user],
    [vscode.l10n.t('Experiment'), model.experiment],
    [vscode.l10n.t('Run'), model.runId],
    [vscode.l10n.t('From'), model.path],
    [vscode.l10n.t('Framework'), framework || undefined],
    [vscode.l10n.t('Tags'), tagsText(model) || undefined],
    [vscode.l10n.t('Properties'), properties.join(', ') || undefined],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${escapeMarkdown(firstLine(value, longestTooltipText))}`],
  );
  const text = new vscode.MarkdownString(`**${escapeMarkdown(model.id)}**\n\n${lines.join('  \n')}`);
  text.supportHtml = false;
  text.isTrusted = false;
  return text;
}

function showProblem(node: ModelTreeNode): vscode.Command {
  return { command: commandIds.showProblem, title: vscode.l10n.t('Show Problem'), arguments: [node] };
}

function warningIcon(): vscode.ThemeIcon {
  return new vscode.ThemeIcon('warning', new vscode.ThemeColor('charts.yellow'));
}
