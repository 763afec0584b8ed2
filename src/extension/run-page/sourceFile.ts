import { isAbsolute, join, normalize, relative, sep } from 'node:path';
import { isFile } from '../../core/base/commandPath.ts';
import { RunledgerError } from '../../core/base/errors.ts';
import { isInside } from '../../core/snapshots/sourceFiles.ts';

export interface SourcePlace {
  /** The folder that was submitted; undefined for an interactive run. */
  readonly sourceDirectory: string | undefined;
  readonly runFolder: string;
}

/**
 * The file that a traceback of a run means. A path inside the run's folder is that of a working copy, which stands for the
 * same file of the source directory; a relative one is meant from the source directory; any other absolute one as it is.
 *
 * @throws RunledgerError `not-found` where there is no such file
 */
export async function findSourceFile(path: string, place: SourcePlace): Promise<string> {
  for (const candidate of candidates(path, place)) {
    if (await isFile(candidate)) {
      return candidate;
    }
  }
  throw new RunledgerError('not-found', `The source file ${path} is not there any more.`, {
    advice: 'The code that ran is kept in the snapshot of the run.',
  });
}

function candidates(path: string, { sourceDirectory, runFolder }: SourcePlace): readonly string[] {
  if (!isAbsolute(path)) {
    const inside = sourceDirectory === undefined ? undefined : normalize(join(sourceDirectory, path));
    return inside !== undefined && isInside(sourceDirectory ?? '', inside) ? [inside] : [];
  }
  if (!isInside(runFolder, normalize(path))) {
    return [normalize(path)];
  }
  if (sourceDirectory === undefined) {
    return [normalize(path)];
  }
  // The working copy lies one or more folders down in the run's; the rest of the path is that of the file in the source.
  const parts = relative(runFolder, normalize(path)).split(sep);
  const inSource = parts.slice(1).map((_, index) => join(sourceDirectory, ...parts.slice(index + 1)));
  return [...inSource, normalize(path)];
}
