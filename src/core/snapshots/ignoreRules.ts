import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore from 'ignore';
import { fileError, isNotFound } from '../base/errors.ts';

/** What is left out of the snapshots of one source folder. */
export interface IgnoreRules {
  /** The file that holds the rules, as `.amlignore`; undefined where the folder has none. */
  readonly fileName: string | undefined;
  /** @param path relative to the source folder, with `/` */
  isIgnored(path: string, isFolder: boolean): boolean;
}

/** `.amlignore` wins over `.gitignore`: as in Azure ML, one file is read and the other is not looked at. */
const ruleFiles = ['.amlignore', '.gitignore'] as const;

const neverTaken = /^(\.git|\.env|\.runledger|\.runledger-staging-.*)$/;

/** Whether a file or folder of this name is left out wherever it lies: repositories and stores are no source, and secrets are not kept. */
export function isNeverTaken(name: string): boolean {
  return neverTaken.test(name);
}

/**
 * Reads the rules of a source folder. Only files at its root count.
 *
 * @throws RunledgerError `not-writable` or `unreadable` where the file is there and cannot be read
 */
export async function loadIgnoreRules(sourceDirectory: string): Promise<IgnoreRules> {
  for (const fileName of ruleFiles) {
    const path = join(sourceDirectory, fileName);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (isNotFound(error)) {
        continue;
      }
      throw fileError(error, 'read the ignore rules', path);
    }
    return { fileName, isIgnored: matcher(text) };
  }
  return { fileName: undefined, isIgnored: () => false };
}

/** The rules of a text that stands, or is about to stand, in `.amlignore`. */
export function amlignoreRules(text: string): IgnoreRules {
  return { fileName: ruleFiles[0], isIgnored: matcher(text) };
}

function matcher(text: string): IgnoreRules['isIgnored'] {
  // Git follows the file system's own idea of case, and so do the rules of a snapshot.
  const isCaseInsensitive = process.platform === 'win32' || process.platform === 'darwin';
  const rules = ignore({ ignorecase: isCaseInsensitive }).add(text.replace(/^\uFEFF/, ''));
  return (path, isFolder) => rules.ignores(isFolder ? `${path}/` : path);
}
