import { RunledgerError } from '../base/errors.ts';
import type { RunConfiguration } from '../run-configurations/runConfiguration.ts';
import { findComputeDefinition } from './computeDefinitions.ts';
import type { ComputeTarget } from './computeTarget.ts';
import { dockerTarget } from './docker/dockerTarget.ts';
import { localTarget } from './local/localTarget.ts';
import { slurmTarget } from './slurm/slurmTarget.ts';
import { hostOver, type SubmitHost, thisMachine } from './slurm/submitHost.ts';
import { SshTarget } from './ssh/sshTarget.ts';
import { type CheckRequest, finding, type TargetFinding } from './targetCheck.ts';
import { type DefinedTarget, findTargetFile, readTargetFile } from './targetFiles.ts';

/**
 * The compute target of a name, whatever its case. What scripts made (`ComputeTarget.create`) is another name of this machine.
 *
 * @param workspaceFolder undefined where there is no workspace, and so no target but `local`
 * @throws RunledgerError `unsupported-target` where there is none; `invalid-argument` with line and column where its file is
 * wrong; `unreadable`
 */
export async function findComputeTarget(workspaceFolder: string | undefined, name: string): Promise<ComputeTarget> {
  if (name.toLowerCase() === localTarget.name || workspaceFolder === undefined) {
    return localTarget;
  }
  const file = await findTargetFile(workspaceFolder, name);
  if (file !== undefined) {
    return openTarget(await readTargetFile(file), workspaceFolder);
  }
  await findComputeDefinition(workspaceFolder, name);
  return localTarget;
}

/**
 * Looks whether runs could run on a target. A file that cannot be used is one of the findings.
 *
 * @throws RunledgerError `unsupported-target` where there is no such target; `canceled`
 */
export async function checkComputeTarget(name: string, request: CheckRequest): Promise<readonly TargetFinding[]> {
  let target: ComputeTarget | undefined;
  const definition = await finding('Definition', async () => {
    target = await findComputeTarget(request.workspaceFolder, name);
    return target.type === 'local' ? 'this machine' : `of type ${target.type}`;
  });
  return target === undefined ? [definition] : await target.check(request);
}

/**
 * The target that a run configuration's script runs on: where it asks for a container on this machine, that one.
 *
 * @throws as `findComputeTarget`
 */
export async function targetOf(
  workspaceFolder: string | undefined,
  { target, container }: Pick<RunConfiguration, 'target' | 'container'>,
): Promise<ComputeTarget> {
  const found = await findComputeTarget(workspaceFolder, target);
  return found.type === 'local' && container?.isEnabled === true ? dockerTarget(found.name, { type: 'docker' }) : found;
}

async function openTarget(target: DefinedTarget, workspaceFolder: string): Promise<ComputeTarget> {
  switch (target.settings.type) {
    case 'docker':
      return dockerTarget(target.name, target.settings);
    case 'ssh':
      return new SshTarget(target.name, target.settings);
    case 'slurm':
      return slurmTarget({ ...target, settings: target.settings, host: await submitHost(target, workspaceFolder) });
  }
}

/** Where the jobs of a Slurm target are submitted. */
async function submitHost({ name, path, settings }: DefinedTarget, workspaceFolder: string): Promise<SubmitHost> {
  const host = settings.type === 'slurm' ? settings.host : undefined;
  if (host === undefined) {
    return thisMachine;
  }
  const file = await findTargetFile(workspaceFolder, host);
  const found = file && (await readTargetFile(file));
  if (found?.settings.type !== 'ssh') {
    const what = found === undefined ? 'which this workspace does not have' : `which is of type ${found.settings.type}`;
    throw new RunledgerError('unsupported-target', `The compute target ${name} submits through ${host}, ${what}.`, {
      advice: `Name one of type ssh as host in ${path}, or none to submit from this machine.`,
    });
  }
  return hostOver(new SshTarget(found.name, found.settings));
}
