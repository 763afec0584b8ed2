/** Another machine, reached with the system's OpenSSH. The supervisor runs there; a collector brings home what it writes. */
import { RunledgerError } from '../../base/errors.ts';
import type {
  ComputeTarget,
  LaunchSpecification,
  MakeTargetOptions,
  PreparedTarget,
  PrepareRequest,
  StartOptions,
} from '../computeTarget.ts';
import { type CheckRequest, finding, type TargetFinding } from '../targetCheck.ts';
import type { SshSettings } from '../targetSettings.ts';
import { withoutContainer } from '../withoutContainer.ts';
import { HostAgent } from './hostAgent.ts';
import { makeHostEnvironment, planHostEnvironment } from './hostEnvironment.ts';
import { type HostLook, lookAtHost } from './hostLook.ts';
import { launchOnHost } from './launchOnHost.ts';
import { assertPossible } from './possibleConfiguration.ts';
import type { SshHost } from './sshCommand.ts';

/** A connection that was made to look, and that no start goes on with, is given up after this time. */
const keptMs = 60_000;

export class SshTarget implements ComputeTarget {
  readonly name: string;
  readonly type = 'ssh';
  readonly host: SshHost;
  private agent: HostAgent | undefined;
  private givingUp: NodeJS.Timeout | undefined;
  private look: HostLook | undefined;

  constructor(name: string, settings: SshSettings) {
    this.name = name;
    this.host = { targetName: name, settings };
  }

  /**
   * A connection to the host, to be closed.
   *
   * @throws RunledgerError `host-unreachable`, `interpreter-not-found`, `interpreter-too-old`, `canceled`
   */
  connect(options: { readonly pythonSdkFolder: string; readonly signal?: AbortSignal }): Promise<HostAgent> {
    return HostAgent.connect(this.host, options);
  }

  async prepare(request: PrepareRequest): Promise<PreparedTarget> {
    const prepared = await this.prepareHost(request);
    return withoutContainer(prepared, request.configuration, `runs on ${this.name} go on`);
  }

  /** What the host itself has for the run, whoever starts it there. Throws as `prepare`. */
  async prepareHost(request: PrepareRequest): Promise<PreparedTarget> {
    const { configuration, scriptPath } = request;
    assertPossible(configuration, this.name);
    const agent = await this.kept(request);
    this.look = await lookAtHost(agent, { interpreter: configuration.interpreter, scriptPath });
    const { environment, warnings } = await planHostEnvironment(agent, this.look, request);
    return {
      interpreter: environment?.interpreter ?? this.look.interpreter.path,
      // Of the SDK there, whose place follows from its content: `start` knows it.
      pythonPath: [],
      environment,
      queue: undefined,
      warnings,
    };
  }

  async makeEnvironment(prepared: PreparedTarget, options: MakeTargetOptions): Promise<PreparedTarget> {
    const { environment } = prepared;
    if (environment === undefined || this.look?.interpreter.path === environment.interpreter) {
      return prepared;
    }
    await makeHostEnvironment(environment, this.host, options);
    this.look = await lookAtHost(await this.kept(options), {
      interpreter: environment.interpreter,
      scriptPath: undefined,
    });
    return { ...prepared, environment: undefined };
  }

  async start(launch: LaunchSpecification, options: StartOptions): Promise<void> {
    const agent = await this.kept(options);
    // To send a large snapshot takes its time.
    clearTimeout(this.givingUp);
    this.agent = undefined;
    try {
      const look = this.look ?? (await lookAtHost(agent, { interpreter: launch.interpreter, scriptPath: undefined }));
      await launchOnHost(agent, look, launch, options);
    } finally {
      agent.close();
    }
  }

  /**
   * Runs a program on the host to its end, over the connection that is kept for the start.
   *
   * @throws RunledgerError `host-unreachable`; `unsupported-target` where there is no such program
   */
  async run(
    command: readonly string[],
    options: { readonly input?: string; readonly pythonSdkFolder: string; readonly signal?: AbortSignal },
  ): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
    const { input = '' } = options;
    const agent = await this.kept(options);
    try {
      const { code, stdout, stderr } = await agent.run(command, { input });
      return { exitCode: code, stdout, stderr };
    } catch (error) {
      if (RunledgerError.is(error, 'not-found')) {
        throw new RunledgerError(
          'unsupported-target',
          `${command[0]} is not on the path of ${this.host.settings.host}.`,
          {
            cause: error,
          },
        );
      }
      throw error;
    }
  }

  private async kept(options: { readonly pythonSdkFolder: string; readonly signal?: AbortSignal }): Promise<HostAgent> {
    if (this.agent?.isOpen === true) {
      return this.agent;
    }
    const agent = await this.connect(options);
    this.agent = agent;
    clearTimeout(this.givingUp);
    this.givingUp = setTimeout(() => agent.close(), keptMs).unref();
    return agent;
  }

  async check({ pythonSdkFolder, signal }: CheckRequest): Promise<readonly TargetFinding[]> {
    const { host } = this.host.settings;
    let agent: HostAgent | undefined;
    const connection = await finding('Connection', async () => {
      agent = await this.connect({ pythonSdkFolder, ...(signal && { signal }) });
      return `${host} answers`;
    });
    if (agent === undefined) {
      return [connection];
    }
    const connected = agent;
    try {
      let look: HostLook | undefined;
      const python = await finding('Python', async () => {
        look = await lookAtHost(connected, { interpreter: undefined, scriptPath: undefined });
        return `${look.interpreter.path}, version ${look.interpreter.version}`;
      });
      if (look === undefined) {
        return [connection, python];
      }
      const gigabytes = (look.freeBytes / 1e9).toFixed(1);
      const space = { subject: 'Folder', isGood: true, message: `${look.folder}, ${gigabytes} GB free` };
      return [connection, python, space];
    } finally {
      connected.close();
    }
  }
}
