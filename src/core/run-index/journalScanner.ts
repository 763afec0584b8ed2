/** Reads journal lines that hold one point without making objects of them: nearly all lines of a store are such. */

import { decimalNumber, firstDigits } from './decimalNumber.ts';

const newline = 0x0a;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const closingBrace = 0x7d;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;

const timeStart = Buffer.from('{"t":');
const nameStart = Buffer.from(',"k":"metric","n":"');
const valueStart = Buffer.from('","v":');
const stepStart = Buffer.from('"s":');

/**
 * Takes apart lines such as `{"t":1763674412.25,"k":"metric","n":"loss","v":0.5,"s":3}`, spelled just so, as the SDK spells
 * them. Any other line is left to `JSON.parse`: what is accepted here, JSON accepts with the same meaning.
 */
export class PointScanner {
  time = 0;
  value = 0;
  /** NaN where the point has none. */
  step = Number.NaN;
  /** The name's place in the bytes: plain ASCII without escapes. */
  nameFrom = 0;
  nameTo = 0;
  /** Equal for equal names, and seldom for others. */
  nameHash = 0;
  private position = 0;
  private number = 0;

  /**
   * Whether such a line begins at `start`; the fields hold it then.
   *
   * @param end of what is to be looked at
   * @returns where its newline is; -1 where it is no such line, or not whole
   */
  scan(bytes: Uint8Array, start: number, end: number): number {
    return this.readPoint(bytes, start, end) && this.position + 1 < end && bytes[this.position + 1] === newline
      ? this.position + 1
      : -1;
  }

  /** Reads up to the closing brace. */
  private readPoint(bytes: Uint8Array, start: number, end: number): boolean {
    if (!startsWith(bytes, start, timeStart) || !this.readNumber(bytes, start + timeStart.length)) {
      return false;
    }
    this.time = this.number;
    if (!startsWith(bytes, this.position, nameStart)) {
      return false;
    }
    this.nameFrom = this.position + nameStart.length;
    let hash = 0;
    let position = this.nameFrom;
    let byte = bytes[position] ?? 0;
    while (byte !== quote) {
      if (byte < 0x20 || byte >= 0x80 || byte === backslash || position >= end) {
        return false;
      }
      hash = (Math.imul(hash, 31) + byte) | 0;
      position++;
      byte = bytes[position] ?? 0;
    }
    this.nameTo = position;
    this.nameHash = hash;
    if (
      position === this.nameFrom ||
      !startsWith(bytes, position, valueStart) ||
      !this.readNumber(bytes, position + valueStart.length)
    ) {
      return false;
    }
    this.value = this.number;
    this.step = Number.NaN;
    if (bytes[this.position] === comma) {
      if (
        !startsWith(bytes, this.position + 1, stepStart) ||
        !this.readNumber(bytes, this.position + 1 + stepStart.length) ||
        !Number.isInteger(this.number)
      ) {
        return false;
      }
      this.step = this.number;
    }
    return bytes[this.position] === closingBrace;
  }

  /** Reads a number as JSON spells one, exactly as `JSON.parse` does. */
  private readNumber(bytes: Uint8Array, start: number): boolean {
    let position = start;
    const isNegative = bytes[position] === minus;
    if (isNegative) {
      position++;
    }
    const firstDigit = position;
    let byte = bytes[position] ?? 0;
    // The first digits that count, and those after them: both are whole numbers that are exact.
    let first = 0;
    let rest = 0;
    let digits = 0;
    while (byte >= zero && byte <= nine) {
      if (digits < firstDigits) {
        first = first * 10 + (byte - zero);
      } else {
        rest = rest * 10 + (byte - zero);
      }
      digits += first === 0 ? 0 : 1;
      position++;
      byte = bytes[position] ?? 0;
    }
    if (position === firstDigit || (bytes[firstDigit] === zero && position - firstDigit > 1)) {
      return false;
    }
    let decimals = 0;
    if (byte === dot) {
      position++;
      const firstDecimal = position;
      byte = bytes[position] ?? 0;
      while (byte >= zero && byte <= nine) {
        if (digits < firstDigits) {
          first = first * 10 + (byte - zero);
        } else {
          rest = rest * 10 + (byte - zero);
        }
        digits += first === 0 ? 0 : 1;
        position++;
        byte = bytes[position] ?? 0;
      }
      decimals = position - firstDecimal;
      if (decimals === 0) {
        return false;
      }
    }
    if (digits <= 2 * firstDigits && byte !== 0x65 && byte !== 0x45) {
      const value = decimalNumber(first, rest, Math.max(0, digits - firstDigits), decimals);
      if (!Number.isNaN(value)) {
        this.number = isNegative ? -value : value;
        this.position = position;
        return true;
      }
    }
    if (byte === 0x65 || byte === 0x45) {
      position++;
      byte = bytes[position] ?? 0;
      if (byte === 0x2b || byte === minus) {
        position++;
        byte = bytes[position] ?? 0;
      }
      const firstExponent = position;
      while (byte >= zero && byte <= nine) {
        position++;
        byte = bytes[position] ?? 0;
      }
      if (position === firstExponent) {
        return false;
      }
    }
    this.number = Number(Buffer.from(bytes.buffer, bytes.byteOffset + start, position - start).toString('latin1'));
    this.position = position;
    return true;
  }
}

function startsWith(bytes: Uint8Array, position: number, text: Uint8Array): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[position + index] !== text[index]) {
      return false;
    }
  }
  return true;
}

/** Finds what belongs to a name by its bytes, without making a string of it. */
export class NameTable<T> {
  private readonly entries = new Map<number, { readonly name: Buffer; readonly value: T }[]>();
  private readonly make: (name: string) => T;
  private readonly most: number;
  private count = 0;

  /**
   * @param make is called for each name that is not known
   * @param most names that are kept
   */
  constructor(make: (name: string) => T, most: number) {
    this.make = make;
    this.most = most;
  }

  clear(): void {
    this.entries.clear();
    this.count = 0;
  }

  get(bytes: Buffer, { nameFrom, nameTo, nameHash }: PointScanner): T {
    for (const entry of this.entries.get(nameHash) ?? []) {
      if (entry.name.length === nameTo - nameFrom && startsWith(bytes, nameFrom, entry.name)) {
        return entry.value;
      }
    }
    return this.add(Buffer.from(bytes.subarray(nameFrom, nameTo)), nameHash);
  }

  private add(name: Buffer, nameHash: number): T {
    if (this.count >= this.most) {
      this.clear();
    }
    const entry = { name, value: this.make(name.toString('latin1')) };
    const bucket = this.entries.get(nameHash);
    if (bucket === undefined) {
      this.entries.set(nameHash, [entry]);
    } else {
      bucket.push(entry);
    }
    this.count++;
    return entry.value;
  }
}
