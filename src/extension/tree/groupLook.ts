import * as vscode from 'vscode';
import { dateLocale } from '../text/format.ts';
import type { Grouping, GroupLabel } from './arrangement.ts';
import { statusLook } from './statusLook.ts';

/** What a heading over runs says. */
export function groupText(label: GroupLabel): string {
  switch (label.kind) {
    case 'status': {
      const text = statusLook(label.status).label;
      return text.charAt(0).toLocaleUpperCase(vscode.env.language) + text.slice(1);
    }
    case 'day':
      if (label.daysAgo === 0) {
        return vscode.l10n.t('Today');
      }
      return label.daysAgo === 1
        ? vscode.l10n.t('Yesterday')
        : new Intl.DateTimeFormat(dateLocale(vscode.env.language), {
            weekday: 'long',
            day: 'numeric',
            month: 'short',
          }).format(new Date(label.time * 1000));
    case 'older':
      return vscode.l10n.t('Older');
    case 'tagValue':
      return label.value === '' ? vscode.l10n.t('{0} is empty', label.name) : label.value;
    case 'tagElse':
      return vscode.l10n.t('{0} without a value', label.name);
    case 'noTag':
      return vscode.l10n.t('No {0}', label.name);
  }
}

/** In a sentence, behind "by": `status`. */
export function groupingText(grouping: Grouping): string {
  switch (grouping.by) {
    case 'status':
      return vscode.l10n.t('status');
    case 'day':
      return vscode.l10n.t('day');
    case 'tag':
      return vscode.l10n.t('tag {0}', grouping.name);
  }
}

export function groupIcon(label: GroupLabel): vscode.ThemeIcon {
  switch (label.kind) {
    case 'status':
      return statusLook(label.status).icon;
    case 'day':
    case 'older':
      return new vscode.ThemeIcon('calendar');
    case 'tagValue':
    case 'tagElse':
    case 'noTag':
      return new vscode.ThemeIcon('tag');
  }
}
