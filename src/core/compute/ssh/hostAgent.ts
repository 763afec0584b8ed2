/** A connection to a host, and the agent at its other end, which does what it is asked (`python/runledger/host/agent.py`). */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { type ErrorReason, RunledgerError } from '../../base/errors.ts';
import { isJsonObject, type JsonObject } from '../../store/jsonFile.ts';
import { type AgentMessage, AgentMessages } from './agentMessages.ts';
import { quoted, type SshHost, sshArguments } from './sshCommand.ts';
import { connectionError } from './sshProblem.ts';

/** Valid in every Python, so that one that is too old can say so. The agent's text follows on the standard input. */
const bootstrap = [
  'import sys',
  'v=sys.version_info',
  'v<(3,8) and sys.exit("RUNLEDGER-TOO-OLD %d.%d" % (v[0],v[1]))',
  'n=int(sys.stdin.buffer.readline())',
  'exec(compile(sys.stdin.buffer.read(n),"agent.py","exec"),{"__name__":"runledger_agent"})',
].join(';');
const readyMark = 'RUNLEDGER-READY ';
const keptErrorLength = 16 * 1024;
/** Seconds that no order of records hangs on. */
const clockTolerance = 0.05;
/** How ssh ends where the connection fails, and how a program ends that a signal ended there. */
const sshFailed = 255;
/** Longer than anything that is asked of it takes, with the connection's own time limit. */
const connectTimeoutMs = 60_000;

export interface ConnectOptions {
  /** The folder that holds `runledger/`. */
  readonly pythonSdkFolder: string;
  readonly signal?: AbortSignal;
  /** Called with what the agent tells unasked. */
  readonly onMessage?: (message: AgentMessage) => void;
}

export interface AgentHello {
  readonly pythonVersion: string;
  /** Absolute, there. */
  readonly python: string;
}

interface Waiting {
  readonly resolve: (message: AgentMessage) => void;
  readonly reject: (error: unknown) => void;
}

/** What an agent's program did. */
export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class HostAgent {
  readonly host: SshHost;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private said = '';
  private failure: RunledgerError | undefined;
  private isClosed = false;
  private isHeld = false;
  private greeting: AgentHello | undefined;
  private readonly ended: Promise<void>;
  /** Of the program that is attended. */
  private onOutput: ((bytes: Buffer) => void) | undefined;

  private constructor(host: SshHost, child: ChildProcess, onMessage: (message: AgentMessage) => void) {
    this.host = host;
    this.child = child;
    const messages = new AgentMessages(readyMark, (message) => this.receive(message, onMessage));
    child.stdout?.on('data', (bytes: Buffer) => {
      try {
        messages.add(bytes);
      } catch (error) {
        this.fail(this.garbled(error));
      }
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said = (this.said + text).slice(-keptErrorLength);
    });
    // One that ends without reading is told by its end.
    child.stdin?.on('error', () => {});
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.fail(noSsh(error));
        resolve();
      });
      child.once('exit', (code, signal) => {
        // A connection that is kept for others may hold the streams open: what was said is here soon, or never.
        setTimeout(() => {
          this.fail(this.endError(code, signal));
          resolve();
        }, 50);
      });
    });
  }

  /**
   * Connects, and starts the agent there.
   *
   * @throws RunledgerError `host-unreachable`, `interpreter-not-found`, `interpreter-too-old`, `canceled`
   */
  static async connect(host: SshHost, options: ConnectOptions): Promise<HostAgent> {
    const { signal, pythonSdkFolder, onMessage = () => {} } = options;
    const source = await readFile(join(pythonSdkFolder, 'runledger', 'host', 'agent.py'));
    const python = quoted(host.settings.python ?? 'python3');
    const args = [...(await sshArguments(host)), `${python} -I -c '${bootstrap}'`];
    if (signal?.aborted === true) {
      throw new RunledgerError('canceled', 'It was canceled.');
    }
    const child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    const agent = new HostAgent(host, child, onMessage);
    const abort = (): void => agent.fail(new RunledgerError('canceled', 'It was canceled.'));
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => {
      agent.fail(connectionError(host, `it timed out after ${connectTimeoutMs / 1000} s`));
    }, connectTimeoutMs);
    try {
      child.stdin?.write(`${source.length}\n`);
      child.stdin?.write(source);
      const { fields } = await agent.answerTo(0);
      const version = Array.isArray(fields.version) ? fields.version.join('.') : '';
      agent.greeting = { pythonVersion: version, python: String(fields.python) };
      return agent;
    } catch (error) {
      agent.close();
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  get hello(): AgentHello {
    if (this.greeting === undefined) {
      throw new Error('The agent has not answered yet.');
    }
    return this.greeting;
  }

  /** Whether something can still be asked. */
  get isOpen(): boolean {
    return !this.isClosed && this.failure === undefined;
  }

  /** Resolves when the connection is gone, however it ended. */
  get whenEnded(): Promise<void> {
    return this.ended;
  }

  /** Why the connection ended; undefined while it stands, and where it was closed from here. */
  get problem(): RunledgerError | undefined {
    return this.isClosed ? undefined : this.failure;
  }

  /**
   * Asks for something, and waits for the answer.
   *
   * @throws RunledgerError with the reason that the agent gives; `host-unreachable` where the connection is cut
   */
  async request(what: string, fields: JsonObject = {}, payload?: Buffer): Promise<JsonObject> {
    return (await this.exchange(what, fields, payload)).fields;
  }

  private exchange(what: string, fields: JsonObject, payload: Buffer = Buffer.alloc(0)): Promise<AgentMessage> {
    if (this.failure !== undefined) {
      return Promise.reject(this.failure);
    }
    const id = this.nextId++;
    const answer = this.answerTo(id);
    this.child.stdin?.write(`${JSON.stringify({ ...fields, id, do: what, size: payload.length })}\n`);
    if (payload.length > 0) {
      this.child.stdin?.write(payload);
    }
    return answer;
  }

  /** An agent that nobody waits for keeps no process from ending. */
  private answerTo(id: number): Promise<AgentMessage> {
    const answer = new Promise<AgentMessage>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
    });
    this.hold();
    return answer.finally(() => this.release());
  }

  private hold(): void {
    this.child.ref();
    refStreams(this.child, true);
  }

  private release(): void {
    if (this.waiting.size === 0 && !this.isHeld) {
      this.child.unref();
      refStreams(this.child, false);
    }
  }

  /** Keeps this process from ending while the connection stands. */
  keepAlive(): void {
    this.isHeld = true;
    this.hold();
  }

  /** Seconds by which the clock there is ahead of this one; 0 where that is less than can be told. */
  async clockAhead(): Promise<number> {
    const asked = Date.now() / 1000;
    const { time } = await this.request('ping');
    const answered = Date.now() / 1000;
    const ahead = Number(time) - (asked + answered) / 2;
    return Math.abs(ahead) > (answered - asked) / 2 + clockTolerance ? ahead : 0;
  }

  /** Runs a program there to its end. The first word is looked for on the path. */
  async run(
    command: readonly string[],
    options: { readonly input?: string; readonly timeoutSeconds?: number } = {},
  ): Promise<CommandOutcome> {
    const { input = '', timeoutSeconds = 60 } = options;
    const request = { command, timeout: timeoutSeconds };
    const { fields, payload } = await this.exchange('run', request, Buffer.from(input));
    const outputSize = Number(fields.outputSize);
    return {
      code: Number(fields.code),
      stdout: payload.subarray(0, outputSize).toString('utf8'),
      stderr: payload.subarray(outputSize).toString('utf8'),
    };
  }

  /**
   * Runs a program there that takes long, and that ends with this connection. Resolves with its exit code.
   *
   * @param onOutput told everything that is printed, as it is printed
   * @throws RunledgerError `canceled`, after which the connection is gone; `host-unreachable`, `not-found`
   */
  async attend(
    command: readonly string[],
    options: { readonly onOutput: (text: string) => void; readonly signal?: AbortSignal | undefined },
  ): Promise<number> {
    const { onOutput, signal } = options;
    const decoder = new StringDecoder('utf8');
    const abort = (): void => this.fail(new RunledgerError('canceled', 'It was canceled.'));
    signal?.addEventListener('abort', abort, { once: true });
    this.onOutput = (bytes) => onOutput(decoder.write(bytes));
    try {
      return Number((await this.request('attend', { command })).code);
    } finally {
      this.onOutput = undefined;
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Which of some files are there. Those that are count as used now. */
  async has(paths: readonly string[]): Promise<readonly boolean[]> {
    const { found } = await this.request('has', { paths });
    return Array.isArray(found) ? found.map((value) => value === true) : [];
  }

  close(): void {
    this.isClosed = true;
    this.child.stdin?.end();
    // The connection that others share is another process.
    setTimeout(() => this.child.kill('SIGKILL'), 2000).unref();
    this.child.unref();
    refStreams(this.child, false);
  }

  /** Reads nothing more from the host for now, which then waits. */
  pause(): void {
    this.child.stdout?.pause();
  }

  resume(): void {
    this.child.stdout?.resume();
  }

  /** Ends the connection as it stands. */
  abandon(): void {
    this.child.kill('SIGKILL');
  }

  private receive(message: AgentMessage, onMessage: (message: AgentMessage) => void): void {
    const { id, error } = message.fields;
    if (id === undefined && this.waiting.has(0)) {
      this.settle(0, (waiting) => waiting.resolve(message));
    } else if (message.fields.event === 'output') {
      this.onOutput?.(message.payload);
    } else if (typeof id !== 'number') {
      onMessage(message);
    } else if (isJsonObject(error)) {
      this.settle(id, (waiting) => waiting.reject(this.refusal(error)));
    } else {
      this.settle(id, (waiting) => waiting.resolve(message));
    }
  }

  private settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (waiting !== undefined) {
      how(waiting);
    }
  }

  private refusal({ reason, message }: JsonObject): RunledgerError {
    const name = this.host.settings.host;
    const known: readonly ErrorReason[] = [
      'disk-full',
      'not-writable',
      'not-found',
      'supervisor-failed',
      'host-unreachable',
    ];
    const is = known.find((one) => one === reason) ?? 'unreadable';
    const advice =
      is === 'disk-full'
        ? 'Free some space there, or name another folder in the file of the compute target.'
        : is === 'not-writable'
          ? 'Name a folder of yours in the file of the compute target.'
          : undefined;
    return new RunledgerError(is, `On ${name}: ${String(message).replace(/\.$/, '')}.`, {
      ...(advice !== undefined && { advice }),
    });
  }

  private garbled(error: unknown): RunledgerError {
    const detail = error instanceof Error ? error.message : String(error);
    return new RunledgerError('host-unreachable', `What ${this.host.settings.host} sends cannot be read: ${detail}`);
  }

  private endError(code: number | null, signal: NodeJS.Signals | null): RunledgerError {
    const { host, python = 'python3' } = this.host.settings;
    const old = /RUNLEDGER-TOO-OLD (\S+)|Unknown option: -I/.exec(this.said);
    const advice = 'Name another one as "python" in the file of the compute target.';
    if (old !== null) {
      return new RunledgerError(
        'interpreter-too-old',
        `${python} on ${host} is Python ${old[1] ?? '2'}; Runledger needs Python 3.8 or later there.`,
        { advice },
      );
    }
    if (this.greeting === undefined && (code === 127 || code === 126)) {
      return new RunledgerError('interpreter-not-found', `There is no ${python} on ${host} that can be started.`, {
        advice: `Install Python 3.8 or later there. ${advice}`,
      });
    }
    if (code === sshFailed || signal !== null || this.greeting !== undefined) {
      return connectionError(this.host, this.said === '' ? 'Connection closed' : this.said);
    }
    const last = this.said.trim().split('\n').at(-1) ?? '';
    return new RunledgerError(
      'interpreter-not-found',
      `${python} on ${host} does not work: ${last || `exit code ${code}`}.`,
      {
        advice,
      },
    );
  }

  private fail(error: RunledgerError): void {
    if (this.failure !== undefined) {
      return;
    }
    this.failure = error;
    this.child.kill('SIGKILL');
    for (const { reject } of this.waiting.values()) {
      reject(error);
    }
    this.waiting.clear();
  }
}

function noSsh(error: Error): RunledgerError {
  return new RunledgerError('host-unreachable', `The program ssh cannot be started: ${error.message}.`, {
    advice: 'Install OpenSSH, and make sure that ssh is on the path.',
    cause: error,
  });
}

function refStreams(child: ChildProcess, isHeld: boolean): void {
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    // The streams of a child are sockets, though their types do not say so.
    const socket = stream as unknown as { ref?: () => void; unref?: () => void } | null;
    if (isHeld) {
      socket?.ref?.();
    } else {
      socket?.unref?.();
    }
  }
}
