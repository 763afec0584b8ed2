import { writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fileError } from '../base/errors.ts';
import { findAndProbeInterpreter } from '../interpreters/interpreters.ts';
import { cancelFile } from '../store/storeLayout.ts';
import type {
  ComputeTarget,
  LaunchSpecification,
  PreparedTarget,
  PrepareRequest,
  StartOptions,
} from './computeTarget.ts';
import { startSupervisor } from './supervisorProcess.ts';

/** This machine. */
export const localTarget: ComputeTarget = { name: 'local', prepare, start, cancel };

async function prepare(request: PrepareRequest): Promise<PreparedTarget> {
  const { configuration, sourceDirectory, pythonSdkFolder, signal } = request;
  const compatFolder = join(pythonSdkFolder, 'compat');
  const chosen = configuration.interpreter === undefined ? [] : [inSource(sourceDirectory, configuration.interpreter)];
  const interpreter = await findAndProbeInterpreter([...chosen, ...request.interpreterCandidates], {
    compatFolder,
    ...(request.scriptPath !== undefined && { scriptPath: request.scriptPath }),
    ...(signal && { signal }),
  });
  return {
    interpreter: interpreter.path,
    // Where the real SDK is installed, a script gets the real one.
    pythonPath: interpreter.hasAzureml ? [pythonSdkFolder] : [pythonSdkFolder, compatFolder],
  };
}

/** A run configuration's paths start at the source folder; a bare command is looked for on the path. */
function inSource(sourceDirectory: string, interpreter: string): string {
  const isCommand = !/[\\/]/.test(interpreter);
  return isCommand || isAbsolute(interpreter) || interpreter.startsWith('~')
    ? interpreter
    : join(sourceDirectory, interpreter);
}

function start(launch: LaunchSpecification, options: StartOptions): Promise<void> {
  return startSupervisor(launch, options);
}

async function cancel(runFolder: string): Promise<void> {
  const path = cancelFile(runFolder);
  try {
    await writeFile(path, '');
  } catch (error) {
    throw fileError(error, 'cancel the run', path);
  }
}
