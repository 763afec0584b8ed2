import { type Disposable, Emitter } from '../../core/base/events.ts';
import { parseQuery } from '../../core/run-query/parseQuery.ts';
import { type Arrangement, type Grouping, parseGrouping } from './arrangement.ts';
import type { FilterStorage } from './runFilter.ts';

const orderKey = 'runledger.runOrder';
const groupingKey = 'runledger.runGrouping';

/** In which order the tree shows runs, and under which headings. Outlives the window. */
export class RunOrder implements Disposable {
  private readonly storage: FilterStorage;
  private readonly emitter = new Emitter<void>();

  constructor(storage: FilterStorage) {
    this.storage = storage;
  }

  get onDidChange() {
    return this.emitter.event;
  }

  get current(): Omit<Arrangement, 'filter'> {
    return { order: this.order, grouping: parseGrouping(this.storage.get<unknown>(groupingKey)) };
  }

  /** @param order what stands behind `order by`; undefined for the newest first */
  async setOrder(order: string | undefined): Promise<void> {
    await this.storage.update(orderKey, order);
    this.emitter.fire();
  }

  async setGrouping(grouping: Grouping | undefined): Promise<void> {
    await this.storage.update(groupingKey, grouping);
    this.emitter.fire();
  }

  dispose(): void {
    this.emitter.dispose();
  }

  private get order(): string | undefined {
    const value = this.storage.get<unknown>(orderKey);
    if (typeof value !== 'string') {
      return undefined;
    }
    try {
      parseQuery(`order by ${value}`);
      return value;
    } catch {
      // Written by another version: it must not keep the tree from being shown.
      return undefined;
    }
  }
}
