import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type CopyOptions, copyTree } from '../base/copyTree.ts';
import { fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import type { ModelVersion } from '../domain/model.ts';
import { randomHex } from '../store/atomicFile.ts';

export interface DownloadModelOptions extends CopyOptions {
  /** Absolute; made where it is missing. */
  readonly targetFolder: string;
  /** Replace a file or folder of the model's name that is there. */
  readonly isReplacing?: boolean;
}

/** The file or folder that was registered, absolute. Throws `not-found` where it is gone. */
export async function modelContentPath(model: Pick<ModelVersion, 'id' | 'folder'>): Promise<string> {
  const folder = join(model.folder, 'files');
  let names: string[] = [];
  try {
    names = (await readdir(folder)).filter((name) => !/^\..*\.tmp$/.test(name)).sort();
  } catch (error) {
    if (!isNotFound(error)) {
      throw fileError(error, 'read the model', folder);
    }
  }
  if (names[0] === undefined) {
    throw new RunledgerError('not-found', `The files of the model ${model.id} are gone from ${folder}.`);
  }
  return join(folder, names[0]);
}

/**
 * Copies a model into a folder. What is replaced goes only when the copy is complete.
 *
 * @returns the path of the copy
 * @throws RunledgerError `already-exists`, `not-found`, `not-writable`, `disk-full`, `canceled`
 */
export async function downloadModel(model: ModelVersion, options: DownloadModelOptions): Promise<string> {
  const { targetFolder } = options;
  const source = await modelContentPath(model);
  const target = join(targetFolder, basename(source));
  const suffix = `${randomHex(4)}.tmp`;
  const staged = join(targetFolder, `.${basename(source).slice(0, 60)}.${suffix}`);
  const replaced = join(targetFolder, `.${basename(source).slice(0, 60)}.replaced.${suffix}`);
  try {
    if (options.isReplacing !== true && (await pathExists(target))) {
      throw new RunledgerError('already-exists', `${target} is there already.`, {
        advice: 'Choose another folder, or have it replaced: --overwrite.',
      });
    }
    await mkdir(targetFolder, { recursive: true });
    await copyTree(source, staged, options);
    // A folder cannot be renamed onto another one.
    if (await pathExists(target)) {
      await rename(target, replaced);
    }
    await rename(staged, target);
    await rm(replaced, { recursive: true, force: true });
    return target;
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    if ((await pathExists(replaced)) && !(await pathExists(target))) {
      await rename(replaced, target);
    }
    throw fileError(error, `download the model ${model.id}`, target);
  }
}
