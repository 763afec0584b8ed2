/** Starting a run on another host, so that it outlives the connection and this process. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError, RunledgerError } from '../../base/errors.ts';
import { openJournal } from '../../store/journalWriter.ts';
import { isJsonObject, type JsonObject } from '../../store/jsonFile.ts';
import { experimentFolder, workspaceFile } from '../../store/storeLayout.ts';
import { writeCollection } from '../collection/collection.ts';
import { startCollector } from '../collection/startCollector.ts';
import type { LaunchSpecification, StartOptions } from '../computeTarget.ts';
import { joinLaunches, launchesOf } from '../launchArray.ts';
import type { HostAgent } from './hostAgent.ts';
import { assertNoRegistration, type HostPlace, placesOf, sendPlaces, withPlacesThere } from './hostData.ts';
import type { HostLook } from './hostLook.ts';
import { assertNoPlacesOfWorkspace } from './possibleConfiguration.ts';
import { hostLayout, stageCode } from './staging.ts';

/**
 * Starts the run of a launch, or its runs.
 *
 * @throws RunledgerError `supervisor-failed`, `host-unreachable`, `disk-full`, `not-writable`, `canceled`
 */
export async function launchOnHost(
  agent: HostAgent,
  look: HostLook,
  launch: LaunchSpecification,
  options: StartOptions,
): Promise<void> {
  const [program, ...args] = options.cliCommand ?? [];
  if (program === undefined) {
    throw new RunledgerError('supervisor-failed', 'The runledger command is not known, which brings runs home.');
  }
  const runs: RunThere[] = [];
  for (const one of launchesOf(launch)) {
    runs.push(await runThere(one, look.folder, agent.host.targetName));
  }
  const code = { pythonSdkFolder: options.pythonSdkFolder, snapshot: launch.snapshot ?? undefined };
  const { sdk, snapshot } = await stageCode(agent, look.folder, code, options);
  const clockAhead = await agent.clockAhead();
  const variables = {
    RUNLEDGER_HOST_SITE: agent.host.settings.host,
    ...(clockAhead !== 0 && { RUNLEDGER_CLOCK_AHEAD: clockAhead.toFixed(3) }),
  };
  const places = new Map(runs.flatMap((run) => run.places.map((place) => [place.path, place])));
  await sendPlaces(agent, [...places.values()], launch, options);
  for (const { launch, places, workspace, runFolder } of runs) {
    const { targetName, settings } = agent.host;
    const outputs = places.filter(({ isOutput }) => isOutput).map(({ path, there }) => ({ path, there }));
    const where = { target: targetName, settings, folder: look.folder, workspace, runFolder, sdk, variables };
    const collection = { ...where, outputs };
    // Before the start: whoever finds it can find out what became of the run.
    await writeCollection(launch.runFolder, collection);
  }
  const there = runs.map((run) => specificationThere(run, { sdk, snapshot, look }));
  const request: JsonObject = {
    sdk,
    variables,
    workspaces: await Promise.all(runs.map(workspaceContent)),
    specification: launch.array === undefined ? there[0] : joinLaunches(there, launch.array),
  };
  const supervisor = await started(agent, request);
  for (const { launch } of runs) {
    await recordSupervisor(launch, supervisor);
    const { workspaceFolder, runId, runFolder } = launch;
    await startCollector({ workspaceFolder, runId, runFolder }, [program, ...args]);
  }
}

/** A run, and where it is to be on the host. */
interface RunThere {
  readonly launch: LaunchSpecification;
  /** The data that it is given. */
  readonly places: readonly HostPlace[];
  /** Of this run alone, with the same folders as the workspace here. */
  readonly workspace: string;
  readonly runFolder: string;
  /** Relative to the workspace. */
  readonly experiment: string;
  readonly run: string;
}

async function runThere(launch: LaunchSpecification, folder: string, target: string): Promise<RunThere> {
  const places = await placesOf(launch, folder);
  assertNoPlacesOfWorkspace(withPlacesThere(launch, places), target);
  assertNoRegistration(launch, target);
  const workspace = hostLayout.workspace(folder, launch.runId);
  const experiment = `.runledger/experiments/${basename(dirname(dirname(launch.runFolder)))}`;
  const run = `${experiment}/runs/${launch.runId}`;
  return { launch, places, workspace, runFolder: `${workspace}/${run}`, experiment, run };
}

async function workspaceContent({ launch, workspace, experiment, run }: RunThere): Promise<JsonObject> {
  const key = basename(experiment);
  return {
    folder: workspace,
    files: {
      '.runledger/workspace.json': await textOf(workspaceFile(launch.workspaceFolder)),
      [`${experiment}/experiment.json`]: await textOf(
        join(experimentFolder(launch.workspaceFolder, key), 'experiment.json'),
      ),
      [`${run}/run.json`]: await textOf(join(launch.runFolder, 'run.json')),
    },
    folders: ['.runledger/active', `${experiment}/numbers`, `${run}/journal`, `${run}/artifacts`],
  };
}

/** What the supervisor is told, in the words of the host: paths are those there. */
function specificationThere(
  run: RunThere,
  there: { readonly sdk: string; readonly snapshot: string | undefined; readonly look: HostLook },
): LaunchSpecification {
  const { sdk, snapshot, look } = there;
  const { workspace, runFolder } = run;
  const launch = withPlacesThere(run.launch, run.places);
  // There is no command there.
  const { RUNLEDGER_CLI: _, ...environmentVariables } = launch.environmentVariables;
  return {
    ...launch,
    workspaceFolder: workspace,
    runFolder,
    snapshot: snapshot ?? null,
    sourceDirectory: workspace,
    interpreter: look.interpreter.path,
    environmentVariables,
    // Where the real SDK is installed, a script gets the real one.
    pythonPath: look.interpreter.hasAzureml ? [sdk] : [sdk, `${sdk}/compat`],
    queue: null,
  };
}

/** The identity of the supervisor; undefined where the connection was cut before it could be told: the collector finds out. */
async function started(agent: HostAgent, request: JsonObject): Promise<JsonObject | undefined> {
  try {
    const { process } = await agent.request('launch', request);
    return isJsonObject(process) ? process : undefined;
  } catch (error) {
    if (RunledgerError.is(error, 'host-unreachable')) {
      return undefined;
    }
    throw error;
  }
}

/** Until its own records arrive, nobody takes the run for one whose process has ended. */
async function recordSupervisor(launch: LaunchSpecification, supervisor: JsonObject | undefined): Promise<void> {
  const { workspaceFolder, runId, runFolder } = launch;
  const journal = await openJournal({ workspaceFolder, runId, runFolder, role: 'submit' });
  try {
    await journal.append({
      k: 'process',
      role: 'supervisor',
      pid: Number(supervisor?.pid ?? 0),
      startTime: String(supervisor?.startTime ?? ''),
      bootId: String(supervisor?.bootId ?? ''),
      host: String(supervisor?.host ?? `?@${launch.runId}`),
    });
  } finally {
    await journal.close();
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, 'send the run', path);
  }
}
