/**
 * The values of secret-looking variables that an orchestration's jobs get. They are in no file of the store: until the orchestration has
 * ended they lie in the user's own folder, which nobody else reads; those of a published pipeline stay there.
 */
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { fileError } from '../base/errors.ts';
import { hiddenValue, isSecret } from '../base/secretValues.ts';
import { readTextIfThere } from '../base/textFile.ts';
import { writeFileAtomically } from '../store/atomicFile.ts';
import { isJsonObject } from '../store/jsonFile.ts';
import { userDataFolder } from '../store/userData.ts';

const variablesKey = 'environmentvariables';

/** Values by where they belong: the keys that lead there, as JSON. */
export type Secrets = Readonly<Record<string, string>>;

const secretsSchema = v.record(v.string(), v.string());

/** Any JSON with its secrets hidden, and what they were. */
export function separateSecrets<T>(value: T): { readonly open: T; readonly secrets: Secrets } {
  const secrets: Record<string, string> = {};
  const open = withVariables(value, (name, text, place) => {
    if (text === hiddenValue || !isSecret(name, text)) {
      return text;
    }
    secrets[place] = text;
    return hiddenValue;
  });
  return { open, secrets };
}

/** The opposite of `separateSecrets`. */
export function withSecrets<T>(value: T, secrets: Secrets): T {
  return withVariables(value, (_name, text, place) => secrets[place] ?? text);
}

/** JSON without the variables whose values are not known any more, and their names, each once. */
export function withoutHidden<T>(value: T): { readonly open: T; readonly names: readonly string[] } {
  const names = new Set<string>();
  const open = withVariables(value, (name, text) => {
    if (text === hiddenValue) {
      names.add(name);
      return undefined;
    }
    return text;
  });
  return { open, names: [...names] };
}

/** JSON with each text of its variables replaced; undefined takes a variable out. */
function withVariables<T>(
  value: T,
  change: (name: string, text: string, place: string) => string | undefined,
  path: readonly (string | number)[] = [],
): T {
  const changed = (): unknown => {
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) => withVariables(item, change, [...path, index]));
    }
    if (!isJsonObject(value)) {
      return value;
    }
    const isVariables = typeof path.at(-1) === 'string' && String(path.at(-1)).toLowerCase() === variablesKey;
    const entries = Object.entries(value).map(([key, field]) => {
      const place = [...path, key];
      return isVariables && typeof field === 'string'
        ? [key, change(key, field, JSON.stringify(place))]
        : [key, withVariables(field, change, place)];
    });
    return Object.fromEntries(entries.filter(([, field]) => field !== undefined));
  };
  // The form stays: texts become other texts, and variables may be fewer.
  return changed() as T;
}

/** @throws RunledgerError `not-writable`, `disk-full` */
export async function keepSecrets(id: string, secrets: Secrets): Promise<void> {
  if (Object.keys(secrets).length === 0) {
    return;
  }
  const path = secretsFile(id);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFileAtomically(path, JSON.stringify(secrets), 0o600);
  } catch (error) {
    throw fileError(error, 'keep the variables of the run', path);
  }
}

/** None where nothing was kept, or is kept no more. Throws RunledgerError `unreadable` and the like. */
export async function keptSecrets(runId: string): Promise<Secrets> {
  const path = secretsFile(runId);
  try {
    const text = await readTextIfThere(path);
    const result = v.safeParse(secretsSchema, JSON.parse(text ?? '{}'));
    return result.success ? result.output : {};
  } catch (error) {
    throw fileError(error, 'read the variables of the run', path);
  }
}

export async function forgetSecrets(runId: string): Promise<void> {
  await rm(secretsFile(runId), { force: true });
}

function secretsFile(runId: string): string {
  return join(userDataFolder(), 'secrets', `${runId}.json`);
}
