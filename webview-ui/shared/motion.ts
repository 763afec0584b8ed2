/** After the last sign of it, for so long the page still counts as moving. */
const REST_MS = 150;

/** Whether the reader's hand moves the page: then nothing is done at once that can be done a frame later. */
export class Motion {
  readonly #waiting: (() => void)[] = [];
  #until = 0;
  #handle: number | undefined;

  constructor(target: EventTarget) {
    const mark = (): void => {
      this.#until = performance.now() + REST_MS;
    };
    for (const type of ['scroll', 'wheel', 'keydown'] as const) {
      target.addEventListener(type, mark, { capture: true, passive: true });
    }
    target.addEventListener(
      'pointermove',
      (event) => {
        if (event instanceof PointerEvent && event.buttons !== 0) {
          mark();
        }
      },
      { capture: true, passive: true },
    );
  }

  get isMoving(): boolean {
    return performance.now() < this.#until;
  }

  /** Does something now, in its turn; while the page moves, one thing a frame. */
  run(work: () => void): void {
    if (this.#handle === undefined && !this.isMoving) {
      work();
      return;
    }
    this.#waiting.push(work);
    this.#schedule();
  }

  #schedule(): void {
    this.#handle ??= requestAnimationFrame(() => {
      this.#handle = undefined;
      do {
        this.#waiting.shift()?.();
      } while (this.#waiting.length > 0 && !this.isMoving);
      if (this.#waiting.length > 0) {
        this.#schedule();
      }
    });
  }
}

/** That of the page. */
export const motion = new Motion(window);
