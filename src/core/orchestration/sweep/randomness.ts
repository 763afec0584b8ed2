import { createHash } from 'node:crypto';

/**
 * A sequence of numbers in [0, 1), evenly distributed. The same key gives the same numbers, so that a sweep that is resumed
 * goes on as it would have: nothing of a generator's state needs to be kept.
 */
export function uniformNumbers(...key: readonly (string | number)[]): () => number {
  let count = 0;
  return () => {
    const digest = createHash('sha256')
      .update(JSON.stringify([...key, count++]))
      .digest();
    // 48 bits: all that one read of a Buffer gives as a whole number.
    return digest.readUIntBE(0, 6) / 2 ** 48;
  };
}
