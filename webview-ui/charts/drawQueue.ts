/** Something that is drawn when there is time in a frame. */
export interface Drawable {
  /** @returns whether it takes the browser much longer to paint it than it took to draw: one of these is enough for a frame */
  draw(): boolean;
}

/** Of a frame in which the page moves: to paint what was drawn, and to follow the hand, takes the most of it. */
const MOVING_BUDGET_MS = 0.75;
/** Of a frame at rest, where the first drawing of all should be soon, and a hand that begins to move not wait. */
const REST_BUDGET_MS = 24;

/**
 * Draws what has changed, at most once a frame, and no more in a frame than there is time for: with twenty charts in sight the
 * one under the pointer follows it at once and the others as they can.
 */
export class DrawQueue {
  readonly #isMoving: () => boolean;
  readonly #waiting = new Set<Drawable>();
  #handle: number | undefined;

  /** @param isMoving whether the reader's hand moves the page */
  constructor(isMoving: () => boolean) {
    this.#isMoving = isMoving;
  }

  /** @param isUrgent it is drawn in the next frame, before all others */
  add(drawable: Drawable, isUrgent = false): void {
    if (isUrgent) {
      const others = [...this.#waiting];
      this.#waiting.clear();
      this.#waiting.add(drawable);
      for (const other of others) {
        this.#waiting.add(other);
      }
    } else {
      this.#waiting.add(drawable);
    }
    this.#schedule();
  }

  delete(drawable: Drawable): void {
    this.#waiting.delete(drawable);
  }

  #schedule(): void {
    this.#handle ??= requestAnimationFrame(() => {
      this.#handle = undefined;
      this.#work();
    });
  }

  #work(): void {
    const start = performance.now();
    let before = start;
    for (const drawable of [...this.#waiting]) {
      this.#waiting.delete(drawable);
      const isDear = drawable.draw();
      const now = performance.now();
      // The next one is taken to need as long as this one did.
      const budget = this.#isMoving() ? MOVING_BUDGET_MS : REST_BUDGET_MS;
      if (isDear || now - start + (now - before) > budget) {
        break;
      }
      before = now;
    }
    if (this.#waiting.size > 0) {
      this.#schedule();
    }
  }
}
