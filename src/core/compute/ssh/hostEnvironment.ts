/** Virtual environments on a host: made once for each definition, kept in the folder of Runledger there. */
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RunledgerError } from '../../base/errors.ts';
import { BuildSession } from '../../environments/buildSession.ts';
import { markerText, noteWhatIsMade, packageLines } from '../../environments/environmentBuild.ts';
import { EnvironmentLog } from '../../environments/environmentLog.ts';
import type { EnvironmentPlace } from '../../environments/environmentPlace.ts';
import { type PlannedEnvironment, planEnvironment } from '../../environments/environmentPlan.ts';
import { installWithPip, makeWithPython, requirementsText } from '../../environments/venvBuild.ts';
import { randomHex } from '../../store/atomicFile.ts';
import type { MakeTargetOptions, PrepareRequest } from '../computeTarget.ts';
import { HostAgent } from './hostAgent.ts';
import type { HostLook } from './hostLook.ts';
import { sendFile } from './sendFiles.ts';

const lockCheckMs = 500;

/**
 * The environment that a run configuration's packages need there, beside what the interpreter there has.
 *
 * @returns undefined where that has everything
 * @throws RunledgerError `invalid-run-configuration`, `environment-failed`, `host-unreachable`
 */
export async function planHostEnvironment(
  agent: HostAgent,
  look: HostLook,
  { configuration, sourceDirectory, signal }: Pick<PrepareRequest, 'configuration' | 'sourceDirectory' | 'signal'>,
): Promise<{ readonly environment: PlannedEnvironment | undefined; readonly warnings: readonly string[] }> {
  const { environment, warnings } = await planEnvironment(configuration.dependencies, look.interpreter, {
    sourceDirectory,
    configurationPath: configuration.path,
    place: placeOf(agent),
    ...(signal && { signal }),
  });
  if (environment === undefined) {
    return { environment, warnings };
  }
  if (environment.requirements.contents.length > 0) {
    throw new RunledgerError(
      'invalid-run-configuration',
      `The run configuration "${configuration.name}" takes packages from files of this machine, which ${agent.host.targetName} does not have.`,
      { advice: 'Name packages of an index, or install them there yourself and name that Python in interpreterPath.' },
    );
  }
  const folder = `${look.folder}/environments/${environment.key}`;
  const prefix = `${folder}/venv`;
  return { environment: { ...environment, folder, prefix, interpreter: `${prefix}/bin/python` }, warnings };
}

/**
 * Makes an environment there, unless it is there. Of several that ask for the same one at once one makes it, and the others wait for it.
 *
 * @throws RunledgerError `environment-failed`, `canceled`, `host-unreachable`, `not-writable`, `disk-full`
 */
export async function makeHostEnvironment(
  planned: PlannedEnvironment,
  host: HostAgent['host'],
  options: MakeTargetOptions,
): Promise<void> {
  const log = await EnvironmentLog.open(options);
  // A connection of its own: what goes on there ends with it.
  const agent = await HostAgent.connect(host, options).catch(async (error: unknown) => {
    await log.close();
    throw error;
  });
  try {
    const session = new BuildSession({ ...planned, place: placeOf(agent) }, log, options);
    if (!(await isReady(agent, planned))) {
      await takeLock(session, agent);
      // Who held it until now may have made the environment.
      if (!(await isReady(agent, planned))) {
        await build(session, agent);
        return;
      }
    }
    session.note(
      `Using the environment ${planned.folder} of ${host.targetName}, made before of:\n${packageLines(planned)}`,
    );
  } finally {
    agent.close();
    await log.close();
  }
}

async function takeLock(session: BuildSession, agent: HostAgent): Promise<void> {
  const path = `${session.planned.folder}.lock`;
  let hasWaited = false;
  while ((await agent.request('lock', { path })).isHeld !== true) {
    if (!hasWaited) {
      session.tell('Waiting for the same environment, which another run makes');
      hasWaited = true;
    }
    await delay(lockCheckMs, undefined, { signal: session.signal }).catch(() => {
      throw new RunledgerError('canceled', 'It was canceled.');
    });
  }
}

async function build(session: BuildSession, agent: HostAgent): Promise<void> {
  const { folder, requirements } = session.planned;
  noteWhatIsMade(session, agent.host.targetName);
  try {
    await agent.request('clear', { folder });
    await putText(agent, requirementsText(requirements), `${folder}/requirements.txt`);
    session.tell(`Making a virtual environment on ${agent.host.targetName}`);
    await makeWithPython(session);
    await installWithPip(session, `${folder}/requirements.txt`);
    // Written last: it tells that the environment is whole.
    await putText(agent, markerText(session.planned), markerOf(folder));
    session.note('The environment is ready.\n');
  } catch (error) {
    session.note(`${error instanceof Error ? error.message : String(error)}\n`);
    throw error;
  }
}

function markerOf(folder: string): string {
  return `${folder}/environment.json`;
}

/** Whether it is whole. One whose interpreter is gone, as after an update there, is not. It counts as used now. */
async function isReady(agent: HostAgent, { folder, interpreter }: PlannedEnvironment): Promise<boolean> {
  const [isThere, isWhole, hasInterpreter] = await agent.has([folder, markerOf(folder), interpreter]);
  return isThere === true && isWhole === true && hasInterpreter === true;
}

async function putText(agent: HostAgent, text: string, path: string): Promise<void> {
  const file = join(tmpdir(), `runledger-${randomHex(8)}`);
  await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  try {
    await sendFile(agent, { file, there: path });
  } finally {
    await rm(file, { force: true });
  }
}

function placeOf(agent: HostAgent): EnvironmentPlace {
  return {
    kind: 'host',
    identity: `host ${agent.host.settings.host}`,
    run: async (program, args) => {
      const { code, stdout, stderr } = await agent.run([program, ...args]);
      return { stdout, stderr, problem: code === 0 ? undefined : `exit code ${code}` };
    },
    runAttended: (program, args, { onOutput, signal }) => agent.attend([program, ...args], { onOutput, signal }),
  };
}
