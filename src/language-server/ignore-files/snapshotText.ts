import type { SourceListing } from '../../core/snapshots/sourceFiles.ts';

const mostShown = 10;

/** What a snapshot holds, as Markdown: how many files, how much, and which are the largest. */
export function snapshotText({ files, warnings }: SourceListing): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const largest = files.toSorted((a, b) => b.bytes - a.bytes).slice(0, mostShown);
  const lines = [
    `A snapshot of this folder holds **${files.length === 1 ? '1 file' : `${files.length} files`}**, ${sizeText(bytes)}.`,
    largest.map(({ path, bytes: size }) => `- \`${path.replaceAll('`', "'")}\`: ${sizeText(size)}`).join('\n'),
    ...(files.length > largest.length ? [`The others are smaller: ${files.length - largest.length}.`] : []),
    ...warnings,
  ];
  return lines.filter((line) => line !== '').join('\n\n');
}

function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const exponent = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const value = bytes / 1000 ** exponent;
  return `${exponent === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[exponent]}`;
}
