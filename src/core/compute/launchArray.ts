/** Runs that a cluster starts as one job array: their launches travel as one, with what differs between them. */
import type { LaunchSpecification } from './computeTarget.ts';

/** What makes a launch that of several runs. */
export interface LaunchArray {
  /** What the ids of the runs begin with, before `_` and the run's place in the array. */
  readonly name: string;
  /** How many go on at a time; null: as many as the cluster takes. */
  readonly limit: number | null;
  /** By place, what is not as in the launch itself. */
  readonly tasks: Readonly<Record<string, Partial<LaunchSpecification>>>;
}

/** One launch for all, which is that of the first run; `launches` has one at least, with ids `<name>_<place>`. */
export function joinLaunches(
  launches: readonly LaunchSpecification[],
  { name, limit }: Pick<LaunchArray, 'name' | 'limit'>,
): LaunchSpecification {
  const [first] = launches;
  if (first === undefined) {
    throw new Error('An array needs a launch.');
  }
  const tasks = launches.map((launch) => [launch.runId.slice(name.length + 1), differences(first, launch)] as const);
  return { ...first, array: { name, limit, tasks: Object.fromEntries(tasks) } };
}

/** The launches of the runs that a launch is for, each by itself. */
export function launchesOf({ array, ...launch }: LaunchSpecification): readonly LaunchSpecification[] {
  return array === undefined ? [launch] : Object.values(array.tasks).map((task) => ({ ...launch, ...task }));
}

function differences(first: LaunchSpecification, launch: LaunchSpecification): Partial<LaunchSpecification> {
  const fields = Object.entries(launch).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(first[name as keyof LaunchSpecification]),
  );
  return Object.fromEntries(fields);
}
