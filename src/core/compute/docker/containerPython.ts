/** The Python of an image, and running it there. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { isFile } from '../../base/commandPath.ts';
import { RunledgerError } from '../../base/errors.ts';
import { runAttended } from '../../environments/attendedProcess.ts';
import type { EnvironmentPlace } from '../../environments/environmentPlace.ts';
import { environmentsFolder } from '../../environments/environmentPlan.ts';
import { answerAfter } from '../../interpreters/interpreterProcess.ts';
import { isTooOld, type ProbedInterpreter } from '../../interpreters/interpreters.ts';
import { probeMarker, probeProgram } from '../../interpreters/probeProgram.ts';
import { toJsonText, writeFileAtomically } from '../../store/atomicFile.ts';
import { isJsonObject } from '../../store/jsonFile.ts';
import { userCacheFolder } from '../../store/userData.ts';
import { type ContainerCli, lastLine, mountOptions, runCli, userOptions } from './containerCli.ts';
import type { ContainerImage } from './containerImage.ts';

const probeRecipe = 1;
/** What passes on to a container in which packages are installed: where pip gets them, and through which proxy. */
const passedVariables =
  /^(PIP_(?!TARGET|PREFIX|ROOT|USER|REQUIRE_VIRTUALENV|CONFIG_FILE|CERT|FIND_LINKS)\w+|UV_\w+|https?_proxy|no_proxy)$/i;

/** Options of every container: no labels of SELinux on the user's own folders, and never a download in passing. */
export const commonOptions = ['--security-opt', 'label=disable', '--pull', 'never'] as const;

/**
 * The Python that scripts get in an image: what is asked for, else `python3`, else `python`. Looked for once for each image.
 *
 * @returns undefined where there is none
 * @throws RunledgerError `interpreter-too-old`; `environment-failed` where no container of the image can be run; `canceled`
 */
export async function findImagePython(
  cli: ContainerCli,
  image: ContainerImage,
  wanted: string | undefined,
  signal: AbortSignal | undefined,
): Promise<ProbedInterpreter | undefined> {
  const definition = JSON.stringify([probeRecipe, cli.path, image.id, wanted ?? null]);
  const key = createHash('sha256').update(definition).digest('hex').slice(0, 16);
  const path = join(userCacheFolder(), 'images', `${key}.json`);
  const known = probedFrom(await readFile(path, 'utf8').catch(() => ''));
  if (known !== undefined) {
    return known;
  }
  for (const command of wanted === undefined ? ['python3', 'python'] : [wanted]) {
    const found = await probe(cli, image, command, signal);
    if (found !== undefined) {
      await mkdir(dirname(path), { recursive: true }).catch(() => undefined);
      // Without it, the next submission asks again.
      await writeFileAtomically(path, toJsonText(found)).catch(() => undefined);
      return found;
    }
  }
  return undefined;
}

async function probe(
  cli: ContainerCli,
  image: ContainerImage,
  command: string,
  signal: AbortSignal | undefined,
): Promise<ProbedInterpreter | undefined> {
  const options = [...commonOptions, '--network', 'none', ...userOptions(cli)];
  const args = [
    'run',
    '--rm',
    ...options,
    '--entrypoint',
    command,
    image.id,
    '-W',
    'ignore',
    '-c',
    probeProgram,
    '',
    '',
  ];
  const { exitCode, stdout, stderr } = await runCli(cli.path, args, signal);
  const answer = answerAfter(probeMarker, stdout);
  if (!isJsonObject(answer)) {
    // As shells do: not found, or no program.
    if (exitCode === 127 || exitCode === 126 || /executable file not found|no such file/i.test(stderr)) {
      return undefined;
    }
    throw new RunledgerError('environment-failed', `No container of ${image.name} could be run: ${lastLine(stderr)}`, {
      advice: `Try: ${cli.path} run --rm ${image.name} ${command} --version`,
    });
  }
  const version = Array.isArray(answer.version) ? answer.version.map(Number) : [];
  if (isTooOld(version)) {
    throw new RunledgerError(
      'interpreter-too-old',
      `${command} in the image ${image.name} is Python ${version.join('.')}; Runledger needs Python 3.8 or later.`,
      { advice: 'Choose a newer image, or another interpreter in it (environment.python.interpreterPath).' },
    );
  }
  const { executable } = answer;
  return {
    path: typeof executable === 'string' && isAbsolute(executable) ? executable : command,
    version: version.join('.'),
    hasAzureml: answer.azureml === true,
  };
}

function probedFrom(text: string): ProbedInterpreter | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && typeof value.path === 'string' && typeof value.version === 'string'
      ? { path: value.path, version: value.version, hasAzureml: value.hasAzureml === true }
      : undefined;
  } catch {
    return undefined;
  }
}

export interface ContainerPlaceOptions {
  /** Packages may be named by paths in it. */
  readonly sourceDirectory: string;
  /** A Python of this machine. */
  readonly attendant: string;
  /** Of `docker run`, the user's own: a network, a proxy. */
  readonly options: readonly string[];
}

/** Containers of an image as a place to make an environment in, which lies in the user's cache here as there. */
export function containerPlace(
  cli: ContainerCli,
  image: ContainerImage,
  { sourceDirectory, attendant, options }: ContainerPlaceOptions,
): EnvironmentPlace {
  const common = [...commonOptions, ...userOptions(cli), ...options, '--env', 'HOME=/tmp'];
  return {
    kind: 'container',
    identity: image.id,
    run: async (program, args, signal) => {
      const network = ['--network', 'none'];
      const run = ['run', '--rm', ...commonOptions, ...userOptions(cli), ...network, '--entrypoint', program, image.id];
      const { exitCode, stdout, stderr } = await runCli(cli.path, [...run, ...args], signal);
      return { stdout, stderr, problem: exitCode === -1 ? stderr : undefined };
    },
    runAttended: async (program, args, attended) => {
      await mkdir(environmentsFolder(), { recursive: true });
      const name = `runledger-environment-${randomUUID()}`;
      const folders = [...mountOptions(environmentsFolder(), 'write'), ...mountOptions(sourceDirectory, 'read')];
      const passed = Object.keys(attended.env).filter((variable) => passedVariables.test(variable));
      const run = [cli.path, 'run', '--rm', '--name', name, ...common, ...folders, ...(await pipConfiguration())];
      const variables = passed.flatMap((variable) => ['--env', variable]);
      const command = [...run, ...variables, '--workdir', sourceDirectory, '--entrypoint', program, image.id, ...args];
      try {
        return await runAttended(attendant, command, attended);
      } catch (error) {
        // The client was ended, which leaves the container.
        await runCli(cli.path, ['rm', '--force', name], undefined);
        throw error;
      }
    },
  };
}

/** pip's configuration of this machine, where there is one: it knows the index that this network has. */
async function pipConfiguration(): Promise<readonly string[]> {
  const home = homedir();
  const places = [
    process.env.PIP_CONFIG_FILE ?? '',
    join(process.env.XDG_CONFIG_HOME ?? join(home, '.config'), 'pip', 'pip.conf'),
    join(home, '.pip', 'pip.conf'),
    '/etc/pip.conf',
  ];
  for (const path of places) {
    if (isAbsolute(path) && (await isFile(path))) {
      return [...mountOptions(path, 'read'), '--env', `PIP_CONFIG_FILE=${path}`];
    }
  }
  return [];
}
