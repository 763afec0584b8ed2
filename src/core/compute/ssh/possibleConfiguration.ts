/** What a run configuration can ask for that another host cannot do: said before there is a run. */
import { basename } from 'node:path';
import { RunledgerError } from '../../base/errors.ts';
import type { RunConfiguration } from '../../run-configurations/runConfiguration.ts';
import { storeFolder } from '../../store/storeLayout.ts';
import type { LaunchSpecification } from '../computeTarget.ts';

/**
 * Refuses a run that is given places in this workspace beside data that is there or that it is to write: a script there would read nothing,
 * and what it writes would be lost.
 *
 * @throws RunledgerError `invalid-argument`
 */
export function assertNoPlacesOfWorkspace(launch: LaunchSpecification, target: string): void {
  const store = storeFolder(launch.workspaceFolder);
  const given = [...launch.arguments, ...(launch.command ?? []), ...Object.values(launch.environmentVariables)];
  const place = given.find((text) => text.includes(store));
  if (place !== undefined) {
    throw new RunledgerError(
      'invalid-argument',
      `The run is given the path ${place}, which is in the workspace of this machine: ${target} does not have it.`,
      {
        advice: `Give it data that is in a datastore of the workspace, or a path of ${target}; or run it on this machine.`,
      },
    );
  }
}

/** @throws RunledgerError `invalid-run-configuration` */
export function assertPossible(configuration: RunConfiguration, target: string): void {
  const { name, isInPlace, interpreter, condaEnvironment } = configuration;
  const refuse = (problem: string, advice: string): never => {
    throw new RunledgerError('invalid-run-configuration', `The run configuration "${name}" ${problem}.`, { advice });
  };
  if (isInPlace) {
    refuse(
      `runs in the source folder itself, which ${target} does not have`,
      'Take one that runs a snapshot, or run it on this machine.',
    );
  }
  if (condaEnvironment !== undefined && interpreter === undefined) {
    refuse(
      `takes the conda environment "${condaEnvironment}", which is looked for on this machine`,
      `Name the Python of an environment on ${target} in interpreterPath, as ~/miniforge3/envs/${basename(condaEnvironment)}/bin/python.`,
    );
  }
  if (interpreter !== undefined && /[\\/]/.test(interpreter) && !/^[~/]/.test(interpreter)) {
    refuse(
      `has the interpreter ${interpreter}, in the source folder of this machine`,
      `Give the whole path of one on ${target}, or its name there, as python3.11.`,
    );
  }
}
