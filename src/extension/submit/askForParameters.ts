import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { type Parameters, parameterLine, parametersOf } from './parameterLine.ts';

/**
 * Asks for the values of a pipeline's parameters, as one line of `name=value`, beginning with the defaults.
 *
 * @returns those that differ from the defaults; undefined where the person gave up
 */
export async function askForParameters(
  title: string,
  defaults: Parameters,
): Promise<Readonly<Record<string, string>> | undefined> {
  const answer = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Parameters, as name=value, quoted as in a shell'),
    value: parameterLine(defaults),
    ignoreFocusOut: true,
    validateInput: (line) => {
      try {
        parametersOf(line, defaults);
        return undefined;
      } catch (error) {
        return RunledgerError.is(error) ? error.fullMessage : String(error);
      }
    },
  });
  return answer === undefined ? undefined : parametersOf(answer, defaults);
}
