import { writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fileError } from '../base/errors.ts';
import { ensureEnvironment } from '../environments/environmentCache.ts';
import { planEnvironment } from '../environments/environmentPlan.ts';
import { findAndProbeInterpreter, type ProbedInterpreter, probeInterpreter } from '../interpreters/interpreters.ts';
import { cancelFile } from '../store/storeLayout.ts';
import type {
  ComputeTarget,
  LaunchSpecification,
  MakeTargetOptions,
  PreparedTarget,
  PrepareRequest,
  StartOptions,
} from './computeTarget.ts';
import { placeInQueue, readLocalMachine } from './localMachine.ts';
import { startSupervisor } from './supervisorProcess.ts';

/** This machine. */
export const localTarget: ComputeTarget = { name: 'local', prepare, makeEnvironment, start, cancel };

async function prepare(request: PrepareRequest): Promise<PreparedTarget> {
  const { configuration, sourceDirectory, pythonSdkFolder, signal } = request;
  const compatFolder = join(pythonSdkFolder, 'compat');
  const queue =
    request.workspaceFolder === undefined
      ? undefined
      : placeInQueue(await readLocalMachine(request.workspaceFolder), process.env.RUNLEDGER_RUN_ID);
  const chosen = configuration.interpreter === undefined ? [] : [inSource(sourceDirectory, configuration.interpreter)];
  const interpreter = await findAndProbeInterpreter([...chosen, ...request.interpreterCandidates], {
    compatFolder,
    ...(request.scriptPath !== undefined && { scriptPath: request.scriptPath }),
    ...(signal && { signal }),
  });
  const { environment, warnings } = await planEnvironment(configuration.dependencies, interpreter, {
    sourceDirectory,
    configurationPath: configuration.path,
    ...(signal && { signal }),
  });
  return {
    interpreter: environment?.interpreter ?? interpreter.path,
    pythonPath: pythonPathFor(interpreter, pythonSdkFolder),
    environment,
    queue,
    warnings,
  };
}

async function makeEnvironment(prepared: PreparedTarget, options: MakeTargetOptions): Promise<PreparedTarget> {
  const { environment } = prepared;
  if (environment === undefined) {
    return prepared;
  }
  const { pythonSdkFolder, signal } = options;
  await ensureEnvironment(environment, options);
  const interpreter = await probeInterpreter(environment.interpreter, {
    compatFolder: join(pythonSdkFolder, 'compat'),
    ...(signal && { signal }),
  });
  return { ...prepared, pythonPath: pythonPathFor(interpreter, pythonSdkFolder), environment: undefined };
}

/** Where the real SDK is installed, a script gets the real one. */
function pythonPathFor({ hasAzureml }: ProbedInterpreter, pythonSdkFolder: string): readonly string[] {
  return hasAzureml ? [pythonSdkFolder] : [pythonSdkFolder, join(pythonSdkFolder, 'compat')];
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
