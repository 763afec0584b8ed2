/** Something that holds a resource until it is disposed. Disposing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/** Registers a listener; disposing the result removes it. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** The source of an {@link Event}. A listener that throws does not keep the others from being called. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => void>();
  private readonly onListenerError: (error: unknown) => void;

  constructor(onListenerError: (error: unknown) => void = () => {}) {
    this.onListenerError = onListenerError;
  }

  get hasListeners(): boolean {
    return this.listeners.size > 0;
  }

  readonly event: Event<T> = (listener) => {
    // A wrapper, so that one function registered twice is two registrations.
    const entry = (value: T): void => listener(value);
    this.listeners.add(entry);
    return toDisposable(() => this.listeners.delete(entry));
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.onListenerError(error);
      }
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}

export function toDisposable(dispose: () => void): Disposable {
  let isDisposed = false;
  return {
    dispose() {
      if (!isDisposed) {
        isDisposed = true;
        dispose();
      }
    },
  };
}

/** Owns disposables and disposes them, last first. One that is added after the disposal is disposed at once. */
export class DisposableStore implements Disposable {
  private readonly items: Disposable[] = [];
  private isDisposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.isDisposed) {
      item.dispose();
    } else {
      this.items.push(item);
    }
    return item;
  }

  dispose(): void {
    this.isDisposed = true;
    for (const item of this.items.splice(0).reverse()) {
      item.dispose();
    }
  }
}
