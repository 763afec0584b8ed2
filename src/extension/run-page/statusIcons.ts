import type { RunStatus } from '../../core/domain/runStatus.ts';

/** Name of the tab's icon in `media/status/`, which has `<name>-light.svg` and `<name>-dark.svg`. */
export function statusIconName(status: RunStatus): 'waiting' | 'running' | 'completed' | 'failed' | 'canceled' {
  switch (status) {
    case 'NotStarted':
    case 'Queued':
    case 'NotResponding':
      return 'waiting';
    case 'Preparing':
    case 'Starting':
    case 'Running':
    case 'Finalizing':
    case 'CancelRequested':
      return 'running';
    case 'Completed':
      return 'completed';
    case 'Failed':
      return 'failed';
    case 'Canceled':
      return 'canceled';
  }
}
