/**
 * A deflate stream (RFC 1951) made of parts that are packed each by itself, so that several threads can work on one.
 *
 * What deflate would hardly make smaller is stored within the stream: zlib spends most of its time on just that.
 */
import { constants, deflateRaw, deflateRawSync } from 'node:zlib';

/** The most that one stored block holds. */
const pieceBytes = 0xffff;
/** Less is packed without a look at it, and at once: it takes no longer than that, or than the way to another thread and back. */
const littleBytes = 16 * 1024;
const samples = 4;
const sampleBytes = 1024;
/** Below a twentieth, what packing saves is not worth its time, nor that of unpacking. */
const worthwhileRatio = 0.95;

/** Ends a stream, after the last of its parts: a block that is empty and says that it is the last one. */
export const endOfParts: Buffer = Buffer.from([0x03, 0x00]);

/**
 * The buffers that stand for a part of the stream. They may refer to `part`. Longer work is done in the thread pool.
 *
 * @param part what is before it is not made use of, so it should not be small
 * @param level of zlib, from 1 (fast) to 9 (small)
 */
export async function deflatedPart(part: Buffer, level: number): Promise<readonly Buffer[]> {
  const packed: Buffer[] = [];
  for (const run of runsOf(part)) {
    const deflated = run.isWorthPacking ? await deflate(run.bytes, level) : undefined;
    packed.push(...(deflated !== undefined && deflated.length < run.bytes.length ? [deflated] : stored(run.bytes)));
  }
  return packed;
}

interface Run {
  readonly bytes: Buffer;
  readonly isWorthPacking: boolean;
}

/** Neighbouring pieces of one kind together, since deflate finds more in more. */
function runsOf(part: Buffer): readonly Run[] {
  const runs: Run[] = [];
  let start = 0;
  let isWorthPacking: boolean | undefined;
  for (let offset = 0; offset < part.length; offset += pieceBytes) {
    const isPieceWorthIt = isWorthIt(part.subarray(offset, offset + pieceBytes));
    if (isWorthPacking !== undefined && isWorthPacking !== isPieceWorthIt) {
      runs.push({ bytes: part.subarray(start, offset), isWorthPacking });
      start = offset;
    }
    isWorthPacking = isPieceWorthIt;
  }
  if (isWorthPacking !== undefined) {
    runs.push({ bytes: part.subarray(start), isWorthPacking });
  }
  return runs;
}

function isWorthIt(piece: Buffer): boolean {
  if (piece.length < littleBytes) {
    return true;
  }
  const stride = Math.floor((piece.length - sampleBytes) / (samples - 1));
  const sample = Buffer.concat(
    Array.from({ length: samples }, (_, index) => piece.subarray(index * stride, index * stride + sampleBytes)),
  );
  return deflateRawSync(sample, { level: 1, chunkSize: 2 * sample.length }).length < sample.length * worthwhileRatio;
}

function stored(bytes: Buffer): readonly Buffer[] {
  const blocks: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; offset += pieceBytes) {
    const block = bytes.subarray(offset, offset + pieceBytes);
    const header = Buffer.alloc(5);
    header.writeUInt16LE(block.length, 1);
    header.writeUInt16LE(~block.length & 0xffff, 3);
    blocks.push(header, block);
  }
  return blocks;
}

/** Ends on a whole byte and without a last block, so that other parts can follow. */
function deflate(bytes: Buffer, level: number): Promise<Buffer> {
  const options = {
    level,
    // The most that zlib takes, which is the fastest.
    memLevel: constants.Z_MAX_MEMLEVEL,
    finishFlush: constants.Z_SYNC_FLUSH,
    // Each buffer that is filled is a way to the thread pool and back: all of the result goes into one.
    chunkSize: bytes.length + 1024,
  };
  if (bytes.length < littleBytes) {
    return Promise.resolve(deflateRawSync(bytes, options));
  }
  return new Promise((resolve, reject) => {
    deflateRaw(bytes, options, (error, result) => (error === null ? resolve(result) : reject(error)));
  });
}
