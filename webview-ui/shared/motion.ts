/** After the last sign of it, for so long the page still counts as moving. */
const REST_MS = 150;
/** Of a frame at rest: a hand that begins to move does not wait. */
const BUDGET_MS = 8;

/** Whether the reader's hand moves the page: then nothing is done at once that can be done a frame later. */
export class Motion {
  readonly #waiting: (() => void)[] = [];
  readonly #resting = new Set<() => void>();
  #until = 0;
  #handle: number | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;

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

  /** Does something when the page rests and there is time in a frame; once, however often it was asked for meanwhile. */
  atRest(work: () => void): void {
    this.#resting.add(work);
    this.#awaitRest();
  }

  #awaitRest(): void {
    this.#rest ??= setTimeout(
      () =>
        requestAnimationFrame(() => {
          this.#rest = undefined;
          const start = performance.now();
          for (const work of this.#resting) {
            if (this.isMoving || performance.now() - start > BUDGET_MS) {
              break;
            }
            this.#resting.delete(work);
            work();
          }
          if (this.#resting.size > 0) {
            this.#awaitRest();
          }
        }),
      Math.max(0, this.#until - performance.now()),
    );
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
