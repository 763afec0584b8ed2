/** Starting the supervisor of a run on this machine so that it outlives whoever started it. */
import type { LaunchSpecification, StartOptions } from './computeTarget.ts';
import { startDetached, withoutEditorVariables } from './detachedProcess.ts';
import { joinLaunches, launchesOf } from './launchArray.ts';

/**
 * Starts the supervisor and waits until it has taken the run over.
 *
 * @throws RunledgerError `supervisor-failed` with what it said; `not-writable`, `disk-full`
 */
export function startSupervisor(launch: LaunchSpecification, options: StartOptions): Promise<void> {
  return startDetached({
    command: [launch.container?.supervisor ?? launch.interpreter, '-m', 'runledger.supervisor'],
    runFolder: launch.runFolder,
    environment: supervisorEnvironment(process.env, options.pythonSdkFolder),
    request: withUserPythonPath(launch),
    advice: 'check the interpreter',
  });
}

/**
 * The environment of the supervisor and, through it, of the script. The user's own `PYTHONPATH` must reach the script and
 * not the supervisor, so it travels in the launch specification.
 */
export function supervisorEnvironment(environment: NodeJS.ProcessEnv, pythonSdkFolder: string): NodeJS.ProcessEnv {
  return { ...withoutEditorVariables(environment), PYTHONPATH: pythonSdkFolder };
}

function withUserPythonPath(launch: LaunchSpecification): LaunchSpecification {
  const own = process.env.PYTHONPATH;
  if (own === undefined || own === '' || launch.container !== null) {
    return launch;
  }
  const withOwn = (one: LaunchSpecification): LaunchSpecification => ({
    ...one,
    environmentVariables: { PYTHONPATH: own, ...one.environmentVariables },
  });
  return launch.array === undefined ? withOwn(launch) : joinLaunches(launchesOf(launch).map(withOwn), launch.array);
}
