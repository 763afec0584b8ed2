import { createHash } from 'node:crypto';
import { mkdir, readdir, realpath, stat, utimes } from 'node:fs/promises';
import { aheadInOrder } from '../base/aheadInOrder.ts';
import { errorCode, fileError, isNotFound } from '../base/errors.ts';
import { snapshotFile, snapshotsFolder } from '../store/storeLayout.ts';
import { writeSnapshotZip } from './snapshotZip.ts';
import { type HashedFile, readAtOnce, readSourceFile } from './sourceFileReader.ts';
import { listSourceFiles, type SourceFile, type SourceListing } from './sourceFiles.ts';

export interface SnapshotOptions {
  readonly workspaceFolder: string;
  /** Absolute. */
  readonly sourceDirectory: string;
  /** A file that is not taken, absolute. */
  readonly leftOut?: string | undefined;
  /** Told the part of the work that is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

/** Code that is stored in a workspace. */
export interface SnapshotContent {
  /** Names the content; see docs/store-format.md, "Snapshots". */
  readonly hash: string;
  readonly files: number;
  /** Of the files, unpacked. */
  readonly bytes: number;
}

export interface Snapshot extends SnapshotContent {
  /** The zip, absolute. */
  readonly zipPath: string;
  /** Sentences for a person: what was left out, and whether it is large. */
  readonly warnings: readonly string[];
}

/** Azure ML refuses above these; here they only warn, since nothing is sent anywhere. */
const largeBytes = 300 * 1024 * 1024;
const largeFileCount = 2000;
const largestNamed = 3;

/**
 * Stores the source folder in the workspace, once for each content.
 *
 * What the zip holds is what its name says even if files change meanwhile: the hash is of the bytes that were written.
 *
 * @throws RunledgerError `unreadable` naming the file, `not-found`, `disk-full`, `not-writable`, `canceled`
 */
export async function takeSnapshot(options: SnapshotOptions): Promise<Snapshot> {
  const { workspaceFolder, sourceDirectory, signal } = options;
  const listing = await without(options.leftOut, await listSourceFiles(sourceDirectory, signal));
  const listedBytes = listing.files.reduce((sum, file) => sum + file.bytes, 0);
  const folder = snapshotsFolder(workspaceFolder);
  // Where nothing is stored there is nothing that this could be the same as: it is read once, and not for its hash first.
  const isFirst = await isEmpty(folder);
  const report = progressOf((isFirst ? 1 : 2) * listedBytes, options.onProgress);
  const warnings = [...listing.warnings, ...sizeWarnings(listing.files, listedBytes)];
  const told = { onBytes: report, ...(signal && { signal }) };

  const present = isFirst ? undefined : await hashedFiles(listing.files, told);
  if (present !== undefined) {
    const hash = contentHash(present);
    const zipPath = snapshotFile(workspaceFolder, hash);
    if (await isReused(zipPath)) {
      options.onProgress?.(1);
      return { hash, ...totals(present), zipPath, warnings };
    }
  }

  try {
    await mkdir(folder, { recursive: true });
    const written = await writeSnapshotZip(listing.files, {
      zipPathOf: (files) => snapshotFile(workspaceFolder, contentHash(files)),
      folder,
      ...told,
    });
    // A zip of what was written may have been there: files can change between their hashing and their writing.
    await isReused(written.zipPath);
    options.onProgress?.(1);
    return { hash: contentHash(written.files), ...totals(written.files), zipPath: written.zipPath, warnings };
  } catch (error) {
    throw fileError(error, 'store the snapshot', folder);
  }
}

async function without(path: string | undefined, listing: SourceListing): Promise<SourceListing> {
  if (path === undefined) {
    return listing;
  }
  // As files are listed: with links in the source folder's own path followed.
  const found = await realpath(path).catch(() => path);
  return { ...listing, files: listing.files.filter(({ absolutePath }) => absolutePath !== found) };
}

/** Whether a folder holds nothing, or is not there. One that cannot be listed may hold anything. */
async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    return isNotFound(error);
  }
}

/** Without those that have gone since they were listed. */
async function hashedFiles(
  files: readonly SourceFile[],
  options: { readonly onBytes: (bytes: number) => void; readonly signal?: AbortSignal },
): Promise<readonly HashedFile[]> {
  const hashed: HashedFile[] = [];
  for await (const read of aheadInOrder(files, readAtOnce, (file) => readSourceFile(file, options))) {
    if (read !== undefined) {
      hashed.push(read);
    }
  }
  return hashed;
}

/** SHA-256, in hex, of the sorted lines `<sha256>  <mode>  <path>`. */
export function contentHash(files: readonly HashedFile[]): string {
  const hash = createHash('sha256');
  const sorted = [...files].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  for (const file of sorted) {
    hash.update(`${file.sha256}  ${file.isExecutable ? '755' : '644'}  ${file.path}\n`);
  }
  return hash.digest('hex');
}

function totals(files: readonly HashedFile[]): { files: number; bytes: number } {
  return { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}

function progressOf(totalBytes: number, onProgress: ((fraction: number) => void) | undefined): (bytes: number) => void {
  let done = 0;
  let lastPercent = -1;
  return (bytes) => {
    done += bytes;
    // Files may have grown since they were listed.
    const fraction = totalBytes === 0 ? 0 : Math.min(done / totalBytes, 0.99);
    const percent = Math.floor(fraction * 100);
    if (percent > lastPercent) {
      lastPercent = percent;
      onProgress?.(fraction);
    }
  };
}

/** The warning for a source above Azure ML's limits, naming what makes it large; none below them. */
export function sizeWarnings(files: readonly Pick<SourceFile, 'path' | 'bytes'>[], totalBytes: number): string[] {
  const isLarge = totalBytes > largeBytes;
  const isMany = files.length > largeFileCount;
  if (!isLarge && !isMany) {
    return [];
  }
  const largest = isLarge
    ? [...files].sort((a, b) => b.bytes - a.bytes).map((file) => `${file.path} (${megabytes(file.bytes)})`)
    : fullestFolders(files);
  const size = `${files.length.toLocaleString('en')} files, ${megabytes(totalBytes)}`;
  return [
    `The snapshot is large: ${size}. Most of it: ${largest.slice(0, largestNamed).join(', ')}. ` +
      'Name what the script does not need in .amlignore.',
  ];
}

function fullestFolders(files: readonly Pick<SourceFile, 'path'>[]): string[] {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const end = path.lastIndexOf('/');
    const folder = end === -1 ? 'the source folder itself' : `${path.slice(0, end)}/`;
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([folder, count]) => `${folder} (${count.toLocaleString('en')} files)`);
}

function megabytes(bytes: number): string {
  const value = bytes / (1024 * 1024);
  return `${value >= 10 ? Math.round(value) : value.toFixed(1)} MB`;
}

/**
 * Whether the snapshot is there already. It is touched then, so that nobody takes it away as unused before a run names it.
 */
async function isReused(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) {
      return false;
    }
    const now = new Date();
    await utimes(path, now, now);
    return true;
  } catch (error) {
    if (isNotFound(error)) {
      return false;
    }
    if (errorCode(error) === 'EPERM' || errorCode(error) === 'EACCES') {
      // Somebody else's, in a store that is shared.
      return true;
    }
    throw fileError(error, 'store the snapshot', path);
  }
}
