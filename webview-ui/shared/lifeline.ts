/** How often a page that is seen asks whether anybody is there, and how long it waits for a word. */
const ASK_EVERY_MS = 15_000;
const PATIENCE_MS = 10_000;

/**
 * Whether the extension still answers. A page outlives the extension host that made it: where VS Code starts another one, that does not
 * know of the page, which would go on showing what was true once.
 */
export class Lifeline {
  readonly #ask: () => void;
  readonly #isSeen: () => boolean;
  readonly #onChange: (isCut: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isCut = false;

  /** @param ask sends something that is answered; it is told to `heard`, as is all else that comes */
  constructor(options: { ask: () => void; isSeen: () => boolean; onChange: (isCut: boolean) => void }) {
    this.#ask = options.ask;
    this.#isSeen = options.isSeen;
    this.#onChange = options.onChange;
  }

  start(): void {
    this.#timer ??= setTimeout(() => this.#next(), ASK_EVERY_MS);
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#set(false);
    this.start();
  }

  #next(): void {
    this.#timer = undefined;
    if (!this.#isSeen()) {
      this.start();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#set(true);
      this.start();
    }, PATIENCE_MS);
    this.#ask();
  }

  #set(isCut: boolean): void {
    if (this.#isCut !== isCut) {
      this.#isCut = isCut;
      this.#onChange(isCut);
    }
  }
}
