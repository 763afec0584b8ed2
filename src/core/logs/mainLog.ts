/** Which file of a run's tells what it does. */
import { orchestrationTypes } from '../domain/run.ts';

/** What the script prints, both streams together. */
export const scriptLogArtifact = 'logs/std_log.txt';

export const sweepLogArtifact = 'azureml-logs/hyperdrive.txt';

export const pipelineLogArtifact = 'logs/azureml/executionlogs.txt';

/** The log that is worth watching of a run of some type. */
export function mainLogArtifact(runType: string | undefined): string {
  switch (runType) {
    case orchestrationTypes.sweep:
      return sweepLogArtifact;
    case orchestrationTypes.pipeline:
      return pipelineLogArtifact;
    default:
      return scriptLogArtifact;
  }
}
