import type { FileModel } from '../../../src/protocol/runPage.ts';
import { lazy } from '../../shared/lazy.ts';

export interface FileRow {
  readonly kind: 'folder' | 'file';
  readonly name: string;
  readonly path: string;
  /** 0 at the top. */
  readonly depth: number;
  /** Of the file, or of all that the folder holds. */
  readonly bytes: number;
  /** Files in a folder; 0 for a file. */
  readonly fileCount: number;
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: FileModel[];
}

function newFolder(): Folder {
  return { folders: new Map(), files: [] };
}

function grow(files: readonly FileModel[]): Folder {
  const root = newFolder();
  for (const file of files) {
    let folder = root;
    for (const segment of file.path.split('/').slice(0, -1)) {
      const next = folder.folders.get(segment) ?? newFolder();
      folder.folders.set(segment, next);
      folder = next;
    }
    folder.files.push(file);
  }
  return root;
}

function totals(folder: Folder): { bytes: number; fileCount: number } {
  let bytes = folder.files.reduce((sum, file) => sum + file.bytes, 0);
  let fileCount = folder.files.length;
  for (const child of folder.folders.values()) {
    const inner = totals(child);
    bytes += inner.bytes;
    fileCount += inner.fileCount;
  }
  return { bytes, fileCount };
}

const byName = lazy(() => new Intl.Collator('en', { numeric: true }));
/** What a reader comes for stands first. */
const FIRST_FOLDERS = ['logs', 'outputs'];

function compareFolders(a: string, b: string, depth: number): number {
  const rank = (name: string): number => {
    const place = depth === 0 ? FIRST_FOLDERS.indexOf(name) : -1;
    return place === -1 ? FIRST_FOLDERS.length : place;
  };
  return rank(a) - rank(b) || byName().compare(a, b);
}

/** The rows of the tree that can be seen: folders before files, what is in closed folders left out. */
export function fileRows(files: readonly FileModel[], closed: ReadonlySet<string>): FileRow[] {
  const rows: FileRow[] = [];
  const visit = (folder: Folder, prefix: string, depth: number): void => {
    for (const [name, child] of [...folder.folders].sort(([a], [b]) => compareFolders(a, b, depth))) {
      const path = `${prefix}${name}`;
      rows.push({ kind: 'folder', name, path, depth, ...totals(child) });
      if (!closed.has(path)) {
        visit(child, `${path}/`, depth + 1);
      }
    }
    for (const file of folder.files.toSorted((a, b) => byName().compare(a.path, b.path))) {
      const name = file.path.slice(prefix.length);
      rows.push({ kind: 'file', name, path: file.path, depth, bytes: file.bytes, fileCount: 0 });
    }
  };
  visit(grow(files), '', 0);
  return rows;
}
