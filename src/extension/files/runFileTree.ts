/** A folder's view of files that are known by their paths alone, as a zip lists them. */

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** What lies in a folder, by name; undefined where there is no such folder. The empty path is the root, which is always there. */
export function entriesOfFolder(paths: Iterable<string>, folder: string): readonly FolderEntry[] | undefined {
  const prefix = folder === '' ? '' : `${folder}/`;
  const entries = new Map<string, boolean>();
  for (const path of paths) {
    if (path.startsWith(prefix)) {
      const [name = '', ...rest] = path.slice(prefix.length).split('/');
      entries.set(name, rest.length > 0);
    }
  }
  if (entries.size === 0 && folder !== '') {
    return undefined;
  }
  return [...entries].map(([name, isFolder]) => ({ name, isFolder })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
