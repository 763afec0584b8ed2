import type { SeriesAxis } from '../catalog/runCatalog.ts';
import type { Stretch } from './pixelColumns.ts';
import type { ChunkColumns, OrderedNumbers, PointChunks } from './seriesChunks.ts';
import { NumberColumn } from './storedChunk.ts';

/**
 * Chunks with some numbers more, each among those of the chunk into whose bounds it falls. Only such chunks are read to
 * be merged.
 */
export class OverlaidChunks implements PointChunks {
  readonly length: number;
  private readonly base: PointChunks;
  private readonly added: OrderedNumbers;
  private readonly places: Float64Array;
  private readonly isStep: boolean;
  /** Where the numbers begin that are added to each chunk, and where the last ones end. */
  private readonly starts: Uint32Array;

  /** @param base at least one chunk, of which only the last one has any length */
  constructor(base: PointChunks, added: OrderedNumbers, axis: SeriesAxis) {
    this.base = base;
    this.added = added;
    this.isStep = axis === 'step';
    this.places = this.isStep ? added.x : added.times;
    this.length = Math.max(base.length, added.x.length > 0 ? 1 : 0);
    this.starts = new Uint32Array(this.length + 1).fill(this.places.length);
    this.starts[0] = 0;
    let index = 0;
    for (let chunk = 1; chunk < base.length; chunk++) {
      while (index < this.places.length && this.isBeforeChunk(index, chunk)) {
        index++;
      }
      this.starts[chunk] = index;
    }
  }

  /** Of equal steps the one comes first that was recorded first. */
  private isBeforeChunk(index: number, chunk: number): boolean {
    const place = this.places[index] as number;
    const from = this.base.from(chunk);
    if (place !== from || !this.isStep) {
      return place < from;
    }
    return (this.added.times[index] as number) < (this.base.read([chunk])[0]?.times.at(0) ?? Number.NEGATIVE_INFINITY);
  }

  private addedTo(chunk: number): readonly [start: number, end: number] {
    return [this.starts[chunk] as number, this.starts[chunk + 1] as number];
  }

  from(chunk: number): number {
    const [start, end] = this.addedTo(chunk);
    const first = end > start ? (this.places[start] as number) : Number.POSITIVE_INFINITY;
    return this.base.length === 0 ? first : Math.min(first, this.base.from(chunk));
  }

  to(chunk: number): number {
    const [start, end] = this.addedTo(chunk);
    const last = end > start ? (this.places[end - 1] as number) : Number.NEGATIVE_INFINITY;
    return this.base.length === 0 ? last : Math.max(last, this.base.to(chunk));
  }

  count(chunk: number): number {
    const [start, end] = this.addedTo(chunk);
    return end - start + (this.base.length === 0 ? 0 : this.base.count(chunk));
  }

  stretch(chunk: number, into: Stretch): boolean {
    const [start, end] = this.addedTo(chunk);
    return start === end && this.base.stretch(chunk, into);
  }

  read(chunks: readonly number[]): ChunkColumns[] {
    const columns = this.base.length === 0 ? [] : this.base.read(chunks);
    return chunks.map((chunk, index) => this.merged(columns[index], ...this.addedTo(chunk)));
  }

  private merged(chunk: ChunkColumns | undefined, start: number, end: number): ChunkColumns {
    if (chunk !== undefined && start === end) {
      return chunk;
    }
    const { added } = this;
    const count = end - start + (chunk?.count ?? 0);
    const x = new Float64Array(count);
    const times = new Float64Array(count);
    const values = new Float64Array(count);
    let next = start;
    let old = 0;
    for (let target = 0; target < count; target++) {
      const isOld = chunk !== undefined && old < chunk.count && (next === end || !this.isAddedFirst(next, chunk, old));
      x[target] = isOld ? chunk.x.at(old) : (added.x[next] as number);
      times[target] = isOld ? chunk.times.at(old) : (added.times[next] as number);
      values[target] = isOld ? (chunk.values[old] as number) : (added.values[next] as number);
      old += isOld ? 1 : 0;
      next += isOld ? 0 : 1;
    }
    return { count, x: NumberColumn.of(x), times: NumberColumn.of(times), values };
  }

  private isAddedFirst(index: number, { x, times }: ChunkColumns, old: number): boolean {
    const place = this.places[index] as number;
    const other = this.isStep ? x.at(old) : times.at(old);
    return place < other || (this.isStep && place === other && (this.added.times[index] as number) < times.at(old));
  }
}
