/** Something that is drawn when there is time in a frame. */
export interface Drawable {
  draw(): void;
}

/** Of a frame. To paint what was drawn takes the browser about as long again, and it all has to fit into half of a frame. */
const BUDGET_MS = 3;

/**
 * Draws what has changed, at most once a frame, and no more in a frame than there is time for: with twenty charts in sight the
 * one under the pointer follows it at once and the others as they can.
 */
export class DrawQueue {
  readonly #waiting = new Set<Drawable>();
  #handle: number | undefined;

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
      drawable.draw();
      const now = performance.now();
      // The next one is taken to need as long as this one did.
      if (now - start + (now - before) > BUDGET_MS) {
        break;
      }
      before = now;
    }
    if (this.#waiting.size > 0) {
      this.#schedule();
    }
  }
}

/** That of the page. */
export const drawQueue = new DrawQueue();
