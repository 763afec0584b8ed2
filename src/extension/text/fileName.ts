/** Characters: file systems take up to 255 bytes. */
const longestName = 80;

/** A name for a file that any file system takes, from text that may be anything. */
export function fileNameOf(text: string): string {
  const plain = text.replace(/[^\p{L}\p{M}\p{N}_.-]+/gu, '-').replace(/^[-.]+/, '');
  const name = [...plain].slice(0, longestName).join('');
  return name.replace(/[-.]+$/, '') || 'runledger';
}
