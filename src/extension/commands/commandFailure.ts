/** A button of an error message: the next step that the message speaks of. */
export interface FailureAction {
  readonly title: string;
  readonly run: () => PromiseLike<unknown>;
}

/** An error together with what a person can do about it from here. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  override readonly cause: Error;
  readonly actions: readonly FailureAction[];

  constructor(cause: Error, actions: readonly FailureAction[]) {
    super(cause.message, { cause });
    this.cause = cause;
    this.actions = actions;
  }
}
