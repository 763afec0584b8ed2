/** Making an environment before a run needs it, for the Python SDK. */
import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { targetOf } from '../../core/compute/computeTargets.ts';
import type { JsonObject } from '../../core/store/jsonFile.ts';
import type { CliContext } from '../context.ts';
import { environmentProgress } from '../environmentProgress.ts';
import { configurationOf } from '../internalRequests.ts';
import { JsonFields } from '../jsonFields.ts';

/**
 * Makes what a run with the configuration would make. The log stays where it cannot be made, as the error names it.
 *
 * @throws RunledgerError as a submission does
 */
export async function buildEnvironment(input: JsonObject, context: CliContext): Promise<object> {
  const fields = new JsonFields(input);
  const configuration = configurationOf(fields.object('configuration'), new Set());
  const { pythonSdkFolder } = context.installation;
  const target = await targetOf(undefined, configuration);
  const prepared = await target.prepare({
    configuration,
    workspaceFolder: undefined,
    sourceDirectory: fields.text('sourceDirectory'),
    scriptPath: undefined,
    interpreterCandidates: fields.optionalTexts('interpreterCandidates') ?? [],
    pythonSdkFolder,
  });
  const warnings = [...configuration.warnings, ...prepared.warnings];
  if (prepared.environment === undefined && prepared.pending === undefined) {
    return { interpreter: prepared.interpreter, log: '', warnings };
  }
  const logPath = join(tmpdir(), `runledger-environment-${randomUUID()}.log`);
  const tell = environmentProgress(context);
  const { interpreter } = await target.makeEnvironment(prepared, {
    pythonSdkFolder,
    logPath,
    logName: logPath,
    onStep: (message) => tell({ phase: 'environment', message }),
  });
  const log = await readFile(logPath, 'utf8').catch(() => '');
  await rm(logPath, { force: true });
  return { interpreter, log, warnings };
}
