/** Commands that jobs share: components in files of their own, beside a job. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { optionalField, parseDefinitionFile } from '../base/definitionFile.ts';
import { fileError } from '../base/errors.ts';
import { type CommandFields, commandField, commandFields, isElsewhere, text } from './jobFields.ts';

/** Of a command in a component, or within a step. */
export const componentFields = {
  ...commandFields,
  type: optionalField(text),
  is_deterministic: optionalField(v.boolean('must be true or false')),
  command: optionalField(commandField),
};

const componentSettings = v.looseObject({ ...componentFields }, 'must be a component');

export interface Component {
  readonly fields: CommandFields & {
    readonly type?: string | undefined;
    readonly is_deterministic?: boolean | undefined;
  };
  /** Where its paths begin, absolute. */
  readonly folder: string;
}

/** By what a job calls them. */
export type Components = ReadonlyMap<string, Component>;

/** Whether a job names a component by its file, and not by what Azure calls it. */
export function isComponentFile(name: string): boolean {
  return !isElsewhere(name) && /\.(ya?ml|json)$/i.test(name);
}

/**
 * Reads the components that are named by their files.
 *
 * @param folder of the job's file, absolute
 * @throws RunledgerError `not-found`, `unreadable`, `invalid-argument` with line and column
 */
export async function readComponents(names: readonly string[], folder: string): Promise<Components> {
  const files = [...new Set(names)].filter(isComponentFile);
  const read = files.map(async (name) => {
    const path = resolve(folder, name.replace(/^file:/, ''));
    return [name, await readComponent(path)] as const;
  });
  return new Map(await Promise.all(read));
}

async function readComponent(path: string): Promise<Component> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, 'read the component', path);
  }
  return { fields: parseDefinitionFile(componentSettings, content, basename(path)), folder: dirname(path) };
}
