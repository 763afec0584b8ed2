export interface CrosshairPlace {
  /** In the unit of the x axis. */
  readonly x: number;
  /** Who moved it: only there is the tooltip shown in full. */
  readonly source: object;
}

/** The one crosshair that all charts of the page share. */
export class Crosshair {
  readonly #listeners = new Set<() => void>();
  #place: CrosshairPlace | undefined;
  #isKept = false;

  get place(): CrosshairPlace | undefined {
    return this.#place;
  }

  get isKept(): boolean {
    return this.#isKept;
  }

  onMove(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Follows the pointer, unless a click keeps it where it is. */
  hover(place: CrosshairPlace | undefined): void {
    if (!this.#isKept) {
      this.move(place);
    }
  }

  move(place: CrosshairPlace | undefined): void {
    if (place?.x !== this.#place?.x || place?.source !== this.#place?.source) {
      this.#place = place;
      for (const listener of this.#listeners) {
        listener();
      }
    }
  }

  toggleKept(): void {
    this.#isKept = !this.#isKept && this.#place !== undefined;
  }

  clear(): void {
    this.#isKept = false;
    this.move(undefined);
  }
}
