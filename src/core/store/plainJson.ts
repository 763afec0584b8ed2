import { RunledgerError } from '../base/errors.ts';
import { isJsonObject, type JsonObject, readText } from './jsonFile.ts';

/**
 * Reads a JSON object from a file that people and other programs write too, and that carries no format.
 *
 * @param what names the thing in messages: "the compute target"
 * @throws RunledgerError `not-found`, `unreadable`
 */
export async function readPlainJson(path: string, what: string): Promise<JsonObject> {
  const text = await readText(path, what);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new RunledgerError('unreadable', `${path} is not valid JSON, so ${what} cannot be read: ${detail}.`, {
      cause: error,
    });
  }
  if (!isJsonObject(value)) {
    throw new RunledgerError('unreadable', `${path} is not a JSON object, so ${what} cannot be read.`);
  }
  return value;
}
