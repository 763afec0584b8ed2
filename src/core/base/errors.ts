/** Why an operation was refused or failed. Callers branch on this, never on the message. */
export type ErrorReason =
  | 'invalid-name'
  | 'invalid-argument'
  | 'not-found'
  | 'already-exists'
  | 'not-a-store'
  | 'newer-format'
  | 'unreadable'
  | 'not-writable'
  | 'disk-full'
  | 'script-not-found'
  | 'script-syntax'
  | 'interpreter-not-found'
  | 'interpreter-too-old'
  | 'invalid-run-configuration'
  | 'unsupported-target'
  | 'snapshot-too-large'
  | 'environment-failed'
  | 'supervisor-failed'
  | 'host-unreachable'
  | 'invalid-state'
  | 'zip-too-large'
  | 'canceled';

/**
 * An error that a person can act on: the message says what happened and where, `advice` what to do next.
 * Everything that core refuses is one of these; any other error is a defect.
 */
export class RunledgerError extends Error {
  override readonly name = 'RunledgerError';
  readonly reason: ErrorReason;
  readonly advice: string | undefined;

  constructor(reason: ErrorReason, message: string, options: { advice?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.advice = options.advice;
  }

  static is(error: unknown, reason?: ErrorReason): error is RunledgerError {
    return error instanceof RunledgerError && (reason === undefined || error.reason === reason);
  }

  /** The whole text for a person: message and advice. */
  get fullMessage(): string {
    return this.advice === undefined ? this.message : `${this.message} ${this.advice}`;
  }
}

/** The `code` of a Node system error (`ENOENT`), or undefined. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function isNotFound(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Turns a file system error into one that a person can act on. `action` completes "Cannot …", as in "create the run". */
export function fileError(error: unknown, action: string, path: string): RunledgerError {
  if (error instanceof RunledgerError) {
    return error;
  }
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new RunledgerError('disk-full', `Cannot ${action}: no space is left for ${path}.`, {
      advice: 'Free some space, then try again. Nothing that was stored before is affected.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new RunledgerError('not-writable', `Cannot ${action}: ${path} cannot be written.`, {
      advice: 'Check the permissions of the folder, or choose another one.',
      cause: error,
    });
  }
  if (isNotFound(error)) {
    return new RunledgerError('not-found', `Cannot ${action}: ${path} does not exist.`, { cause: error });
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new RunledgerError('unreadable', `Cannot ${action} (${path}): ${detail}`, { cause: error });
}
