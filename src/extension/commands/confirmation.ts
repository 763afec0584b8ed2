import * as vscode from 'vscode';

export interface Question {
  readonly message: string;
  readonly detail: string;
  /** The button that goes on. */
  readonly action: string;
  /** The button that closes the dialog, where VS Code's "Cancel" could be taken for the action. */
  readonly refusal?: string;
}

/** Whether the caller's argument says `confirmed: true`, as that of a task or a test does: nobody is asked. */
export function isUnasked(argument: unknown): boolean {
  return typeof argument === 'object' && argument !== null && 'confirmed' in argument && argument.confirmed === true;
}

/** Asks in a dialog, unless the caller wants nobody to be asked. */
export async function isConfirmed(argument: unknown, question: Question): Promise<boolean> {
  if (isUnasked(argument)) {
    return true;
  }
  const { message, detail, action, refusal } = question;
  const buttons: vscode.MessageItem[] = [{ title: action }];
  if (refusal !== undefined) {
    buttons.push({ title: refusal, isCloseAffordance: true });
  }
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, ...buttons);
  return answer?.title === action;
}
