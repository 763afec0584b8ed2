import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { splitArguments } from './splitArguments.ts';

/** Asks for a script's arguments, as one line. Undefined where the person gave up. */
export async function askForArguments(title: string, line: string): Promise<readonly string[] | undefined> {
  const answer = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Arguments, quoted as in a shell'),
    placeHolder: '--epochs 10 --name "two words"',
    value: line,
    ignoreFocusOut: true,
    validateInput: (text) => {
      try {
        splitArguments(text);
        return undefined;
      } catch (error) {
        return RunledgerError.is(error) ? error.fullMessage : String(error);
      }
    },
  });
  return answer === undefined ? undefined : splitArguments(answer);
}
