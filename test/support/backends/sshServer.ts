/** A real SSH server of its own, on the loopback interface, with a home folder for what is kept there. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const program = '/usr/sbin/sshd';

/** Why no SSH server can be started here; undefined where one can, and where everything has to be tested. */
export function missingSshServer(): string | undefined {
  return process.env.CI === 'true' || existsSync(program) ? undefined : "OpenSSH's server is not installed";
}

export const isSshServerMissing = missingSshServer() !== undefined;

export interface SshServer {
  readonly port: number;
  /** For `configFile` of a compute target: knows the server as `host`. */
  readonly configFile: string;
  readonly host: string;
  /** Where the target keeps what it needs. */
  readonly folder: string;
  /** The known hosts of the client. */
  readonly knownHosts: string;
  readonly hostKey: string;
  /** Cuts every connection; new ones are taken. */
  cut(): Promise<void>;
  /** Cuts every connection, and takes no more until it is started again. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts a server in a folder, with variables for whoever logs in; to be stopped by whoever starts it. */
export async function openSshServer(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<SshServer> {
  const at = (name: string): string => join(folder, name);
  const port = await freePort();
  await mkdir(at('kept'), { recursive: true });
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at('host_key')]);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at('user_key')]);
  await writeFile(at('authorized_keys'), await readFile(at('user_key.pub')));
  await chmod(at('authorized_keys'), 0o600);
  await writeFile(
    at('sshd_config'),
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${at('host_key')}
PidFile none
AuthorizedKeysFile ${at('authorized_keys')}
StrictModes no
UsePAM no
PasswordAuthentication no
MaxSessions 100
MaxStartups 100
${Object.entries(environment)
  .map(([name, value]) => `SetEnv ${name}=${value}\n`)
  .join('')}`,
  );
  const [type, key] = (await readFile(at('host_key.pub'), 'utf8')).split(' ');
  await writeFile(at('known_hosts'), `[127.0.0.1]:${port} ${type} ${key}\n`);
  await writeFile(
    at('ssh_config'),
    `Host lab-gpu
  HostName 127.0.0.1
  Port ${port}
  User ${userInfo().username}
  IdentityFile ${at('user_key')}
  IdentitiesOnly yes
  UserKnownHostsFile ${at('known_hosts')}
  GlobalKnownHostsFile /dev/null
`,
  );
  const server = new Server(at('sshd_config'), port);
  await server.start();
  return Object.assign(server, {
    port,
    configFile: at('ssh_config'),
    host: 'lab-gpu',
    folder: at('kept'),
    knownHosts: at('known_hosts'),
    hostKey: at('host_key'),
  });
}

class Server {
  private readonly config: string;
  private readonly listening: number;
  private child: ChildProcess | undefined;

  constructor(config: string, port: number) {
    this.config = config;
    this.listening = port;
  }

  async start(): Promise<void> {
    await mkdir('/run/sshd', { recursive: true }).catch(() => {});
    // In the foreground, so that it can be stopped by its process.
    const child = spawn(program, ['-D', '-e', '-f', this.config], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.once('exit', () => reject(new Error(`sshd ended: ${said}`)));
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes(`port ${this.listening}`)) {
          resolve();
        }
      });
    });
  }

  async stop(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child?.pid !== undefined && child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const connections = await this.connections(child.pid);
      child.kill('SIGKILL');
      await ended;
      kill(connections);
    }
  }

  async cut(): Promise<void> {
    if (this.child?.pid !== undefined) {
      kill(await this.connections(this.child.pid));
    }
  }

  /** One process each, and what it runs for it; not what has left its session. */
  private async connections(server: number): Promise<readonly number[]> {
    const { stdout } = await run('ps', ['-o', 'pid=,comm=', '--ppid', String(server)]).catch(() => ({ stdout: '' }));
    return stdout
      .split('\n')
      .map((line) => Number(line.trim().split(/\s+/)[0]))
      .filter((pid) => pid > 0);
  }
}

function kill(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
