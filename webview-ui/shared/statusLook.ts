import type { RunStatusName } from '../../src/protocol/runPage.ts';
import type { IconName } from './icons.ts';

export interface StatusLook {
  readonly label: string;
  readonly icon: IconName;
  readonly spins: boolean;
  /** A CSS colour. */
  readonly colour: string;
}

const RUNNING = 'var(--vscode-charts-blue)';
const WAITING = 'var(--vscode-charts-yellow)';

const looks: Readonly<Record<RunStatusName, StatusLook>> = {
  NotStarted: { label: 'Not started', icon: 'clock', spins: false, colour: 'var(--rl-secondary)' },
  Queued: { label: 'Queued', icon: 'clock', spins: false, colour: WAITING },
  Preparing: { label: 'Preparing', icon: 'loading', spins: true, colour: WAITING },
  Starting: { label: 'Starting', icon: 'loading', spins: true, colour: RUNNING },
  Running: { label: 'Running', icon: 'loading', spins: true, colour: RUNNING },
  Finalizing: { label: 'Finalizing', icon: 'loading', spins: true, colour: RUNNING },
  CancelRequested: { label: 'Canceling', icon: 'loading', spins: true, colour: 'var(--rl-secondary)' },
  Canceled: { label: 'Canceled', icon: 'circle-slash', spins: false, colour: 'var(--rl-secondary)' },
  Completed: { label: 'Completed', icon: 'pass', spins: false, colour: 'var(--vscode-charts-green)' },
  Failed: { label: 'Failed', icon: 'error', spins: false, colour: 'var(--vscode-charts-red)' },
  NotResponding: { label: 'Not responding', icon: 'debug-disconnect', spins: false, colour: WAITING },
};

export function statusLook(status: RunStatusName): StatusLook {
  return looks[status];
}

export function isTerminal(status: RunStatusName): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Canceled';
}
