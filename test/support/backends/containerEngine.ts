/** Programs that run containers, set up so that the tests leave nothing of the user's behind: their own images, containers, daemon. */
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { captureCommand, findCommand } from '../../../scripts/support/childProcess.ts';
import { cacheFolder } from '../../../scripts/support/paths.ts';
import { imageArchive } from './containerImage.ts';

/** The image that is there, with Python. */
export const testImage = 'localhost/runledger-test/python:2';
const startLimitMs = 30_000;

/** Where no container can be run: why. */
export class NoContainersError extends Error {}

export interface ContainerEngine {
  /** The program, absolute: it is set up by itself. */
  readonly cli: string;
  stop(): Promise<void>;
}

/**
 * Podman, where it is installed.
 *
 * @throws NoContainersError
 */
export async function startPodman(): Promise<ContainerEngine> {
  const podman = findCommand('podman');
  if (podman === undefined) {
    throw new NoContainersError('Podman is not installed (podman, runc).');
  }
  const folder = await mkdtemp(join(tmpdir(), 'runledger-podman-'));
  const graph = join(cacheFolder, 'containers', `podman-${process.getuid?.() ?? 0}`);
  await mkdir(graph, { recursive: true });
  const isRoot = process.getuid?.() === 0;
  await writeFile(
    join(folder, 'containers.conf'),
    `[containers]
netns = "host"
${isRoot ? 'default_ulimits = ["nofile=20000:20000", "nproc=30000:30000"]' : ''}
[engine]
${findCommand('runc') === undefined ? '' : 'runtime = "runc"'}
cgroup_manager = "cgroupfs"
events_logger = "file"
`,
  );
  await writeFile(
    join(folder, 'storage.conf'),
    `[storage]\ndriver = "overlay"\ngraphroot = "${graph}"\nrunroot = "${join(folder, 'run')}"\n`,
  );
  const settings = {
    CONTAINERS_CONF: join(folder, 'containers.conf'),
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
  };
  return engineOf(podman, settings, folder, async () => {});
}

/**
 * Docker, with a daemon of the test's own; undefined where there is none to start.
 *
 * @throws NoContainersError
 */
export async function startDocker(): Promise<ContainerEngine | undefined> {
  const docker = findCommand('docker');
  const daemon = findCommand('dockerd');
  if (docker === undefined || daemon === undefined || process.getuid?.() !== 0) {
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'runledger-docker-'));
  const host = `unix://${join(folder, 'docker.sock')}`;
  const options = [
    '--iptables=false',
    '--ip6tables=false',
    '--bridge=none',
    '--exec-opt',
    'native.cgroupdriver=cgroupfs',
  ];
  const folders = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '-p', join(folder, 'pid')];
  const child = spawn(daemon, [...options, ...folders, '-H', host, '--log-level', 'error'], { stdio: 'ignore' });
  const hasEnded = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const deadline = performance.now() + startLimitMs;
  while ((await captureCommand(docker, ['-H', host, 'info'])).exitCode !== 0) {
    if (performance.now() > deadline || child.exitCode !== null) {
      child.kill();
      throw new NoContainersError('dockerd did not start.');
    }
    await delay(100);
  }
  return engineOf(docker, { DOCKER_HOST: host }, folder, async () => {
    child.kill('SIGTERM');
    await hasEnded;
    // It leaves this mounted.
    await captureCommand('umount', [join(folder, 'exec', 'netns', 'default')]);
  });
}

/** With a program of its own, which knows the settings: they are to hold for what is started and outlives the test, too. */
async function engineOf(
  program: string,
  settings: Readonly<Record<string, string>>,
  folder: string,
  end: () => Promise<void>,
): Promise<ContainerEngine> {
  // Found on a path as what it stands for.
  const cli = join(folder, 'docker');
  const exported = Object.entries(settings).map(([name, value]) => `export ${name}='${value}'\n`);
  await writeFile(cli, `#!/bin/sh\n${exported.join('')}exec '${program}' "$@"\n`);
  await chmod(cli, 0o755);
  const stop = async (): Promise<void> => {
    const left = (await captureCommand(cli, ['ps', '-aq'])).stdout.split('\n').filter((id) => id !== '');
    if (left.length > 0) {
      await captureCommand(cli, ['rm', '-f', ...left]);
    }
    await end();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await importImage(cli);
  } catch (error) {
    await stop();
    throw error;
  }
  return { cli, stop };
}

async function importImage(cli: string): Promise<void> {
  if ((await captureCommand(cli, ['image', 'inspect', testImage])).exitCode === 0) {
    return;
  }
  const archive = await imageArchive();
  if (archive === undefined) {
    throw new NoContainersError('No image could be made: it takes the Python of a Debian.');
  }
  const { exitCode, stderr } = await captureCommand(cli, ['import', archive, testImage]);
  if (exitCode !== 0) {
    throw new NoContainersError(`The image could not be imported: ${stderr.trim()}`);
  }
}
