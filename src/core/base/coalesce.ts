import type { Disposable } from './events.ts';

/**
 * Runs a task soon after it is asked for, however often that is: never twice at once, and not more often than every
 * `intervalMs`. Asked for while it runs, it runs once more. Errors go to `onError`.
 */
export class CoalescedTask implements Disposable {
  private readonly task: () => Promise<void>;
  private readonly intervalMs: number;
  private readonly onError: (error: unknown) => void;
  private readonly isPrompt: boolean;
  private ended = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private isRunning = false;
  private isAsked = false;
  private isDisposed = false;

  /** @param options `isPrompt`: after a time of rest it runs at once, else after the interval, with what comes until then */
  constructor(
    task: () => Promise<void>,
    intervalMs: number,
    onError: (error: unknown) => void = () => {},
    options: { readonly isPrompt?: boolean } = {},
  ) {
    this.isPrompt = options.isPrompt === true;
    this.task = task;
    this.intervalMs = intervalMs;
    this.onError = onError;
  }

  schedule(): void {
    this.isAsked = true;
    if (!this.isRunning && this.timer === undefined && !this.isDisposed) {
      const rest = this.isPrompt ? performance.now() - this.ended : 0;
      this.timer = setTimeout(() => this.run(), Math.max(0, this.intervalMs - rest));
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
        this.ended = performance.now();
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
