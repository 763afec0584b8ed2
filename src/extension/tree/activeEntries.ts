import type { RunEntry } from '../../core/domain/run.ts';
import { isGoingOn, topmost } from './nodes.ts';

/** Which of the runs that were seen go on. */
export class ActiveEntries {
  private readonly entries = new Map<string, RunEntry>();
  private readonly onChange: () => void;

  /** @param onChange told when a run begins or ends being active */
  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  get all(): readonly RunEntry[] {
    return [...this.entries.values()];
  }

  /** Those that belong to another one of them count as that one. */
  get count(): number {
    return topmost(this.all).length;
  }

  note(...entries: readonly RunEntry[]): void {
    for (const entry of entries) {
      if (!isGoingOn(entry)) {
        this.forget(entry.id);
        continue;
      }
      const isNew = !this.entries.has(entry.id);
      this.entries.set(entry.id, entry);
      if (isNew) {
        this.onChange();
      }
    }
  }

  forget(runId: string): void {
    if (this.entries.delete(runId)) {
      this.onChange();
    }
  }
}
