import * as vscode from 'vscode';
import { findInterpreter } from '../../core/interpreters/interpreters.ts';
import { interpreterCandidates, knownInterpreters } from './pythonExtension.ts';

interface InterpreterItem extends vscode.QuickPickItem {
  readonly path?: string;
}

/**
 * Asks for an interpreter: the one that scripts are submitted with, the others that the Python extension knows, that of the
 * path, or any file. Undefined where the person gave up.
 */
export async function pickInterpreter(title: string, log: vscode.LogOutputChannel): Promise<string | undefined> {
  const resource = vscode.window.activeTextEditor?.document.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = resource === undefined ? [] : await interpreterCandidates(resource, log);
  const items: InterpreterItem[] = [];
  const add = (path: string, description: string): void => {
    if (!items.some((item) => item.path === path)) {
      items.push({ label: path, description, path });
    }
  };
  for (const path of chosen) {
    add(path, vscode.l10n.t('used for submitting'));
  }
  const onPath = await findInterpreter([]).catch(() => undefined);
  if (onPath !== undefined) {
    add(onPath.path, vscode.l10n.t('Python {0}, on the path', onPath.version));
  }
  for (const path of await knownInterpreters(log)) {
    add(path, '');
  }
  items.push({ label: `$(folder-opened) ${vscode.l10n.t('Choose a file…')}`, alwaysShow: true });
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  return picked === undefined ? undefined : (picked.path ?? (await chooseFile(title)));
}

async function chooseFile(title: string): Promise<string | undefined> {
  const files = await vscode.window.showOpenDialog({ title, openLabel: vscode.l10n.t('Use this interpreter') });
  return files?.[0]?.fsPath;
}
