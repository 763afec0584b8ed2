import { Transform } from 'node:stream';

/** A stream that passes bytes on as they are and tells how many. */
export function countBytes(onBytes: (bytes: number) => void): Transform {
  return new Transform({
    transform(part: Buffer, _encoding, done) {
      onBytes(part.length);
      done(null, part);
    },
  });
}
