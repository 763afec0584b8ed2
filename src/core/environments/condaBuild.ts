import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeFileAtomically } from '../store/atomicFile.ts';
import type { BuildSession } from './buildSession.ts';
import { condaStepTool, condaVariables, createArguments } from './condaTool.ts';
import type { PlannedConda } from './environmentPlan.ts';

/** Makes a conda environment. Throws as `BuildSession.run`. */
export async function buildCondaEnvironment(session: BuildSession, conda: PlannedConda): Promise<void> {
  const { folder, prefix } = session.planned;
  const file = join(folder, 'environment.yml');
  await writeFileAtomically(file, stringify(conda.specification));
  session.tell(`Making a conda environment with ${conda.tool.kind}`);
  await session.run({
    program: conda.tool.path,
    args: createArguments(conda.tool, prefix, file),
    env: condaVariables(process.env),
    tool: condaStepTool,
    failure: `${conda.tool.kind} could not make the environment`,
  });
}
