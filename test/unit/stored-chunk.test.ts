import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chunkLength, type PointColumns } from '../../src/core/run-index/pointColumns.ts';
import { packChunk, unpackChunk } from '../../src/core/run-index/storedChunk.ts';

/** Columns of every width: regular, of whole microseconds, of 32-bit numbers, far apart, going back, not numbers at all. */
const columnOf = (make: (index: number, seed: number) => number) => (seed: number) =>
  Float64Array.from({ length: chunkLength }, (_, index) => make(index, seed));
const column = fc
  .tuple(
    fc.constantFrom(
      columnOf((index, seed) => seed + index),
      columnOf((index, seed) => Math.round((1_763_674_412 + seed + index * 0.123456) * 1e6) / 1e6),
      columnOf((index, seed) => 1_763_674_412.1234567 + seed + index / 3),
      columnOf((index, seed) => Math.fround(Math.sin(index + seed))),
      columnOf((index, seed) => Math.sin(index + seed)),
      columnOf((index, seed) => seed + index * 1000 + (index % 3)),
      columnOf((index, seed) => seed + index * 1e8 + (index % 3)),
      columnOf((index, seed) => seed - (index % 7)),
      columnOf((index) => (index % 5 === 0 ? Number.NaN : index)),
      columnOf((index) => (index % 5 === 0 ? Number.POSITIVE_INFINITY : -index)),
    ),
    fc.integer({ min: -1000, max: 1000 }),
  )
  .map(([make, seed]) => make(seed));

it('gives a chunk back with the same numbers, whatever they are', () => {
  fc.assert(
    fc.property(
      column,
      column,
      fc.option(column, { nil: undefined }),
      fc.boolean(),
      (values, times, steps, hasKinds) => {
        const kinds = hasKinds ? Uint8Array.from(values, (_, index) => index % 3) : undefined;
        const columns: PointColumns = { count: chunkLength, values, times, steps, kinds };
        const first = { step: steps?.[0] ?? Number.NaN, time: times[0] ?? 0 };
        const unpacked = unpackChunk(packChunk(columns, true), first);
        expect({
          values: unpacked.values,
          times: unpacked.times.toArray(),
          steps: unpacked.steps?.toArray(),
          kinds: unpacked.kinds,
        }).toEqual({ values, times, steps, kinds });
      },
    ),
    { numRuns: 100 },
  );
});

it('keeps what the SDK writes in less than half of the bytes', () => {
  const times = Float64Array.from({ length: chunkLength }, (_, index) => Math.round((1e9 + index * 0.37) * 1e6) / 1e6);
  const steps = Float64Array.from({ length: chunkLength }, (_, index) => index + (index % 2));
  const values = Float64Array.from({ length: chunkLength }, (_, index) => Math.fround(1 / (index + 3)));
  const chunk = packChunk({ count: chunkLength, values, times, steps, kinds: undefined }, true);
  expect(chunk.length).toBeLessThan((values.byteLength + times.byteLength + steps.byteLength) / 2);
});
