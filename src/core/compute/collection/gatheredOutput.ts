/** Data that a run writes on another host, brought to the place here that it stands for: a file, or a folder with files. */
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from '../../base/errors.ts';
import { assertArtifactPath } from '../../store/names.ts';
import { foldersOfPlace, type Stamp, stampsOfPlace } from '../dataPlace.ts';
import { type FilePart, FileParts, type PartStamp, partsBelow, partsIn } from './fileParts.ts';

export class GatheredOutput {
  private readonly place: string;
  private readonly fileParts = new FileParts();

  /** @param place absolute */
  constructor(place: string) {
    this.place = place;
  }

  /** What is here already, as the host is told. The path of the place itself, where it is a file, is empty. */
  async known(): Promise<{
    readonly files: Readonly<Record<string, Stamp>>;
    readonly parts: Readonly<Record<string, PartStamp>>;
  }> {
    const own = (await partsIn(dirname(this.place))).get(basename(this.place));
    const below = await partsBelow(this.place, await foldersOfPlace(this.place));
    return {
      files: Object.fromEntries(await stampsOfPlace(this.place)),
      parts: { ...(own !== undefined && { '': own }), ...below },
    };
  }

  /** Takes a part of a file. Throws as {@link FileParts.take}; `invalid-name` for a path that leads elsewhere. */
  async takePart(part: FilePart): Promise<void> {
    if (part.path !== '') {
      assertArtifactPath(part.path);
    }
    const target = part.path === '' ? this.place : join(this.place, ...part.path.split('/'));
    await mkdir(dirname(target), { recursive: true }).catch((error: unknown) => {
      throw fileError(error, 'keep what the run wrote', target);
    });
    await this.fileParts.take(target, part);
  }
}
