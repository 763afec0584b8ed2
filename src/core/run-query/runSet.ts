/** A set of runs by their keys in the index, a bit each: keys are small and dense there. */
export class RunSet {
  private readonly bits: Uint32Array;
  private count: number | undefined;

  private constructor(bits: Uint32Array) {
    this.bits = bits;
  }

  static of(runs: readonly number[]): RunSet {
    let highest = 0;
    for (const run of runs) {
      highest = run > highest ? run : highest;
    }
    const bits = new Uint32Array((highest >>> 5) + 1);
    for (const run of runs) {
      bits[run >>> 5] = (bits[run >>> 5] ?? 0) | (1 << (run & 31));
    }
    return new RunSet(bits);
  }

  has(run: number): boolean {
    return (((this.bits[run >>> 5] ?? 0) >>> (run & 31)) & 1) === 1;
  }

  and(other: RunSet): RunSet {
    return this.combined(other, Math.min(this.bits.length, other.bits.length), (a, b) => a & b);
  }

  or(other: RunSet): RunSet {
    return this.combined(other, Math.max(this.bits.length, other.bits.length), (a, b) => a | b);
  }

  minus(other: RunSet): RunSet {
    return this.combined(other, this.bits.length, (a, b) => a & ~b);
  }

  get size(): number {
    if (this.count === undefined) {
      let count = 0;
      for (const word of this.bits) {
        count += bitCount(word);
      }
      this.count = count;
    }
    return this.count;
  }

  /** In rising order. */
  runs(): number[] {
    const runs: number[] = [];
    for (const [index, word] of this.bits.entries()) {
      for (let rest = word; rest !== 0; rest &= rest - 1) {
        runs.push(index * 32 + 31 - Math.clz32(rest & -rest));
      }
    }
    return runs;
  }

  private combined(other: RunSet, length: number, combine: (a: number, b: number) => number): RunSet {
    const bits = new Uint32Array(length);
    for (let index = 0; index < length; index += 1) {
      bits[index] = combine(this.bits[index] ?? 0, other.bits[index] ?? 0);
    }
    return new RunSet(bits);
  }
}

/** Ones in a word of 32 bits, added up in parallel ("Hacker's Delight", 5-1). */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55_55_55_55);
  const nibbles = (pairs & 0x33_33_33_33) + ((pairs >>> 2) & 0x33_33_33_33);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f_0f_0f_0f, 0x01_01_01_01) >>> 24;
}
