import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { ScriptSyntaxError } from '../../core/interpreters/scriptSyntaxError.ts';
import { type CommandId, commandIds } from '../ids.ts';
import { selectInterpreter } from '../submit/pythonExtension.ts';
import { plainMessage } from '../text/format.ts';
import { CommandFailure, type FailureAction } from './commandFailure.ts';
import type { CommandServices } from './commandServices.ts';

export interface Command {
  readonly id: CommandId;
  /**
   * `argument` is what the caller handed over: a row, a file, options, or nothing; `selection` all selected rows, where a view hands
   * them over with the one that was clicked. They are not trusted to be any of that.
   */
  readonly run: (services: CommandServices, argument: unknown, selection: unknown) => Promise<unknown>;
}

/**
 * Registers a command so that all behave alike: what goes wrong is logged and becomes one message with what to do next, and
 * giving up is not an error.
 */
export function registerCommand(services: CommandServices, command: Command): vscode.Disposable {
  return vscode.commands.registerCommand(command.id, async (argument: unknown, selection: unknown) => {
    services.log.debug(`Command ${command.id}`);
    try {
      return await command.run(services, argument, selection);
    } catch (error) {
      if (!isCancellation(error)) {
        services.log.error(`Command ${command.id} failed.`, error instanceof Error ? error : String(error));
        showFailure(error, services.log);
      }
      return undefined;
    }
  });
}

/** Shows an error without waiting for its message to be dismissed. */
export function showFailure(error: unknown, log: vscode.LogOutputChannel): void {
  const actions = [...actionsOf(error), { title: vscode.l10n.t('Show Log'), run: async () => log.show() }];
  void vscode.window
    .showErrorMessage(plainMessage(textOf(error)), ...actions.map((action) => action.title))
    .then(async (title) => {
      try {
        await actions.find((action) => action.title === title)?.run();
      } catch (failure) {
        log.error(failure instanceof Error ? failure : String(failure));
      }
    });
}

function isCancellation(error: unknown): boolean {
  const cause = error instanceof CommandFailure ? error.cause : error;
  return cause instanceof vscode.CancellationError || RunledgerError.is(cause, 'canceled');
}

function textOf(error: unknown): string {
  const cause = error instanceof CommandFailure ? error.cause : error;
  if (RunledgerError.is(cause)) {
    return cause.fullMessage;
  }
  const detail = cause instanceof Error ? cause.message : String(cause);
  return vscode.l10n.t('Something went wrong in Runledger: {0}', detail);
}

function actionsOf(error: unknown): readonly FailureAction[] {
  if (error instanceof CommandFailure) {
    return [...error.actions, ...actionsOf(error.cause)];
  }
  if (!RunledgerError.is(error)) {
    return [];
  }
  if (error instanceof ScriptSyntaxError) {
    return [{ title: vscode.l10n.t('Go to Line'), run: () => showSyntaxError(error) }];
  }
  switch (error.reason) {
    case 'interpreter-not-found':
    case 'interpreter-too-old':
      return [{ title: vscode.l10n.t('Select Interpreter'), run: selectInterpreter }];
    case 'not-a-store':
      return [
        {
          title: vscode.l10n.t('Create Workspace'),
          run: () => vscode.commands.executeCommand(commandIds.createWorkspace),
        },
      ];
    default:
      return [];
  }
}

async function showSyntaxError({ file, line, column }: ScriptSyntaxError): Promise<void> {
  const place = new vscode.Position((line ?? 1) - 1, (column ?? 1) - 1);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(place, place) });
}
