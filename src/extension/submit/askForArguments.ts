import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { findScriptArguments, type ScriptArgument } from '../../core/python-source/scriptArguments.ts';
import { plainLabel } from '../text/format.ts';
import { argumentSuggestions } from './argumentSuggestions.ts';
import { splitArguments } from './splitArguments.ts';

/** They go with a submission, or into a file. */
type Purpose = 'submit' | 'keep';

/**
 * Asks for a script's arguments, as one line; those that the script takes are offered. Undefined where the person gave up.
 *
 * @param scriptPath the script, where it is known
 */
export async function askForArguments(
  title: string,
  line: string,
  scriptPath?: string,
  purpose: Purpose = 'submit',
): Promise<readonly string[] | undefined> {
  const known = scriptPath === undefined ? [] : await argumentsOf(scriptPath);
  return known.length === 0 ? await askForLine(title, line) : await pickArguments(title, line, known, purpose);
}

/** What cannot be read is told when the script is submitted. */
async function argumentsOf(scriptPath: string): Promise<readonly ScriptArgument[]> {
  return findScriptArguments(await readFile(scriptPath, 'utf8').catch(() => ''));
}

async function askForLine(title: string, line: string): Promise<readonly string[] | undefined> {
  const answer = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Arguments, quoted as in a shell'),
    placeHolder: '--epochs 10 --name "two words"',
    value: line,
    ignoreFocusOut: true,
    validateInput: problemOf,
  });
  return answer === undefined ? undefined : splitArguments(answer);
}

interface ArgumentItem extends vscode.QuickPickItem {
  /** What the line becomes; undefined for the row that takes it as it is. */
  readonly line: string | undefined;
}

function pickArguments(
  title: string,
  line: string,
  known: readonly ScriptArgument[],
  purpose: Purpose,
): Promise<readonly string[] | undefined> {
  const picker = vscode.window.createQuickPick<ArgumentItem>();
  picker.title = title;
  picker.placeholder = '--epochs 10 --name "two words"';
  picker.ignoreFocusOut = true;
  picker.value = line;
  const show = (): void => {
    const items = itemsOf(picker.value, known, purpose);
    picker.items = items;
    // Enter takes the line as it stands.
    picker.activeItems = items.slice(0, 1);
  };
  return new Promise((resolve) => {
    picker.onDidChangeValue(show);
    picker.onDidAccept(() => {
      const next = picker.activeItems[0]?.line;
      if (next !== undefined) {
        picker.value = next;
        show();
      } else if (problemOf(picker.value) === undefined) {
        resolve(splitArguments(picker.value));
        picker.hide();
      }
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    show();
    picker.show();
  });
}

function acceptLabel(line: string, purpose: Purpose): string {
  if (purpose === 'keep') {
    return line.trim() === '' ? vscode.l10n.t('Without arguments') : vscode.l10n.t('With these arguments');
  }
  return line.trim() === '' ? vscode.l10n.t('Submit without arguments') : vscode.l10n.t('Submit');
}

function itemsOf(line: string, known: readonly ScriptArgument[], purpose: Purpose): ArgumentItem[] {
  const problem = problemOf(line);
  const icon = purpose === 'keep' ? 'check' : 'play';
  const accept: ArgumentItem = {
    label: acceptLabel(line, purpose),
    description: problem ?? vscode.l10n.t('Arguments, quoted as in a shell'),
    iconPath: new vscode.ThemeIcon(problem === undefined ? icon : 'error'),
    alwaysShow: true,
    line: undefined,
  };
  const suggestions = argumentSuggestions(line, known).map(
    ({ label, description, help, line: next }): ArgumentItem => ({
      label: plainLabel(label),
      description: plainLabel(description),
      ...(help === undefined ? {} : { detail: plainLabel(help) }),
      alwaysShow: true,
      line: next,
    }),
  );
  const heading = { label: vscode.l10n.t('go on with'), kind: vscode.QuickPickItemKind.Separator, line: undefined };
  return suggestions.length === 0 ? [accept] : [accept, heading, ...suggestions];
}

function problemOf(line: string): string | undefined {
  try {
    splitArguments(line);
    return undefined;
  } catch (error) {
    return RunledgerError.is(error) ? error.fullMessage : String(error);
  }
}
