/** The files of `-t, --output-metadata-file`: what a command made, for the command that goes on with it. */
import { access, constants, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError, RunledgerError } from '../core/base/errors.ts';
import { writeFileAtomically } from '../core/store/atomicFile.ts';
import { stringField } from '../core/store/jsonFile.ts';
import { readPlainJson } from '../core/store/plainJson.ts';

/** Makes the file's folder, so that a run is not made whose file cannot be written. Throws `not-writable`. */
export async function assertMetadataFile(file: string | undefined): Promise<void> {
  if (file !== undefined) {
    try {
      await mkdir(dirname(file), { recursive: true });
      await access(dirname(file), constants.W_OK);
    } catch (error) {
      throw fileError(error, 'write the metadata', file);
    }
  }
}

/** Writes what is known of a run. Azure ML's scripts look for `runId` and `experiment_name`. */
export async function writeMetadataFile(
  file: string | undefined,
  run: { readonly id: string; readonly experiment: string },
): Promise<void> {
  if (file !== undefined) {
    const content = { ...run, runId: run.id, experiment_name: run.experiment };
    try {
      await writeFileAtomically(file, `${JSON.stringify(content, null, 2)}\n`);
    } catch (error) {
      throw fileError(error, 'write the metadata', file);
    }
  }
}

/** The run's id in such a file. Throws `not-found`, `unreadable`, `invalid-argument`. */
export async function runIdOfMetadataFile(file: string): Promise<string> {
  const content = await readPlainJson(file, "the run's metadata");
  const id = stringField(content, 'runId') ?? stringField(content, 'run_id') ?? stringField(content, 'id');
  if (id === undefined) {
    throw new RunledgerError('invalid-argument', `${file} names no run: it has neither "runId" nor "id".`, {
      advice: 'Such a file is written by: runledger run submit-script -t FILE SCRIPT',
    });
  }
  return id;
}
