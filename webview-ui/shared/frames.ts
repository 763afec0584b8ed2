/** Runs `work` once in the next animation frame, however often it was asked for. */
export class FrameScheduler {
  readonly #work: () => void;
  #handle: number | undefined;

  constructor(work: () => void) {
    this.#work = work;
  }

  schedule(): void {
    this.#handle ??= requestAnimationFrame(() => {
      this.#handle = undefined;
      this.#work();
    });
  }

  cancel(): void {
    if (this.#handle !== undefined) {
      cancelAnimationFrame(this.#handle);
      this.#handle = undefined;
    }
  }
}
