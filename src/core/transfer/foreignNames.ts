/** Names of other tools as names of this one. */
import { createHash } from 'node:crypto';
import { checkExperimentName } from '../store/names.ts';

const mostNameCharacters = 100;
const mostNameBytes = 180;
const mostSegmentBytes = 120;

/** A name that an experiment can have, as near to the text as can be. */
export function experimentNameFrom(text: string): string {
  const allowed = [...text.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}_\-. ]+/gu, '-')];
  let name = '';
  for (const character of allowed.slice(0, mostNameCharacters)) {
    if (Buffer.byteLength(name + character) > mostNameBytes) {
      break;
    }
    name += character;
  }
  name = name.replace(/^[^\p{L}\p{N}]+/u, '').replace(/[. ]+$/, '');
  if (checkExperimentName(name) === undefined) {
    return name;
  }
  // As of a device name of Windows.
  const prefixed = `imported-${name}`;
  return checkExperimentName(prefixed) === undefined ? prefixed : 'imported';
}

/** Paths for files that are named after texts: valid on every platform, each given once. */
export class ArtifactNames {
  private readonly given = new Set<string>();

  /**
   * @param text may have `/`, which parts folders
   * @param extension with its dot
   */
  pathFor(folder: string, text: string, file: string, extension: string): string {
    const segments = text.split('/').filter((segment) => segment !== '');
    const base = [folder, ...segments.map(segmentFrom), segmentFrom(file)].join('/');
    let path = `${base}${extension}`;
    for (let count = 2; this.given.has(path.toLowerCase()); count++) {
      path = `${base}_${count}${extension}`;
    }
    this.given.add(path.toLowerCase());
    return path;
  }
}

function segmentFrom(text: string): string {
  const clean = text
    .normalize('NFC')
    .replace(/[\p{Cc}\\:*?"<>|]/gu, '_')
    .replace(/[. ]+$/, '_')
    .replace(/^\./, '_');
  if (Buffer.byteLength(clean) <= mostSegmentBytes) {
    return clean;
  }
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${[...clean].slice(0, mostSegmentBytes / 4).join('')}-${digest}`;
}
