import { type Disposable, Emitter } from '../../core/base/events.ts';

/** The part of VS Code's `Memento` that is used, so that this file needs no VS Code. */
export interface FilterStorage {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): PromiseLike<void>;
}

const filterKey = 'runledger.runFilter';
const recentKey = 'runledger.recentRunFilters';
const mostRecent = 10;

/** Which runs the tree shows, and which filters were used lately. Both outlive the window. */
export class RunFilter implements Disposable {
  private readonly storage: FilterStorage;
  private readonly emitter = new Emitter<string | undefined>();

  constructor(storage: FilterStorage) {
    this.storage = storage;
  }

  get onDidChange() {
    return this.emitter.event;
  }

  /** Undefined where all runs are shown. */
  get current(): string | undefined {
    const value = this.storage.get<unknown>(filterKey);
    return typeof value === 'string' && value.trim() !== '' ? value : undefined;
  }

  /** The latest first. */
  get recent(): readonly string[] {
    const value = this.storage.get<unknown>(recentKey);
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  }

  /** An empty filter is none. */
  async set(filter: string): Promise<void> {
    const text = filter.trim();
    if (text !== '') {
      const others = this.recent.filter((other) => other !== text);
      await this.storage.update(recentKey, [text, ...others].slice(0, mostRecent));
    }
    await this.storage.update(filterKey, text === '' ? undefined : text);
    this.emitter.fire(this.current);
  }

  dispose(): void {
    this.emitter.dispose();
  }
}
