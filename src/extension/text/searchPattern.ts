/** A path as VS Code's search takes it among the files to include: what would mean something else there stands for any one character. */
export function searchPattern(path: string): string {
  return path.replaceAll(/[,*?{}()[\]!]/g, '?');
}
