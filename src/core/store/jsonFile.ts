import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { supportedFormat } from './storeLayout.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * @param what names the thing in messages: "the workspace"
 * @throws RunledgerError `not-found`, `unreadable`
 */
export async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isNotFound(error)) {
      throw new RunledgerError('not-found', `${path} does not exist.`, { cause: error });
    }
    throw fileError(error, `read ${what}`, path);
  }
}

/**
 * Reads one of the store's JSON files and checks its format. Its messages begin with what is wrong, since a row of a list
 * has room for no more.
 *
 * @param what names the thing in messages: "the workspace"
 * @throws RunledgerError `not-found`, `unreadable`, or `newer-format` where a newer version wrote it
 */
export async function readStoreFile(path: string, what: string): Promise<JsonObject> {
  return parseStoreFile(await readText(path, what), path, what);
}

/** What {@link readStoreFile} does with the text of the file. */
export function parseStoreFile(text: string, path: string, what: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RunledgerError('unreadable', `${basename(path)} is not valid JSON, so ${what} cannot be read: ${path}.`, {
      cause: error,
    });
  }
  if (!isJsonObject(value) || typeof value.format !== 'number') {
    throw new RunledgerError(
      'unreadable',
      `${basename(path)} was not written by Runledger, so ${what} cannot be read: ${path}.`,
    );
  }
  if (value.format > supportedFormat) {
    throw new RunledgerError(
      'newer-format',
      `A newer Runledger wrote ${what}: ${path} has format ${value.format}, and this version reads up to ${supportedFormat}.`,
      { advice: 'Update Runledger, then try again. Nothing was changed.' },
    );
  }
  return value;
}

export function stringField(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' ? value : undefined;
}

export function numberField(object: JsonObject, name: string): number | undefined {
  const value = object[name];
  return typeof value === 'number' ? value : undefined;
}
