import { basename, extname, join } from 'node:path';
import { type CodeAction, CodeActionKind } from 'vscode-languageserver-types';
import { RunledgerError } from '../../core/base/errors.ts';
import { parseCommandJob } from '../../core/jobs/commandJob.ts';
import { runConfigurationText } from '../../core/jobs/jobRunConfiguration.ts';
import type { Definition } from '../definitions/definition.ts';
import type { OpenFile } from '../fileFeatures.ts';
import { newFile } from './newFile.ts';

/** Of a job that only Azure can run, the action says why there is none. */
export async function runConfigurationFromJob(
  { document, path, world }: OpenFile,
  { isCommandJob }: Definition,
): Promise<readonly CodeAction[]> {
  if (isCommandJob !== true) {
    return [];
  }
  const title = 'Make a run configuration from this job';
  try {
    const names = await world.names(path);
    const job = parseCommandJob(document.getText(), path, basename(path), names?.dataSets ?? []);
    const target = join(job.sourceDirectory, '.azureml', `${basename(path, extname(path))}.runconfig`);
    if (await world.isFile(target)) {
      return [];
    }
    return [{ title, kind: CodeActionKind.Refactor, edit: newFile(target, await runConfigurationText(job)) }];
  } catch (error) {
    if (!RunledgerError.is(error)) {
      throw error;
    }
    return [{ title, kind: CodeActionKind.Refactor, disabled: { reason: error.fullMessage } }];
  }
}
