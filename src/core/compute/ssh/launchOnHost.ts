/** Starting a run on another host, so that it outlives the connection and this process. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError, RunledgerError } from '../../base/errors.ts';
import { openJournal } from '../../store/journalWriter.ts';
import { isJsonObject, type JsonObject } from '../../store/jsonFile.ts';
import { experimentFolder, workspaceFile } from '../../store/storeLayout.ts';
import { type Collection, writeCollection } from '../collection/collection.ts';
import { startCollector } from '../collection/startCollector.ts';
import type { LaunchSpecification, StartOptions } from '../computeTarget.ts';
import type { HostAgent } from './hostAgent.ts';
import type { HostLook } from './hostLook.ts';
import { assertNoPlacesOfWorkspace } from './possibleConfiguration.ts';
import { hostLayout, stageCode } from './staging.ts';

/** @throws RunledgerError `supervisor-failed`, `host-unreachable`, `disk-full`, `not-writable` */
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
  assertNoPlacesOfWorkspace(launch, agent.host.targetName);
  const { sdk, snapshot } = await stageCode(agent, look.folder, {
    pythonSdkFolder: options.pythonSdkFolder,
    snapshot: launch.snapshot ?? undefined,
  });
  const key = basename(dirname(dirname(launch.runFolder)));
  const workspace = hostLayout.workspace(look.folder, launch.runId);
  const experiment = `.runledger/experiments/${key}`;
  const run = `${experiment}/runs/${launch.runId}`;
  const { host } = agent.host.settings;
  const clockAhead = await agent.clockAhead();
  const collection: Collection = {
    target: agent.host.targetName,
    settings: agent.host.settings,
    folder: look.folder,
    workspace,
    runFolder: `${workspace}/${run}`,
    sdk,
    variables: {
      RUNLEDGER_HOST_SITE: host,
      ...(clockAhead !== 0 && { RUNLEDGER_CLOCK_AHEAD: clockAhead.toFixed(3) }),
    },
  };
  // Before the start: whoever finds it can find out what became of the run.
  await writeCollection(launch.runFolder, collection);
  const request: JsonObject = {
    workspace,
    sdk,
    variables: collection.variables,
    files: {
      '.runledger/workspace.json': await textOf(workspaceFile(launch.workspaceFolder)),
      [`${experiment}/experiment.json`]: await textOf(
        join(experimentFolder(launch.workspaceFolder, key), 'experiment.json'),
      ),
      [`${run}/run.json`]: await textOf(join(launch.runFolder, 'run.json')),
    },
    folders: ['.runledger/active', `${experiment}/numbers`, `${run}/journal`, `${run}/artifacts`],
    specification: specificationThere(launch, { workspace, runFolder: collection.runFolder, sdk, snapshot, look }),
  };
  await recordSupervisor(launch, await started(agent, request));
  const { workspaceFolder, runId, runFolder } = launch;
  await startCollector({ workspaceFolder, runId, runFolder }, [program, ...args]);
}

/** What the supervisor is told, in the words of the host: paths are those there. */
function specificationThere(
  launch: LaunchSpecification,
  there: {
    readonly workspace: string;
    readonly runFolder: string;
    readonly sdk: string;
    readonly snapshot: string | undefined;
    readonly look: HostLook;
  },
): JsonObject {
  const { workspace, runFolder, sdk, snapshot, look } = there;
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
