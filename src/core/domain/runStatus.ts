/** The states of a run, in Azure ML's words. `NotResponding` is derived by readers and never stored. */
export const runStatuses = [
  'NotStarted',
  'Queued',
  'Preparing',
  'Starting',
  'Running',
  'Finalizing',
  'CancelRequested',
  'Canceled',
  'Completed',
  'Failed',
  'NotResponding',
] as const;

export type RunStatus = (typeof runStatuses)[number];

/** A state that a `status` record may carry. */
export type StoredRunStatus = Exclude<RunStatus, 'NotResponding'>;

export function isStoredRunStatus(value: unknown): value is StoredRunStatus {
  return value !== 'NotResponding' && (runStatuses as readonly unknown[]).includes(value);
}

export function isTerminal(status: RunStatus): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Canceled';
}
