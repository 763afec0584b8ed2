import type { RunConfigurationEntry } from '../run-configurations/runConfiguration.ts';
import { listComputeDefinitions } from './computeDefinitions.ts';

/** Run configurations, with a problem where the workspace has no compute target of the name, or its file is wrong. */
export async function withKnownTargets(
  entries: readonly RunConfigurationEntry[],
  workspaceFolder: string,
): Promise<readonly RunConfigurationEntry[]> {
  const definitions = await listComputeDefinitions(workspaceFolder);
  return entries.map((entry) => {
    if (entry.problem !== undefined) {
      return entry;
    }
    const target = definitions.find(({ name }) => name.toLowerCase() === entry.target.toLowerCase());
    const problem =
      target === undefined
        ? `${entry.description} runs on the compute target "${entry.target}", which this workspace does not have. Make it with New Compute Target, or choose another one in the file.`
        : target.problem;
    return problem === undefined ? entry : { ...entry, problem };
  });
}
