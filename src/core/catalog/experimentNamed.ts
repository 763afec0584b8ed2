import { RunledgerError } from '../base/errors.ts';
import type { ExperimentSummary } from '../domain/workspace.ts';
import { experimentKey } from '../store/names.ts';

/** The experiment of a name, whatever its case. Throws `not-found` naming those that there are, and `invalid-name`. */
export function experimentNamed(experiments: readonly ExperimentSummary[], name: string): ExperimentSummary {
  const key = experimentKey(name);
  const found = experiments.find((experiment) => experiment.key === key);
  if (found === undefined) {
    const known = experiments.map((experiment) => experiment.name).join(', ');
    throw new RunledgerError('not-found', `There is no experiment "${name}" in this workspace.`, {
      advice: known === '' ? 'There is none yet.' : `There are: ${known}.`,
    });
  }
  return found;
}
