/** Virtual environments: with uv where it is installed and understands what is asked for, else with Python's `venv` and pip. */
import { join } from 'node:path';
import { writeFileAtomically } from '../store/atomicFile.ts';
import type { BuildSession } from './buildSession.ts';
import { pipEnvironment, pipSwitches, pipTool } from './pipProcess.ts';
import type { PipRequirements } from './pipRequirements.ts';
import { readPipSettings } from './pipSettings.ts';
import { findUv, uvEnvironment, uvRequirementOptions, uvSwitches, uvTool, uvVariables } from './uvProcess.ts';

/** Throws as `BuildSession.run`. */
export async function buildVenv(session: BuildSession): Promise<void> {
  const { requirements, folder, interpreter, place } = session.planned;
  const requirementsFile = join(folder, 'requirements.txt');
  await writeFileAtomically(requirementsFile, requirementsText(requirements));
  session.tell('Making a virtual environment');
  // A container's image has none, and packages for it are chosen in it.
  const options = place.kind === 'machine' ? uvRequirementOptions(requirements) : undefined;
  const uv = options && (await findUv());
  const variables = uv === undefined ? undefined : await makeWithUv(session, uv);
  if (uv !== undefined && variables !== undefined) {
    await session.run({
      program: uv,
      args: ['pip', 'install', ...uvSwitches, ...(options ?? []), '--python', interpreter, '-r', requirementsFile],
      env: uvEnvironment(process.env, variables),
      tool: uvTool,
      failure: 'uv could not install the packages of the environment',
    });
    return;
  }
  if (uv === undefined) {
    await makeWithPython(session);
  }
  await installWithPip(session, requirementsFile);
}

/** Throws as `BuildSession.run`. */
export async function installWithPip(session: BuildSession, requirementsFile: string): Promise<void> {
  await session.run({
    program: session.planned.interpreter,
    args: ['-m', 'pip', 'install', ...pipSwitches, '-r', requirementsFile],
    env: pipEnvironment(process.env),
    tool: pipTool,
    failure: 'pip could not install the packages of the environment',
  });
}

/** The lines of a requirements file. */
export function requirementsText({ options, packages }: PipRequirements): string {
  return `${[...options, ...packages].join('\n')}\n`;
}

/**
 * Makes the virtual environment, with pip in it: scripts call that, and notebooks.
 *
 * @returns what tells uv where pip would look for packages; undefined where pip is set up in a way that uv does not know
 */
async function makeWithUv(session: BuildSession, uv: string): Promise<NodeJS.ProcessEnv | undefined> {
  const { base, prefix, interpreter, place, requirements } = session.planned;
  const settings = await readPipSettings(base.path, place, session.signal);
  const variables = settings && uvVariables(settings);
  const isOffline = requirements.options.includes('--no-index') || variables?.UV_NO_INDEX !== undefined;
  const isMade =
    !isOffline &&
    (settings === undefined || variables !== undefined) &&
    (await session.attempt({
      program: uv,
      args: ['venv', ...uvSwitches, '--seed', '--python', base.path, prefix],
      env: uvEnvironment(process.env, variables ?? {}),
      tool: uvTool,
      failure: '',
    }));
  if (!isMade) {
    await makeWithPython(session);
  }
  if (settings !== undefined) {
    return variables;
  }
  // The interpreter has no pip to ask, as one that uv made; the environment has.
  const own = await readPipSettings(interpreter, place, session.signal);
  return own && uvVariables(own);
}

/** Throws as `BuildSession.run`. */
export async function makeWithPython(session: BuildSession): Promise<void> {
  const { base, prefix, place } = session.planned;
  // What an image has is a part of the environment; of this machine's interpreters only what is asked for.
  const inherited = place.kind === 'container' ? ['--system-site-packages'] : [];
  await session.run({
    program: base.path,
    args: ['-m', 'venv', '--clear', ...inherited, prefix],
    env: pipEnvironment(process.env),
    tool: pipTool,
    failure: 'The virtual environment could not be made',
  });
}
