/** A Slurm cluster of two nodes on this machine, for one test file: private, without authentication, on the loopback interface alone. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findCommand } from '../../../scripts/support/childProcess.ts';

const run = promisify(execFile);
const startLimitMs = 30_000;
const processors = 4;
const megabytes = 4000;
const reportedLines = 60;

/** The controller, or a node by its name. */
type Daemon = 'controller' | (string & {});

/** Where Slurm is not to be had: why. */
export class NoSlurmError extends Error {}

export class SlurmCluster {
  /** For whoever submits. */
  readonly configuration: string;
  /** Whether Slurm ends jobs that use more memory than they asked for. */
  readonly limitsMemory: boolean;
  /** Names of its nodes: of clusters side by side no two have the same, for control groups are named after them. */
  readonly nodes: readonly [string, string];
  private readonly folder: string;
  private readonly daemons = new Map<Daemon, ChildProcess>();

  private constructor(folder: string, limitsMemory: boolean, nodes: readonly [string, string]) {
    this.folder = folder;
    this.configuration = join(folder, 'slurm.conf');
    this.limitsMemory = limitsMemory;
    this.nodes = nodes;
  }

  /**
   * Installs Slurm where that is allowed, and starts a cluster whose nodes are idle.
   *
   * @throws NoSlurmError
   */
  static async start(): Promise<SlurmCluster> {
    assertInstalled();
    const folder = await mkdtemp(join(tmpdir(), 'runledger-slurm-'));
    const hasCgroups = canUseCgroups();
    const ports = await freePorts(3);
    const nodes = [`a${ports[1]}`, `b${ports[2]}`] as const;
    const cluster = new SlurmCluster(folder, hasCgroups, nodes);
    await Promise.all(['state', 'spool', 'run', 'log'].map((name) => mkdir(join(folder, name))));
    await writeFile(cluster.configuration, configurationText(folder, nodes, ports, hasCgroups));
    await writeFile(join(folder, 'cgroup.conf'), cgroupText);
    try {
      await cluster.startDaemon('controller');
      await Promise.all(nodes.map((node) => cluster.startDaemon(node)));
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  async startDaemon(daemon: Daemon): Promise<void> {
    const [program, ...names] = daemon === 'controller' ? ['slurmctld'] : ['slurmd', '-N', daemon];
    const child = spawn(program ?? '', ['-D', '-f', this.configuration, ...names], { stdio: 'ignore' });
    this.daemons.set(daemon, child);
    await once(child, 'spawn').catch((error: unknown) => {
      throw new NoSlurmError(`${program} could not be started: ${String(error)}`);
    });
    if (daemon === 'controller') {
      await this.until(['scontrol', 'ping'], /UP/);
    }
    if (daemon !== 'controller' || this.daemons.size > this.nodes.length) {
      await this.nodesUp();
    }
  }

  /** Waits until the controller has heard of every node whose daemon is there. */
  async nodesUp(): Promise<void> {
    for (const node of this.nodes.filter((name) => this.daemons.has(name))) {
      const state = ['sinfo', '-h', '-n', node, '-o', '%T;'] as const;
      await this.until(state, /^(idle|mixed|allocated|completing|drain\w+);/);
      if ((await this.command(...state)).startsWith('drain')) {
        // A daemon that was killed may be told again of a job that it has, which the controller takes for a reason to use the node no more.
        await this.command('scontrol', 'update', `nodename=${node}`, 'state=resume');
        await this.until(state, /^(idle|mixed|allocated|completing);/);
      }
    }
  }

  /** Ends a daemon, in order or at once. Jobs go on. */
  async stopDaemon(daemon: Daemon, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.daemons.get(daemon);
    this.daemons.delete(daemon);
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    }
  }

  async command(program: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await run(program, args, { env: { ...process.env, SLURM_CONF: this.configuration } });
    return stdout.trim();
  }

  /** Its nodes, its jobs and the end of its daemons' logs, for whoever looks for the reason of a failure. */
  async report(): Promise<string> {
    const said = await Promise.all([
      this.command('sinfo', '-h', '-o', '%n %T %E').catch(String),
      this.command('squeue', '-h', '-t', 'all', '-o', '%i %T %r %N').catch(String),
      ...['slurmctld', ...this.nodes.map((node) => `slurmd-${node}`)].map(async (name) => {
        const text = await readFile(join(this.folder, 'log', `${name}.log`), 'utf8').catch(String);
        return `${name}:\n${text.trimEnd().split('\n').slice(-reportedLines).join('\n')}`;
      }),
    ]);
    return said.join('\n\n');
  }

  /** Waits until a command says what is wanted. */
  private async until(command: readonly [string, ...string[]], wanted: RegExp): Promise<void> {
    const deadline = Date.now() + startLimitMs;
    const [program, ...args] = command;
    for (;;) {
      const answer = await this.command(program, ...args).catch(() => '');
      if (wanted.test(answer)) {
        return;
      }
      if (Date.now() > deadline) {
        const reasons = await this.command('sinfo', '-h', '-o', '%n: %E').catch(() => '');
        throw new NoSlurmError(
          `Slurm's ${program} says ${JSON.stringify(answer)} after ${startLimitMs / 1000} s (${reasons}).`,
        );
      }
      await delay(50);
    }
  }

  async stop(): Promise<void> {
    if (this.daemons.has('controller')) {
      await this.command('scancel', `--user=${userInfo().username}`).catch(() => '');
      const deadline = Date.now() + startLimitMs;
      while ((await this.command('squeue', '-h').catch(() => '')) !== '' && Date.now() < deadline) {
        await delay(50);
      }
    }
    await Promise.all([...this.daemons.keys()].map((daemon) => this.stopDaemon(daemon)));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function assertInstalled(): void {
  const missing = ['slurmctld', 'slurmd', 'sbatch'].filter((program) => findCommand(program) === undefined);
  if (missing.length > 0) {
    throw new NoSlurmError(`Slurm is not installed here: ${missing.join(', ')}.`);
  }
}

/** Of the first version; of the second, Slurm needs systemd. */
function canUseCgroups(): boolean {
  try {
    for (const controller of ['freezer', 'memory']) {
      accessSync(join('/sys/fs/cgroup', controller), constants.W_OK);
    }
    return existsSync('/sys/fs/cgroup/memory/memory.limit_in_bytes');
  } catch {
    return false;
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

const cgroupText = `CgroupPlugin=cgroup/v1
CgroupMountpoint=/sys/fs/cgroup
CgroupAutomount=no
ConstrainCores=no
ConstrainRAMSpace=yes
ConstrainSwapSpace=no
`;

function configurationText(
  folder: string,
  nodes: readonly string[],
  ports: readonly number[],
  hasCgroups: boolean,
): string {
  const host = hostname().split('.')[0];
  const user = userInfo().username;
  const [controllerPort, ...nodePorts] = ports;
  return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmUser=${user}
SlurmdUser=${user}
AuthType=auth/none
CredType=cred/none
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool/%n
SlurmctldPidFile=${folder}/run/slurmctld.pid
SlurmdPidFile=${folder}/run/slurmd-%n.pid
SlurmctldLogFile=${folder}/log/slurmctld.log
SlurmdLogFile=${folder}/log/slurmd-%n.log
ProctrackType=${hasCgroups ? 'proctrack/cgroup' : 'proctrack/linuxproc'}
TaskPlugin=${hasCgroups ? 'task/cgroup' : 'task/none'}
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerNode=200
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=1
ReturnToService=2
SlurmdParameters=config_overrides
PropagateResourceLimits=NONE
MinJobAge=3600
KillWait=4
SlurmdTimeout=10
${nodes
  .map(
    (node, index) =>
      `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${nodePorts[index]} CPUs=${processors} RealMemory=${megabytes}`,
  )
  .join('\n')}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
PartitionName=short Nodes=ALL MaxTime=10 State=UP
`;
}
