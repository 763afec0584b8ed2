import type { RunConfiguration } from '../run-configurations/runConfiguration.ts';
import type { PreparedTarget } from './computeTarget.ts';

/**
 * Warns of a run configuration that asks for a container where none is started.
 *
 * @param who goes without, with its verb: "jobs of Slurm run"
 */
export function withoutContainer(
  prepared: PreparedTarget,
  { name, container }: RunConfiguration,
  who: string,
): PreparedTarget {
  const warning = `The run configuration "${name}" asks for a container; ${who} without.`;
  return container?.isEnabled === true ? { ...prepared, warnings: [...prepared.warnings, warning] } : prepared;
}
