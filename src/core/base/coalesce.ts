import type { Disposable } from './events.ts';

/**
 * Runs a task soon after it is asked for, however often that is: never twice at once, and not more often than every
 * `intervalMs`. Asked for while it runs, it runs once more. Errors go to `onError`.
 */
export class CoalescedTask implements Disposable {
  private readonly task: () => Promise<void>;
  private readonly intervalMs: number;
  private readonly onError: (error: unknown) => void;
  private timer: NodeJS.Timeout | undefined;
  private isRunning = false;
  private isAsked = false;
  private isDisposed = false;

  constructor(task: () => Promise<void>, intervalMs: number, onError: (error: unknown) => void = () => {}) {
    this.task = task;
    this.intervalMs = intervalMs;
    this.onError = onError;
  }

  schedule(): void {
    this.isAsked = true;
    if (!this.isRunning && this.timer === undefined && !this.isDisposed) {
      this.timer = setTimeout(() => this.run(), this.intervalMs);
    }
  }

  private run(): void {
    this.timer = undefined;
    this.isAsked = false;
    this.isRunning = true;
    this.task()
      .catch((error: unknown) => this.onError(error))
      .finally(() => {
        this.isRunning = false;
        if (this.isAsked) {
          this.schedule();
        }
      });
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
