import { RunledgerError } from '../base/errors.ts';

export interface TransferOptions {
  /** Told what is being done, and the part of the work that is done, from 0 to 1. */
  readonly onProgress?: (message: string, fraction: number) => void;
  readonly signal?: AbortSignal;
}

/** Turns bytes that were read into progress, told at each further percent. */
export class TransferProgress {
  private readonly options: TransferOptions;
  private readonly message: string;
  private readonly totalBytes: number;
  private done = 0;
  private lastPercent = -1;

  constructor(options: TransferOptions, message: string, totalBytes: number) {
    this.options = options;
    this.message = message;
    this.totalBytes = totalBytes;
    this.add(0);
  }

  add(bytes: number): void {
    this.done += bytes;
    // Files may have grown since they were listed.
    const fraction = this.totalBytes === 0 ? 0 : Math.min(this.done / this.totalBytes, 0.99);
    const percent = Math.floor(fraction * 100);
    if (percent > this.lastPercent) {
      this.lastPercent = percent;
      this.options.onProgress?.(this.message, fraction);
    }
  }
}

/** Throws `canceled` where that was asked for. */
export function assertGoingOn(signal: AbortSignal | undefined, message: string): void {
  if (signal?.aborted === true) {
    throw new RunledgerError('canceled', message);
  }
}
