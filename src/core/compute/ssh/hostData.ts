/**
 * Data that a run is given by path. What lies below the datastores of the workspace has a counterpart on the host: what is here is sent
 * before the run starts, unless it is there already, and what the run writes is brought home at its end.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join, sep } from 'node:path';
import { RunledgerError } from '../../base/errors.ts';
import { pathExists } from '../../base/pathExists.ts';
import { isInside } from '../../snapshots/sourceFiles.ts';
import { isJsonObject, type JsonObject } from '../../store/jsonFile.ts';
import { datastoresFolder } from '../../store/storeLayout.ts';
import type { LaunchSpecification, StartOptions } from '../computeTarget.ts';
import { stampsOfPlace } from '../dataPlace.ts';
import type { HostAgent } from './hostAgent.ts';
import { type FileToSend, sendFiles } from './sendFiles.ts';
import { hostLayout } from './staging.ts';

export interface HostPlace {
  /** Of a file or folder here, absolute. */
  readonly path: string;
  /** Its counterpart. */
  readonly there: string;
  /** Whether the run writes it. */
  readonly isOutput: boolean;
}

/** Up to what cannot be part of a path that stands among other words. */
const restOfWord = /^[^\s'"=,;:()]*/;
/** What may follow a path for it to be that one, and not a longer one. */
const afterPath = /^(?:$|[/\\\s'"=,;:()])/;
/** Times of files may be kept less exactly there. */
const sameTimeMs = 2;
/** The variables that tell a script of its outputs, as JSON. */
const outputVariable = /^RUNLEDGER_OUTPUT_/;

/** The places that a run is given, the longest path first. `folder` is that of Runledger on the host. */
export async function placesOf(launch: LaunchSpecification, folder: string): Promise<readonly HostPlace[]> {
  const outputs = new Set(launch.outputs ?? []);
  const paths = new Set(outputs);
  const root = `${datastoresFolder(launch.workspaceFolder)}${sep}`;
  for (const text of textsOf(launch)) {
    const words = text
      .split(root)
      .slice(1)
      .map((rest) => `${root}${restOfWord.exec(rest)?.[0] ?? ''}`);
    // An argument may be a path with spaces.
    for (const path of text.startsWith(root) ? [text, ...words] : words) {
      // What a job writes that this one comes after is not here yet.
      if (isAfterOthers(launch) || (await pathExists(path))) {
        paths.add(path);
      }
    }
  }
  // What is in another place has its counterpart in that one's. An output comes home by itself.
  const isInOther = (path: string): boolean => [...paths].some((place) => place !== path && isInside(place, path));
  const outermost = [...paths].filter((path) => outputs.has(path) || !isInOther(path));
  const places = outermost.map((path) => ({
    path,
    there: hostLayout.data(folder, keyOf(path), basename(path)),
    isOutput: outputs.has(path),
  }));
  return places.sort((a, b) => b.path.length - a.path.length);
}

/** Another machine may have a workspace in a folder of the same name. */
function keyOf(path: string): string {
  return createHash('sha256').update(`${hostname()}\n${path}`).digest('hex').slice(0, 16);
}

/** The launch with the counterparts in the place of paths. */
export function withPlacesThere(launch: LaunchSpecification, places: readonly HostPlace[]): LaunchSpecification {
  const translated = (text: string): string => places.reduce(withPlaceThere, text);
  const { outputs: _outputs, ...rest } = launch;
  return {
    ...rest,
    arguments: launch.arguments.map(translated),
    command: launch.command?.map(translated) ?? null,
    environmentVariables: Object.fromEntries(
      Object.entries(launch.environmentVariables).map(([name, text]) => [name, translated(text)]),
    ),
  };
}

/**
 * Sends what lies here, and removes there what does not, unless jobs that are still going on may be writing it.
 *
 * @throws RunledgerError `disk-full`, `not-writable`, `canceled`, `host-unreachable`
 */
export async function sendPlaces(
  agent: HostAgent,
  places: readonly HostPlace[],
  launch: LaunchSpecification,
  options: Pick<StartOptions, 'onStep' | 'signal'>,
): Promise<void> {
  if (places.length === 0) {
    return;
  }
  const requested = await Promise.all(
    places.map(async ({ path, there }) => ({ path: there, isFolder: await isFolder(path) })),
  );
  const { files } = await agent.request('data', { places: requested });
  const toSend: FileToSend[] = [];
  for (const [index, { path, there }] of places.entries()) {
    const known = Array.isArray(files) && isJsonObject(files[index]) ? files[index] : {};
    const here = await stampsOfPlace(path);
    for (const [name, stamp] of here) {
      if (!isSame(known[name], stamp)) {
        const [bytes, mtime] = stamp;
        toSend.push({ file: join(path, name), there: name === '' ? there : `${there}/${name}`, bytes, mtime });
      }
    }
    const gone = Object.keys(known).filter((name) => name !== '' && !here.has(name));
    if (gone.length > 0 && !isAfterOthers(launch)) {
      await agent.request('remove', { paths: gone.map((name) => `${there}/${name}`) } satisfies JsonObject);
    }
  }
  await sendFiles(agent, 'data', toSend, options);
}

/** @throws RunledgerError `invalid-argument` where an output is to become a data set: that is done by who sees the workspace */
export function assertNoRegistration({ environmentVariables }: LaunchSpecification, target: string): void {
  for (const [name, text] of Object.entries(environmentVariables)) {
    if (outputVariable.test(name) && /"register":\s*\{/.test(text)) {
      throw new RunledgerError(
        'invalid-argument',
        `The output ${name.replace(outputVariable, '')} is to be registered as a data set when the run completes, which runs on ${target} cannot do.`,
        { advice: 'Register it from a step that runs on this machine: what the run writes comes home.' },
      );
    }
  }
}

function withPlaceThere(text: string, { path, there }: HostPlace): string {
  return text.split(path).reduce((before, rest) => `${before}${afterPath.test(rest) ? there : path}${rest}`);
}

function isAfterOthers({ after = [] }: LaunchSpecification): boolean {
  return after.length > 0;
}

function textsOf({ arguments: args, command, environmentVariables }: LaunchSpecification): readonly string[] {
  return [...args, ...(command ?? []), ...Object.values(environmentVariables)];
}

function isSame(known: unknown, [size, mtime]: readonly [number, number]): boolean {
  return Array.isArray(known) && known[0] === size && Math.abs(Number(known[1]) - mtime) <= sameTimeMs;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
