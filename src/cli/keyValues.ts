/** Options of the form `name=value`, which can be given several times. */
import { InvalidArgumentError } from 'commander';

export type KeyValues = Readonly<Record<string, string | null>>;

/** Adds `name=value`, or `name` alone, which has no value, to those that were given before. For an option's parser. */
export function addKeyValue(text: string, before: KeyValues = {}): KeyValues {
  const { name, value } = split(text);
  return { ...before, [name]: value ?? null };
}

/** The same where each must have a value. */
export function addKeyWithValue(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const { name, value } = split(text);
  if (value === undefined) {
    throw new InvalidArgumentError('It must be a name and a value, as stage=production.');
  }
  return { ...before, [name]: value };
}

export function addText(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** The conditions that a list's `--tag` and `--property` are. */
export function conditionsOf(values: KeyValues | undefined): { name: string; value: string | undefined }[] {
  return Object.entries(values ?? {}).map(([name, value]) => ({ name, value: value ?? undefined }));
}

function split(text: string): { name: string; value: string | undefined } {
  const end = text.indexOf('=');
  const name = end === -1 ? text : text.slice(0, end);
  if (name === '') {
    throw new InvalidArgumentError('The name before "=" is missing.');
  }
  return { name, value: end === -1 ? undefined : text.slice(end + 1) };
}
