import type { DrawnRunModel, LayoutModel } from '../../src/protocol/experimentPage.ts';
import type { ExperimentClient } from './experimentClient.ts';
import type { RowCache } from './rowCache.ts';

/**
 * Runs are pinned, drawn and hidden by their ids, which the store keeps; the table knows them by the index's keys. Their rows may
 * not have been seen.
 */
export class KeptRuns {
  readonly #client: ExperimentClient;
  readonly #rows: RowCache;
  readonly #keys = new Map<string, number>();

  constructor(client: ExperimentClient, rows: RowCache) {
    this.#client = client;
    this.#rows = rows;
  }

  keyOf(id: string): number | undefined {
    return this.#rows.keyOf(id) ?? this.#keys.get(id);
  }

  keysOf(ids: readonly string[]): readonly number[] {
    return ids.map((id) => this.keyOf(id)).filter((run) => run !== undefined);
  }

  /** Finds the keys of all runs that a layout names. */
  async find({ pinned, drawn = [], hidden = [] }: LayoutModel): Promise<void> {
    const unknown = [...pinned, ...hidden, ...drawn.map(({ id }) => id)].filter((id) => this.keyOf(id) === undefined);
    if (unknown.length > 0) {
      const filter = `id in (${unknown.map((id) => JSON.stringify(id)).join(', ')})`;
      const answer = await this.#client.request('table', { filter, sort: [], withChildren: true });
      const runs = 'problem' in answer ? [] : answer.runs;
      await this.idsOf(runs);
    }
  }

  /** Of runs that are gone there is none. */
  async idsOf(runs: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const rows = runs.length === 0 ? [] : await this.#client.request('rows', { runs, columns: [] });
    for (const { id, run } of rows) {
      this.#keys.set(id, run);
    }
    return new Map(rows.map(({ run, id }) => [run, id]));
  }

  async withIds(drawn: readonly { readonly run: number; readonly slot: number }[]): Promise<readonly DrawnRunModel[]> {
    const ids = await this.idsOf(drawn.map(({ run }) => run));
    return drawn.flatMap(({ run, slot }) => {
      const id = ids.get(run);
      return id === undefined ? [] : [{ id, slot }];
    });
  }
}
