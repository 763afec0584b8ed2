/** The package has types for its other entry alone, which has the same functions. */
declare module 'crc-32/crc32c.js' {
  const crc32c: { buf(data: Uint8Array, seed?: number): number };
  export = crc32c;
}
