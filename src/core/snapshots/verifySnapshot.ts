import { createHash } from 'node:crypto';
import { type ZipEntry, ZipReader, type ZipReaderOptions } from '../base/zipReader.ts';
import { contentHash } from './snapshot.ts';
import type { HashedFile } from './sourceFileReader.ts';

/**
 * Whether a zip holds the code that a hash names. Under another hash, runs of that code would be given this one.
 *
 * @throws RunledgerError `unreadable` for what is no zip, `zip-too-large`
 */
export async function isSnapshotOf(zipPath: string, hash: string, options: ZipReaderOptions = {}): Promise<boolean> {
  const zip = await ZipReader.open(zipPath, options);
  try {
    const files: HashedFile[] = [];
    for (const entry of zip.entries) {
      files.push(await hashedFile(zip, entry));
    }
    return contentHash(files) === hash;
  } finally {
    zip.close();
  }
}

async function hashedFile(zip: ZipReader, { path, bytes, isExecutable }: ZipEntry): Promise<HashedFile> {
  const hash = createHash('sha256');
  for await (const part of await zip.content(path)) {
    hash.update(part as Buffer);
  }
  return { path, bytes, sha256: hash.digest('hex'), isExecutable };
}
