/** Which version of a model a command is about. */
import type { Command } from 'commander';
import { RunledgerError } from '../core/base/errors.ts';
import { type ModelReference, parseModelId } from '../core/models/modelVersions.ts';
import { wholeNumber } from './numbers.ts';

export interface ModelReferenceOptions {
  readonly modelId?: string;
  readonly name?: string;
  readonly version?: number;
}

/** Adds `-i`, and `-n` with `--version` beside it. */
export function addModelReference(command: Command): Command {
  return command
    .option('-i, --model-id <id>', 'the model and its version, as digits:3')
    .option('-n, --name <name>', 'the model, in place of -i')
    .option('-v, --version <number>', 'with -n, the version (default: the newest)', wholeNumber);
}

/** @throws RunledgerError `invalid-argument` where neither or both are given */
export function modelReference({ modelId, name, version }: ModelReferenceOptions): ModelReference {
  if ((modelId === undefined) === (name === undefined)) {
    throw new RunledgerError('invalid-argument', 'Name the model either with -i or with -n.', {
      advice: 'As in: -i digits:3, or -n digits --version 3. `runledger model list` shows the models.',
    });
  }
  return modelId === undefined ? { name: name ?? '', version } : parseModelId(modelId);
}
