/** Where jobs are submitted: this machine, or one that a compute target of type ssh reaches. */
import type {
  ComputeTarget,
  LaunchSpecification,
  PreparedTarget,
  PrepareRequest,
  StartOptions,
} from '../computeTarget.ts';
import { localTarget } from '../local/localTarget.ts';
import type { SshTarget } from '../ssh/sshTarget.ts';
import { startSupervisor } from '../supervisorProcess.ts';
import type { SlurmSettings } from '../targetSettings.ts';
import { type RunCommand, runHere } from './slurmCommands.ts';

/** All that differs between the two. */
export interface SubmitHost extends Pick<ComputeTarget, 'makeEnvironment'> {
  /** Of the supervisor that watches the job, and so of the nodes too: they see the same files. */
  prepare(request: PrepareRequest, settings: SlurmSettings): Promise<PreparedTarget>;
  /** How programs are run there. */
  commands(options: CommandOptions): RunCommand;
  start(launch: LaunchSpecification, options: StartOptions): Promise<void>;
  /** The Python that a node is asked for, where the settings name none. */
  defaultPython(candidates: readonly string[]): string;
  /** Of this machine's folders, the one that a node has to see too; undefined where the run's folder is made there. */
  sharedFolder(workspaceFolder: string): string | undefined;
}

export interface CommandOptions {
  readonly pythonSdkFolder: string;
}

/** The interpreter and its environment are those of this machine, whose files the nodes see. */
export const thisMachine: SubmitHost = {
  prepare: async (request, { python }) => {
    const interpreterCandidates = [...(python === undefined ? [] : [python]), ...request.interpreterCandidates];
    const prepared = await localTarget.prepare({ ...request, interpreterCandidates });
    // The cluster's queue is the one to wait in.
    return { ...prepared, queue: undefined };
  },
  makeEnvironment: (prepared, options) => localTarget.makeEnvironment(prepared, options),
  commands: () => runHere,
  start: startSupervisor,
  defaultPython: (candidates) => candidates[0] ?? 'python3',
  sharedFolder: (workspaceFolder) => workspaceFolder,
};

export function hostOver(ssh: SshTarget): SubmitHost {
  return {
    prepare: (request) => ssh.prepareHost(request),
    makeEnvironment: (prepared, options) => ssh.makeEnvironment(prepared, options),
    commands: (options) => (command, request) => ssh.run(command, { ...request, ...options }),
    start: (launch, options) => ssh.start(launch, options),
    defaultPython: () => ssh.host.settings.python ?? 'python3',
    sharedFolder: () => undefined,
  };
}
