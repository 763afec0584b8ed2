import { isAbsolute, join } from 'node:path';
import { findCondaInterpreter } from '../../environments/condaEnvironments.ts';
import { ensureEnvironment } from '../../environments/environmentCache.ts';
import { planEnvironment } from '../../environments/environmentPlan.ts';
import { findAndProbeInterpreter, type ProbedInterpreter, probeInterpreter } from '../../interpreters/interpreters.ts';
import type { ComputeTarget, MakeTargetOptions, PreparedTarget, PrepareRequest } from '../computeTarget.ts';
import { startSupervisor } from '../supervisorProcess.ts';
import type { CheckRequest, TargetFinding } from '../targetCheck.ts';
import { finding } from '../targetCheck.ts';
import { placeInQueue, readLocalMachine } from './localMachine.ts';

/** This machine. */
export const localTarget: ComputeTarget = {
  name: 'local',
  type: 'local',
  prepare,
  makeEnvironment,
  start: startSupervisor,
  check,
};

async function prepare(request: PrepareRequest): Promise<PreparedTarget> {
  const { configuration, sourceDirectory, pythonSdkFolder, signal } = request;
  const compatFolder = join(pythonSdkFolder, 'compat');
  const queue =
    request.workspaceFolder === undefined
      ? undefined
      : placeInQueue(await readLocalMachine(request.workspaceFolder), process.env.RUNLEDGER_RUN_ID);
  const interpreter = await findAndProbeInterpreter([...(await chosenIn(request)), ...request.interpreterCandidates], {
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

/** What the run configuration says of the interpreter; nothing where it leaves that to who submits. */
async function chosenIn({ configuration, sourceDirectory }: PrepareRequest): Promise<readonly string[]> {
  const { interpreter, condaEnvironment } = configuration;
  if (interpreter !== undefined) {
    return [inSource(sourceDirectory, interpreter)];
  }
  return condaEnvironment === undefined ? [] : [await findCondaInterpreter(condaEnvironment, sourceDirectory)];
}

/** A run configuration's paths start at the source folder; a bare command is looked for on the path. */
function inSource(sourceDirectory: string, interpreter: string): string {
  const isCommand = !/[\\/]/.test(interpreter);
  return isCommand || isAbsolute(interpreter) || interpreter.startsWith('~')
    ? interpreter
    : join(sourceDirectory, interpreter);
}

/** The interpreter that scripts get where nothing names one, and the settings of the queue. */
async function check({
  workspaceFolder,
  interpreterCandidates,
  pythonSdkFolder,
  signal,
}: CheckRequest): Promise<readonly TargetFinding[]> {
  return [
    await finding('Settings', async () => {
      const { maxConcurrentRuns, gpus } = await readLocalMachine(workspaceFolder);
      const cards = gpus.length === 0 ? '' : `, which share the cards ${gpus.join(', ')}`;
      return `${maxConcurrentRuns} runs at once${cards}`;
    }),
    await finding('Python', async () => {
      const { path, version } = await findAndProbeInterpreter(interpreterCandidates, {
        compatFolder: join(pythonSdkFolder, 'compat'),
        ...(signal && { signal }),
      });
      return `${path}, version ${version}`;
    }),
  ];
}
