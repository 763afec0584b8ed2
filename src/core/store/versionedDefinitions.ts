/** Definitions that have versions: `<folder>/<key>/<version>.json`, versions from 1, each written once (docs/store-format.md). */
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { errorCode, fileError, RunledgerError } from '../base/errors.ts';
import { randomHex, toJsonText } from './atomicFile.ts';
import { type JsonObject, numberField, readStoreFile, stringField } from './jsonFile.ts';
import { type NamedKind, nameKey, normalizeName } from './names.ts';
import { entriesOf, supportedFormat } from './storeLayout.ts';

/** One version. */
export interface VersionedDefinition {
  readonly name: string;
  readonly version: number;
  /** Unix seconds. */
  readonly createdTime: number;
  /** The whole record, with the name and the version. */
  readonly content: JsonObject;
}

export class VersionedDefinitions {
  private readonly folder: string;
  private readonly kind: NamedKind;

  constructor(folder: string, kind: NamedKind) {
    this.folder = folder;
    this.kind = kind;
  }

  /** The newest version of each, by name. Those that cannot be read are left out. */
  async list(): Promise<readonly VersionedDefinition[]> {
    const keys = (await entriesOf(this.folder)).sort();
    const found = await Promise.all(
      keys.map(async (key) => {
        try {
          return await this.latest(key);
        } catch (error) {
          if (error instanceof RunledgerError) {
            return undefined;
          }
          throw error;
        }
      }),
    );
    return found.filter((definition) => definition !== undefined);
  }

  /** Ascending; none where there is no such definition. Throws `invalid-name`. */
  async versions(name: string): Promise<readonly number[]> {
    const files = await entriesOf(this.folderOf(name));
    return files
      .flatMap((file) => /^(\d+)\.json$/.exec(file)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  /** Throws `invalid-name`, `unreadable`, `newer-format`. */
  async latest(name: string): Promise<VersionedDefinition | undefined> {
    const version = (await this.versions(name)).at(-1);
    return version === undefined ? undefined : this.read(name, version);
  }

  /**
   * A version; the newest where none is named.
   *
   * @throws RunledgerError `not-found`, `invalid-name`, `unreadable`, `newer-format`
   */
  async find(name: string, version?: number): Promise<VersionedDefinition> {
    const versions = await this.versions(name);
    const wanted = version ?? versions.at(-1);
    if (wanted === undefined) {
      const known = (await this.list()).map((definition) => definition.name).join(', ');
      throw new RunledgerError('not-found', `There is no ${this.kind} "${name}" in this workspace.`, {
        advice: known === '' ? 'None is registered yet.' : `There are: ${known}.`,
      });
    }
    if (!versions.includes(wanted)) {
      throw new RunledgerError('not-found', `The ${this.kind} "${name}" has no version ${wanted}.`, {
        advice: `There are: ${versions.join(', ')}.`,
      });
    }
    return this.read(name, wanted);
  }

  /**
   * Stores a definition as a new version, unless the newest is equal to it.
   *
   * @param content plain values, without name and version
   * @throws RunledgerError `invalid-name`, `not-writable`, `disk-full`
   */
  async add(name: string, content: JsonObject): Promise<VersionedDefinition> {
    const stored = normalizeName(this.kind, name);
    const latest = await this.latest(stored);
    if (latest !== undefined && holds(latest.content, content)) {
      return latest;
    }
    const folder = this.folderOf(stored);
    try {
      await mkdir(folder, { recursive: true });
      let version = ((await this.versions(stored)).at(-1) ?? 0) + 1;
      while (!(await publish(folder, version, { ...content, format: supportedFormat, name: stored }))) {
        version++;
      }
      return await this.read(stored, version);
    } catch (error) {
      throw fileError(error, `register the ${this.kind} "${stored}"`, folder);
    }
  }

  private async read(name: string, version: number): Promise<VersionedDefinition> {
    const content = await readStoreFile(join(this.folderOf(name), `${version}.json`), `the ${this.kind} "${name}"`);
    return {
      name: stringField(content, 'name') ?? name,
      version,
      createdTime: numberField(content, 'createdTime') ?? 0,
      content,
    };
  }

  private folderOf(name: string): string {
    return join(this.folder, nameKey(this.kind, name));
  }
}

function holds(record: JsonObject, content: JsonObject): boolean {
  return Object.entries(content).every(([key, value]) => isDeepStrictEqual(record[key] ?? null, value ?? null));
}

/** Writes the version, whole or not at all. Resolves with whether its number was free. */
async function publish(folder: string, version: number, record: JsonObject): Promise<boolean> {
  const staged = join(folder, `.${version}.json.${randomHex(4)}.tmp`);
  try {
    await writeFile(staged, toJsonText({ ...record, version, createdTime: Date.now() / 1000 }), { flush: true });
    // Unlike a rename, a link never replaces what is there.
    await link(staged, join(folder, `${version}.json`));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    await rm(staged, { force: true });
  }
}
