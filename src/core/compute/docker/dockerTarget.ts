import { isAbsolute, join } from 'node:path';
import { RunledgerError } from '../../base/errors.ts';
import { ensureEnvironment } from '../../environments/environmentCache.ts';
import { planEnvironment } from '../../environments/environmentPlan.ts';
import { findAndProbeInterpreter, type InterpreterInfo } from '../../interpreters/interpreters.ts';
import { splitArguments } from '../../run-configurations/containerSettings.ts';
import type { RunConfiguration } from '../../run-configurations/runConfiguration.ts';
import { storeFolder } from '../../store/storeLayout.ts';
import type { ComputeTarget, MakeTargetOptions, PreparedTarget, PrepareRequest } from '../computeTarget.ts';
import { placeInQueue, readLocalMachine } from '../local/localMachine.ts';
import { startSupervisor } from '../supervisorProcess.ts';
import { type CheckRequest, finding, type TargetFinding } from '../targetCheck.ts';
import type { DockerSettings } from '../targetSettings.ts';
import { type ContainerCli, mountOptions, openContainerCli, userOptions } from './containerCli.ts';
import {
  assertPullable,
  type ContainerImage,
  findImage,
  type ImageSource,
  imageSource,
  makeImage,
} from './containerImage.ts';
import { commonOptions, containerPlace, findImagePython } from './containerPython.ts';

/** Containers on this machine. The supervisor runs outside, so that it sees how they end. */
export function dockerTarget(name: string, settings: DockerSettings): ComputeTarget {
  return {
    name,
    type: 'docker',
    prepare: (request) => prepare(request, settings),
    makeEnvironment,
    start: startSupervisor,
    check: (request) => check(request, settings),
  };
}

/** What is known of a run's container before its image is. */
interface PlannedContainer {
  readonly cli: ContainerCli;
  readonly source: ImageSource;
  /** Of `docker run`, from the target and the run configuration. */
  readonly options: readonly string[];
  readonly supervisor: InterpreterInfo;
  readonly request: PrepareRequest;
}

async function prepare(request: PrepareRequest, settings: DockerSettings): Promise<PreparedTarget> {
  const { configuration, sourceDirectory, signal, workspaceFolder } = request;
  const source = await imageSource(configuration, settings.image, sourceDirectory);
  const [cli, supervisor, machine] = await Promise.all([
    openContainerCli(settings.cli, signal),
    findSupervisor(request.interpreterCandidates, signal),
    workspaceFolder === undefined ? undefined : readLocalMachine(workspaceFolder),
  ]);
  const needsGpu = configuration.container?.needsGpu === true || (machine !== undefined && machine.gpus.length > 0);
  const planned = { cli, source, supervisor, request, options: runOptions(cli, request, settings, needsGpu) };
  const queue = machine && placeInQueue(machine, process.env.RUNLEDGER_RUN_ID);
  const image = await findImage(cli, source, signal);
  return image === undefined
    ? {
        interpreter: configuration.interpreter ?? 'python3',
        pythonPath: [],
        environment: undefined,
        queue,
        warnings: [],
        pending: async (options) => {
          const { logPath, logName, onStep, signal: stop } = options;
          const build = networkOf(planned.options);
          const made = await makeImage(cli, source, {
            logPath,
            logName,
            attendant: supervisor.path,
            buildOptions: build,
            ...(onStep && { onStep }),
            ...(stop && { signal: stop }),
          });
          return withImage({ ...planned, request: { ...request, ...(stop && { signal: stop }) } }, made, queue);
        },
      }
    : withImage(planned, image, queue);
}

/** Any Python of this machine does: those that were proposed are for the script, and may be in an image. */
async function findSupervisor(
  candidates: readonly string[],
  signal: AbortSignal | undefined,
): Promise<InterpreterInfo> {
  const options = signal === undefined ? {} : { signal };
  for (const candidate of candidates) {
    try {
      return await findAndProbeInterpreter([candidate], options);
    } catch (error) {
      if (!(RunledgerError.is(error, 'interpreter-not-found') || RunledgerError.is(error, 'interpreter-too-old'))) {
        throw error;
      }
    }
  }
  return findAndProbeInterpreter([], options);
}

function runOptions(
  cli: ContainerCli,
  { configuration, workspaceFolder, sourceDirectory, pythonSdkFolder }: PrepareRequest,
  settings: DockerSettings,
  needsGpu: boolean,
): readonly string[] {
  const own = configuration.container;
  const shmSize = own?.shmSize ?? settings.shmSize;
  const gpu = cli.isPodman ? ['--device', 'nvidia.com/gpu=all'] : ['--gpus', 'all'];
  return [
    ...(workspaceFolder === undefined ? [] : mountOptions(storeFolder(workspaceFolder), 'write')),
    ...mountOptions(pythonSdkFolder, 'read'),
    ...(configuration.isInPlace ? mountOptions(sourceDirectory, 'write') : []),
    ...(settings.volumes ?? []).flatMap((volume) => ['--volume', volume]),
    ...(shmSize === undefined ? [] : ['--shm-size', shmSize]),
    ...(needsGpu ? gpu : []),
    ...splitArguments([...(settings.arguments ?? []), ...(own?.arguments ?? [])]),
  ];
}

async function withImage(
  planned: PlannedContainer,
  image: ContainerImage,
  queue: PreparedTarget['queue'],
): Promise<PreparedTarget> {
  const { cli, request, supervisor } = planned;
  const { configuration, sourceDirectory, pythonSdkFolder, signal } = request;
  const python = await findImagePython(cli, image, interpreterIn(configuration.interpreter, image), signal);
  const container = {
    cli: cli.path,
    image: image.name,
    path: image.path,
    supervisor: supervisor.path,
    options: [...commonOptions, ...userOptions(cli), ...planned.options],
  };
  if (python === undefined) {
    // A command needs none.
    if (configuration.command !== undefined && request.scriptPath === undefined) {
      return { interpreter: '', pythonPath: [], environment: undefined, queue, warnings: [], container };
    }
    throw new RunledgerError(
      'interpreter-not-found',
      `The image ${image.name} has no ${configuration.interpreter ?? 'python3'}.`,
      {
        advice:
          'Choose an image with Python 3.8 or later, or name its interpreter (environment.python.interpreterPath).',
      },
    );
  }
  const { environment, warnings } = await planEnvironment(configuration.dependencies, python, {
    sourceDirectory,
    configurationPath: configuration.path,
    place: containerPlace(cli, image, {
      sourceDirectory,
      attendant: supervisor.path,
      options: networkOf(planned.options),
    }),
    ...(signal && { signal }),
  });
  const mounts = environment === undefined ? [] : mountOptions(environment.folder, 'read');
  return {
    interpreter: environment?.interpreter ?? python.path,
    pythonPath: python.hasAzureml ? [pythonSdkFolder] : [pythonSdkFolder, join(pythonSdkFolder, 'compat')],
    environment,
    queue,
    warnings: [...warnings, ...withoutCondaEnvironment(configuration)],
    container: { ...container, options: [...container.options, ...mounts] },
  };
}

function withoutCondaEnvironment({ name, condaEnvironment, interpreter }: RunConfiguration): readonly string[] {
  return condaEnvironment === undefined || interpreter !== undefined
    ? []
    : [
        `The run configuration "${name}" takes the conda environment "${condaEnvironment}", which is not in the container: its image has the Python.`,
      ];
}

/** A path in the image, or a command on its path. */
function interpreterIn(interpreter: string | undefined, image: ContainerImage): string | undefined {
  if (interpreter !== undefined && /[\\/]/.test(interpreter) && !isAbsolute(interpreter)) {
    throw new RunledgerError(
      'invalid-run-configuration',
      `The interpreter "${interpreter}" is relative, and is to be found in the image ${image.name}.`,
      { advice: 'Name it by its whole path in the image, or as a command on its path.' },
    );
  }
  return interpreter;
}

/** What the user says of the network holds wherever something is installed, too. */
function networkOf(options: readonly string[]): readonly string[] {
  return options.flatMap((option, index) => {
    if (/^--net(work)?=/.test(option)) {
      return ['--network', option.slice(option.indexOf('=') + 1)];
    }
    const value = options[index + 1];
    return /^--net(work)?$/.test(option) && value !== undefined ? ['--network', value] : [];
  });
}

async function makeEnvironment(prepared: PreparedTarget, options: MakeTargetOptions): Promise<PreparedTarget> {
  const { pending, ...ready } = prepared.pending === undefined ? prepared : await prepared.pending(options);
  if (ready.environment === undefined) {
    return ready;
  }
  await ensureEnvironment(ready.environment, options);
  return { ...ready, environment: undefined };
}

async function check(request: CheckRequest, settings: DockerSettings): Promise<readonly TargetFinding[]> {
  const { signal } = request;
  let cli: ContainerCli | undefined;
  const findings = [
    await finding('Program', async () => {
      cli = await openContainerCli(settings.cli, signal);
      const rootless = cli.isRootless ? ', rootless' : '';
      return `${cli.path}, ${cli.isPodman ? 'Podman' : 'Docker'} ${cli.version}${rootless}`;
    }),
    await finding('Python of this machine', async () => {
      const { path, version } = await findSupervisor(request.interpreterCandidates, signal);
      return `${path}, version ${version}`;
    }),
  ];
  const opened = cli;
  const { image: name } = settings;
  if (opened === undefined) {
    return findings;
  }
  if (name === undefined) {
    return [
      ...findings,
      { subject: 'Image', isGood: true, message: 'The target names none: each run configuration has to.' },
    ];
  }
  let image: ContainerImage | undefined;
  findings.push(
    await finding('Image', async () => {
      image = await findImage(opened, { kind: 'name', name }, signal);
      if (image === undefined) {
        await assertPullable(opened, name, signal);
        return `${name} is not on this machine; the first run pulls it`;
      }
      return `${name} is on this machine`;
    }),
  );
  const found = image;
  if (found !== undefined) {
    findings.push(
      await finding('Python in the image', async () => {
        const python = await findImagePython(opened, found, undefined, signal);
        if (python === undefined) {
          throw new RunledgerError('interpreter-not-found', `The image ${name} has no python3.`, {
            advice: 'Only commands can be run in it. For scripts choose an image with Python 3.8 or later.',
          });
        }
        return `${python.path}, version ${python.version}`;
      }),
    );
  }
  return findings;
}
