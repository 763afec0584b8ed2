/** Answers that a page can take in while it moves, without a frame being late. */
const AT_ONCE_WHILE_MOVING = 2;

/** Requests whose answers are large: while the page moves, few of them are under way, and the others wait for their turn. */
export class Turns {
  readonly #page: { readonly isMoving: boolean };
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(page: { readonly isMoving: boolean }) {
    this.#page = page;
  }

  async take<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#page.isMoving && this.#underWay >= AT_ONCE_WHILE_MOVING) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      if (signal.aborted) {
        this.#next();
        throw signal.reason;
      }
    }
    this.#underWay += 1;
    try {
      return await ask();
    } finally {
      this.#underWay -= 1;
      this.#next();
    }
  }

  #next(): void {
    do {
      this.#waiting.shift()?.();
    } while (this.#waiting.length > 0 && !this.#page.isMoving);
  }
}
