/** The image that a run's container is made of: taken as it is, pulled, or built from a Dockerfile once. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileError, isNotFound, RunledgerError } from '../../base/errors.ts';
import { runAttended } from '../../environments/attendedProcess.ts';
import { buildOnce } from '../../environments/buildLock.ts';
import type { MakeEnvironmentOptions } from '../../environments/environmentBuild.ts';
import { EnvironmentLog } from '../../environments/environmentLog.ts';
import type { RunConfiguration } from '../../run-configurations/runConfiguration.ts';
import { isJsonObject } from '../../store/jsonFile.ts';
import { userCacheFolder } from '../../store/userData.ts';
import { type ContainerCli, lastLine, runCli } from './containerCli.ts';

/** An image that is there. */
export interface ContainerImage {
  /** As it is asked for: a name, or that of what was built. */
  readonly name: string;
  /** Of its content. */
  readonly id: string;
  /** Its `PATH`. */
  readonly path: string;
}

/** Where an image comes from. */
export type ImageSource = { readonly kind: 'name'; readonly name: string } | DockerfileSource;

interface DockerfileSource {
  readonly kind: 'dockerfile';
  /** Follows from the text, as the name does. */
  readonly key: string;
  readonly name: string;
  readonly text: string;
}

const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const keptOutputLength = 32 * 1024;

/**
 * What the run configuration names, else the target's. A configuration that switches containers off, as those of the
 * templates do, names none where the target does.
 *
 * @throws RunledgerError `invalid-run-configuration`; `unsupported-target` where nothing names one
 */
export async function imageSource(
  configuration: RunConfiguration,
  targetImage: string | undefined,
  sourceDirectory: string,
): Promise<ImageSource> {
  const { container } = configuration;
  const own = container?.isEnabled === false && targetImage !== undefined ? undefined : container;
  if (own?.dockerfile !== undefined) {
    const text = await dockerfileText(own.dockerfile, configuration.path, sourceDirectory);
    const key = createHash('sha256').update(text).digest('hex').slice(0, 16);
    return { kind: 'dockerfile', key, name: `runledger/environment:${key}`, text };
  }
  const name = own?.image ?? targetImage;
  if (name === undefined) {
    throw new RunledgerError('unsupported-target', 'Nothing says which image the container is made of.', {
      advice:
        'Name one in the run configuration, as environment.docker.baseImage or baseDockerfile, or as "image" in the file of ' +
        'the compute target.',
    });
  }
  if (/^-|\s/.test(name)) {
    throw new RunledgerError('invalid-run-configuration', `"${name}" is no name of an image.`, {
      advice: 'Correct it: python:3.11, or ghcr.io/somebody/image:tag.',
    });
  }
  return { kind: 'name', name };
}

/** A text of one line is a path, unless it is an instruction. */
async function dockerfileText(
  value: string,
  configurationPath: string | undefined,
  sourceDirectory: string,
): Promise<string> {
  if (value.includes('\n') || /^\s*(FROM|ARG)\s/i.test(value)) {
    return value;
  }
  const own = configurationPath === undefined ? [] : [dirname(configurationPath), dirname(dirname(configurationPath))];
  for (const folder of [sourceDirectory, ...own]) {
    const path = resolve(folder, value);
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (!isNotFound(error)) {
        throw fileError(error, 'read the Dockerfile', path);
      }
    }
  }
  throw new RunledgerError('invalid-run-configuration', `There is no Dockerfile ${resolve(sourceDirectory, value)}.`, {
    advice: 'Correct environment.docker.baseDockerfile: a path, or the text of a Dockerfile.',
  });
}

/** Undefined where the image is not on this machine. Throws `canceled`. */
export async function findImage(
  cli: ContainerCli,
  { name }: ImageSource,
  signal: AbortSignal | undefined,
): Promise<ContainerImage | undefined> {
  const { exitCode, stdout } = await runCli(cli.path, ['image', 'inspect', name], signal);
  let found: unknown;
  try {
    found = exitCode === 0 ? JSON.parse(stdout) : undefined;
  } catch {
    return undefined;
  }
  const image: unknown = Array.isArray(found) ? found[0] : undefined;
  if (!isJsonObject(image) || typeof image.Id !== 'string') {
    return undefined;
  }
  const variables = isJsonObject(image.Config) && Array.isArray(image.Config.Env) ? image.Config.Env : [];
  const path = variables.find((text) => typeof text === 'string' && text.startsWith('PATH='));
  return { name, id: image.Id, path: typeof path === 'string' ? path.slice('PATH='.length) : usualPath };
}

export interface MakeImageOptions extends MakeEnvironmentOptions {
  /** A Python of this machine, which ends the work with this process. */
  readonly attendant: string;
  /** Further arguments of `docker build`. */
  readonly buildOptions: readonly string[];
}

/**
 * Pulls the image, or builds it. What is printed goes to the log.
 *
 * @throws RunledgerError `environment-failed` with the last words; `canceled`; `not-writable`, `disk-full`
 */
export async function makeImage(
  cli: ContainerCli,
  source: ImageSource,
  options: MakeImageOptions,
): Promise<ContainerImage> {
  switch (source.kind) {
    case 'name':
      await step(cli, source, ['pull', source.name], options);
      break;
    case 'dockerfile': {
      // Engines do not share their images.
      const lock = join(userCacheFolder(), 'images', `${source.key}-${cli.isPodman ? 'podman' : 'docker'}.lock`);
      await buildOnce(lock, {
        isReady: async () => (await findImage(cli, source, options.signal)) !== undefined,
        build: () => build(cli, source, options),
        onWait: () => options.onStep?.('Waiting for the same image, which another run builds'),
        signal: options.signal,
      });
      break;
    }
  }
  const image = await findImage(cli, source, options.signal);
  if (image === undefined) {
    throw new RunledgerError('environment-failed', `The image ${source.name} was made, and is not there.`, {
      advice: `See what "${cli.path} image ls" shows.`,
    });
  }
  return image;
}

async function build(cli: ContainerCli, source: DockerfileSource, options: MakeImageOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-image-'));
  try {
    await writeFile(join(folder, 'Dockerfile'), source.text);
    const label = ['--label', 'runledger.environment=1'];
    await step(cli, source, ['build', ...label, '--tag', source.name, ...options.buildOptions, folder], options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function step(
  cli: ContainerCli,
  source: ImageSource,
  args: readonly string[],
  options: MakeImageOptions,
): Promise<void> {
  const isPull = source.kind === 'name';
  options.onStep?.(isPull ? `Pulling the image ${source.name}` : 'Building the image');
  const log = await EnvironmentLog.open(options);
  let output = '';
  log.write(`\n$ ${cli.path} ${args.join(' ')}\n${isPull ? '' : `${source.text}\n`}`);
  try {
    const exitCode = await runAttended(options.attendant, [cli.path, ...args], {
      cwd: tmpdir(),
      env: process.env,
      onOutput: (text) => {
        log.write(text);
        output = (output + text).slice(-keptOutputLength);
      },
      ...(options.signal && { signal: options.signal }),
    });
    if (exitCode !== 0) {
      throw new RunledgerError(
        'environment-failed',
        `${isPull ? `The image ${source.name} is not on this machine and could not be pulled` : 'The image could not be built'} ` +
          `(exit code ${exitCode}): ${lastLine(output)}`,
        {
          advice: isPull
            ? `Check its name, the network, and whether "${cli.path} login" is needed. The whole log is ${options.logName}.`
            : `Correct the Dockerfile; it is built without other files beside it. The whole log is ${options.logName}.`,
        },
      );
    }
  } finally {
    await log.close();
  }
}

/**
 * Asks the registry for an image without pulling it.
 *
 * @throws RunledgerError `environment-failed` where it cannot be had; `canceled`
 */
export async function assertPullable(cli: ContainerCli, name: string, signal: AbortSignal | undefined): Promise<void> {
  const { exitCode, stderr } = await runCli(cli.path, ['manifest', 'inspect', name], signal, 20_000);
  if (exitCode !== 0) {
    throw new RunledgerError(
      'environment-failed',
      `The image ${name} is not on this machine, and its registry does not give it: ${lastLine(stderr)}`,
      { advice: `Check its name, the network, and whether "${cli.path} login" is needed; or build it here.` },
    );
  }
}
