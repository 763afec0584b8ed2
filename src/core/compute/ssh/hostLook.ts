/** What a submission has to know of a host: whether its folder can be written, and which Python runs the script. */
import { readFile } from 'node:fs/promises';
import { fileError, RunledgerError } from '../../base/errors.ts';
import { answerAfter } from '../../interpreters/interpreterProcess.ts';
import { isTooOld } from '../../interpreters/interpreters.ts';
import { probeMarker, probeProgram } from '../../interpreters/probeProgram.ts';
import { ScriptSyntaxError } from '../../interpreters/scriptSyntaxError.ts';
import { isJsonObject, type JsonObject } from '../../store/jsonFile.ts';
import type { HostAgent } from './hostAgent.ts';

export const defaultHostFolder = '~/.cache/runledger';
/** With less, a snapshot and its unpacked copy hardly fit. */
const neededBytes = 20 * 1024 * 1024;

export interface HostLook {
  /** Absolute, there. */
  readonly folder: string;
  readonly freeBytes: number;
  readonly interpreter: { readonly path: string; readonly version: string; readonly hasAzureml: boolean };
}

/**
 * Looks at the host that an agent is on.
 *
 * @param interpreter a path there, or a command on the path there; undefined for the Python that the target names
 * @param scriptPath of this machine, to be compiled there
 * @throws RunledgerError `interpreter-not-found`, `interpreter-too-old`, `script-syntax`, `disk-full`, `not-writable`
 */
export async function lookAtHost(
  agent: HostAgent,
  request: { readonly interpreter: string | undefined; readonly scriptPath: string | undefined },
): Promise<HostLook> {
  const { settings } = agent.host;
  const script = request.scriptPath === undefined ? undefined : await contentOf(request.scriptPath);
  const fields: JsonObject = {
    folder: settings.folder ?? defaultHostFolder,
    interpreter: request.interpreter ?? null,
    probe: probeProgram,
  };
  const answer = await agent.request('look', fields, script);
  const folder = String(answer.folder);
  const freeBytes = Number(answer.freeBytes);
  if (freeBytes < neededBytes) {
    throw new RunledgerError('disk-full', `On ${settings.host} hardly any space is left for ${folder}.`, {
      advice: 'Free some there, or name another folder in the file of the compute target.',
    });
  }
  return { folder, freeBytes, interpreter: interpreterIn(answer, settings.host, request.scriptPath) };
}

function interpreterIn(answer: JsonObject, host: string, scriptPath: string | undefined): HostLook['interpreter'] {
  const path = String(answer.interpreter);
  const advice = `Name one of ${host}: in the run configuration (interpreterPath), or as "python" in the file of the compute target.`;
  if (answer.isThere !== true) {
    throw new RunledgerError('interpreter-not-found', `There is no Python interpreter ${path} on ${host}.`, { advice });
  }
  const probed = answerAfter(probeMarker, String(answer.output));
  if (!isJsonObject(probed) || !Array.isArray(probed.version)) {
    const said = String(answer.said).trim().split('\n').at(-1) ?? '';
    throw new RunledgerError('interpreter-not-found', `${path} on ${host} is not a Python interpreter: ${said}`, {
      advice,
    });
  }
  const version = probed.version.map(Number);
  if (isTooOld(version)) {
    throw new RunledgerError(
      'interpreter-too-old',
      `${path} on ${host} is Python ${version.join('.')}; Runledger needs Python 3.8 or later.`,
      { advice },
    );
  }
  if (scriptPath !== undefined && isJsonObject(probed.syntax)) {
    throw ScriptSyntaxError.from(scriptPath, probed.syntax, version.join('.'));
  }
  const executable = typeof probed.executable === 'string' && probed.executable.startsWith('/');
  return {
    path: executable ? String(probed.executable) : path,
    version: version.join('.'),
    hasAzureml: probed.azureml === true,
  };
}

async function contentOf(scriptPath: string): Promise<Buffer> {
  try {
    return await readFile(scriptPath);
  } catch (error) {
    throw fileError(error, 'read the script', scriptPath);
  }
}
