const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Text of bytes that may hold anything: what is no UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** How many bytes at the end begin a character whose rest is missing: 0 to 3. */
export function incompleteTailLength(bytes: Uint8Array): number {
  const longest = Math.min(3, bytes.length);
  for (let length = 1; length <= longest; length++) {
    const byte = bytes[bytes.length - length] ?? 0;
    if (byte >= 0xc2 && byte <= 0xf4) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > length ? length : 0;
    }
    if (byte < 0x80 || byte > 0xbf) {
      return 0;
    }
  }
  return 0;
}

/** How many bytes at the start belong to a character that began before them: 0 to 3. */
export function continuationLength(bytes: Uint8Array): number {
  let length = 0;
  while (length < 3 && length < bytes.length && ((bytes[length] ?? 0) & 0xc0) === 0x80) {
    length++;
  }
  return length;
}
