/** What goes into a command of a job, and what its expressions stand for. */
import { resolve } from 'node:path';
import { DefinitionRefusal } from '../base/definitionFile.ts';
import { dataSetPath, type RegisteredDataSet } from '../data-sets/registeredDataSets.ts';
import type { Meaning } from './commandTemplate.ts';
import { isElsewhere, type JobInput } from './jobFields.ts';

/** What can be done about data that are elsewhere. */
export const whatToName = 'name a path, relative to the file, or a registered data set of files';

export type KeyPath = readonly string[];

const dataTypes = /^(uri_|mltable|\w+_model$)/;
const boundText = /^\s*\$\{\{\s*([\w.-]+)\s*\}\}\s*$/;

/** The types of data: such an input is a path, however it is written. */
export function isData(type: unknown): boolean {
  return typeof type === 'string' && dataTypes.test(type);
}

export interface InputContext {
  /** Data sets of the workspace, which inputs may name. */
  readonly dataSets: readonly RegisteredDataSet[];
  /** Where relative paths begin, absolute. */
  readonly folder: string;
  /** What an expression in the place of a value stands for, as `parent.inputs.rate`. */
  readonly bound: (expression: string, at: KeyPath) => Meaning;
}

/**
 * What an input stands for.
 *
 * @param declared the type that a component gives it
 * @throws DefinitionRefusal for what is not on this machine, or has no value
 */
export function meaningOfInput(input: JobInput, at: KeyPath, declared: unknown, context: InputContext): Meaning {
  if (typeof input !== 'object') {
    const expression = typeof input === 'string' ? boundText.exec(input)?.[1] : undefined;
    return expression !== undefined
      ? context.bound(expression, at)
      : isData(declared)
        ? localPath(String(input), at, context)
        : String(input);
  }
  if (input.path === undefined) {
    if (input.default === undefined) {
      throw new DefinitionRefusal(at, 'has neither a path nor a value', true);
    }
    return String(input.default);
  }
  const expression = boundText.exec(input.path)?.[1];
  return expression === undefined
    ? localPath(input.path, [...at, 'path'], context)
    : context.bound(expression, [...at, 'path']);
}

function localPath(path: string, at: KeyPath, context: InputContext): Meaning {
  const word = pathHere(path, context);
  if (word === undefined) {
    throw new DefinitionRefusal(at, `${path} is not on this machine; ${whatToName}`);
  }
  return { word, isPath: true };
}

/** Where data of an input are on this machine, absolute; undefined where they are elsewhere. */
export function pathHere(
  path: string,
  { folder, dataSets }: Pick<InputContext, 'folder' | 'dataSets'>,
): string | undefined {
  const registered = dataSetPath(dataSets, path);
  return registered === undefined && !isElsewhere(path)
    ? resolve(folder, path.replace(/^file:(\/\/)?/, ''))
    : registered;
}
