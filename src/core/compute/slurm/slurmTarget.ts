/** A Slurm cluster, as this machine or another one submits to it. */
import { RunledgerError } from '../../base/errors.ts';
import { isTooOld } from '../../interpreters/interpreters.ts';
import type { ComputeTarget, LaunchSpecification, StartOptions } from '../computeTarget.ts';
import { type CheckRequest, finding, type TargetFinding } from '../targetCheck.ts';
import type { SlurmSettings } from '../targetSettings.ts';
import { withoutContainer } from '../withoutContainer.ts';
import { ask, type RunCommand, testJob, wordsOf } from './slurmCommands.ts';
import { slurmJob } from './slurmJob.ts';
import type { SubmitHost } from './submitHost.ts';

/** How long a check waits for a node to look at. */
const immediateSeconds = 10;

interface SlurmTargetOptions {
  readonly name: string;
  /** The file that defines it. */
  readonly path: string;
  readonly settings: SlurmSettings;
  readonly host: SubmitHost;
}

/** Runs as jobs of a cluster. Its nodes see the files of the machine that submits. */
export function slurmTarget({ name, path, settings, host }: SlurmTargetOptions): ComputeTarget {
  return {
    name,
    type: 'slurm',
    queue: settings.host ?? '',
    prepare: async (request) => {
      const job = slurmJob(settings, request.configuration.distribution);
      const prepared = await host.prepare(request, settings);
      await testJob(host.commands(request), job, path, request.signal);
      // What runs a container on a node is the site's own: `setup` and the script can call it.
      return withoutContainer(prepared, request.configuration, 'jobs of Slurm run');
    },
    makeEnvironment: host.makeEnvironment,
    start: (launch: LaunchSpecification, options: StartOptions) =>
      host.start({ ...launch, slurm: slurmJob(settings, launch.distribution ?? undefined) }, options),
    check: (request) => check(host, path, settings, request),
  };
}

async function check(
  host: SubmitHost,
  path: string,
  settings: SlurmSettings,
  request: CheckRequest,
): Promise<readonly TargetFinding[]> {
  const { signal, workspaceFolder, interpreterCandidates } = request;
  const run = host.commands(request);
  const commands = await finding('Commands', async () => {
    const version = await ask(run, ['sbatch', '--version'], signal);
    await ask(run, ['squeue', '--version'], signal);
    return version;
  });
  if (!commands.isGood) {
    return [commands];
  }
  const controller = await finding('Controller', () => pingController(run, signal));
  if (!controller.isGood) {
    return [commands, controller];
  }
  const partition = await finding('Partition', () => lookAtPartition(run, settings.partition, signal));
  const job = await finding('Job', () => testJob(run, slurmJob(settings, undefined), path, signal));
  const found = [commands, controller, partition, job];
  if (!job.isGood) {
    return found;
  }
  const python = settings.python ?? host.defaultPython(interpreterCandidates);
  const folder = host.sharedFolder(workspaceFolder);
  return [...found, await finding('Node', () => lookFromNode(run, settings, { python, folder }, signal))];
}

async function pingController(run: RunCommand, signal: AbortSignal | undefined): Promise<string> {
  const { stdout, stderr } = await run(['scontrol', 'ping'], { ...(signal && { signal }) });
  const found = /Slurmctld\((?:primary|backup\d*)\) at (\S+) is UP/.exec(stdout);
  if (found === null) {
    throw new RunledgerError(
      'unsupported-target',
      `Slurm's controller does not answer: ${wordsOf(stdout || stderr)}.`,
      {
        advice: 'Try again when it is back, or look at the configuration of Slurm on this machine (SLURM_CONF).',
      },
    );
  }
  return `${found[1]} is up`;
}

async function lookAtPartition(
  run: RunCommand,
  partition: string | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  const chosen = partition === undefined ? [] : ([`--partition=${partition}`] as const);
  const text = await ask(run, ['sinfo', '--noheader', '--summarize', ...chosen, '--format=%P|%a|%l|%F'], signal);
  const rows = text
    .split('\n')
    .map((line) => line.split('|'))
    .filter((fields) => fields.length === 4);
  // The default partition has a star behind its name.
  const row = partition === undefined ? rows.find(([name]) => name?.endsWith('*') === true) : rows[0];
  if (row === undefined) {
    const what =
      partition === undefined ? 'The cluster has no default partition' : `There is no partition ${partition}`;
    throw new RunledgerError('unsupported-target', `${what}.`, {
      advice: 'Name one in partition; sinfo shows which there are.',
    });
  }
  const [name = '', state = '', limit = '', nodes = ''] = row;
  if (state !== 'up') {
    throw new RunledgerError('unsupported-target', `The partition ${name.replace('*', '')} is ${state}.`, {
      advice: 'Choose another one, or ask the administrators of the cluster.',
    });
  }
  const [allocated = '0', idle = '0', , total = '0'] = nodes.split('/');
  const time = limit === 'infinite' ? 'no time limit' : `time limit ${limit}`;
  return `${name.replace('*', '')} is up: ${total} nodes, ${idle} idle, ${allocated} in use; ${time}`;
}

/** Starts a moment's job, to see that a node has the Python and sees the workspace. */
async function lookFromNode(
  run: RunCommand,
  settings: SlurmSettings,
  { python, folder }: { readonly python: string; readonly folder: string | undefined },
  signal: AbortSignal | undefined,
): Promise<string> {
  const program =
    'import os, sys; print("%d.%d.%d" % sys.version_info[:3], int(os.path.isdir(sys.argv[1])), os.uname().nodename)';
  const options = slurmJob({ ...settings, time: '1', nodes: 1 }, undefined).options;
  const { exitCode, stdout, stderr } = await run(
    ['srun', '--quiet', `--immediate=${immediateSeconds}`, ...options, python, '-c', program, folder ?? '/'],
    { ...(signal && { signal }) },
  );
  const [version = '', seen, host = ''] = stdout.trim().split(' ');
  if (exitCode !== 0 || !/^\d+\.\d+\.\d+$/.test(version)) {
    const reason = wordsOf(stderr);
    if (/immediate|resources.*(busy|unavailable)|Unable to allocate/i.test(reason)) {
      return `no node was free within ${immediateSeconds} s, so none was looked at`;
    }
    throw new RunledgerError('unsupported-target', `Python could not be started on a node: ${reason}.`, {
      advice: 'Name a Python that the nodes have in python.',
    });
  }
  if (isTooOld(version.split('.').map(Number))) {
    throw new RunledgerError(
      'interpreter-too-old',
      `${python} on ${host} is Python ${version}; 3.8 or later is needed.`,
      {
        advice: 'Name another one in python.',
      },
    );
  }
  if (seen !== '1') {
    throw new RunledgerError('unsupported-target', `The node ${host} does not see ${folder}.`, {
      advice: 'Put the workspace in a folder that this machine and the nodes share.',
    });
  }
  return `${host} has Python ${version}${folder === undefined ? '' : ', and sees the workspace'}`;
}
