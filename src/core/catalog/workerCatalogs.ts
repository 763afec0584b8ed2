/** Catalogs whose work is done in a worker thread. */
import { Worker } from 'node:worker_threads';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  PortMessageReader,
  PortMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import { RunledgerError } from '../base/errors.ts';
import { type Disposable, Emitter, type Event, toDisposable } from '../base/events.ts';
import type { WorkspaceInfo } from '../domain/workspace.ts';
import {
  type CatalogMethod,
  callRequest,
  changeNotification,
  closeNotification,
  deltaNotification,
  endNotification,
  followNotification,
  listenNotification,
  openRequest,
  type RefusalData,
} from './catalogProtocol.ts';
import type { OpenCatalogOptions } from './indexedRunCatalog.ts';
import type { CatalogChange, RunCatalog, RunDelta } from './runCatalog.ts';

/** Opens the catalogs of a window, in one worker, which is started when the first is opened. */
export class WorkerCatalogs implements Disposable {
  private readonly workerFile: string;
  private readonly stoppedEmitter = new Emitter<unknown>();
  private connection: WorkerConnection | undefined;

  /** @param workerFile the program of the worker: `catalogWorker.ts`, or what it was bundled into */
  constructor(workerFile: string) {
    this.workerFile = workerFile;
  }

  /** The worker ended by itself, with the error that it gave: its catalogs are of no use, and can be opened again. */
  get onDidStop(): Event<unknown> {
    return this.stoppedEmitter.event;
  }

  /** @throws RunledgerError `not-a-store`, `newer-format`, `unreadable`, `not-writable`, `disk-full` */
  async open(workspaceFolder: string, options: OpenCatalogOptions = {}): Promise<RunCatalog> {
    const connection = this.connection ?? this.start();
    return new WorkerCatalog(
      connection,
      await connection.request(() => connection.rpc.sendRequest(openRequest, { folder: workspaceFolder, options })),
    );
  }

  private start(): WorkerConnection {
    const connection = new WorkerConnection(this.workerFile, (error) => {
      if (this.connection === connection) {
        this.connection = undefined;
        this.stoppedEmitter.fire(error);
      }
    });
    this.connection = connection;
    return connection;
  }

  dispose(): void {
    const { connection } = this;
    this.connection = undefined;
    connection?.dispose();
    this.stoppedEmitter.dispose();
  }
}

/** The worker, and who listens to it. */
class WorkerConnection implements Disposable {
  readonly rpc: MessageConnection;
  private readonly worker: Worker;
  private readonly changeListeners = new Map<number, (change: CatalogChange) => void>();
  private readonly deltaListeners = new Map<number, (delta: RunDelta) => void>();
  private lastId = 0;
  private hasEnded = false;

  constructor(workerFile: string, onStop: (error: unknown) => void) {
    // What it reads is soon of no use: with more room V8 would let it lie, in a process that many extensions share.
    this.worker = new Worker(workerFile, {
      name: 'Runledger catalogs',
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    this.rpc = createMessageConnection(new PortMessageReader(this.worker), new PortMessageWriter(this.worker));
    let problem: unknown;
    this.worker.on('error', (error) => {
      problem = error;
    });
    this.worker.on('exit', () => {
      this.end();
      onStop(problem);
    });
    this.rpc.onNotification(changeNotification, ({ id, change }) => this.changeListeners.get(id)?.(change));
    this.rpc.onNotification(deltaNotification, ({ id, delta }) => this.deltaListeners.get(id)?.(delta));
    this.rpc.listen();
  }

  /** Waits for an answer. What core refused there is refused here. */
  async request<T>(send: () => Promise<T>): Promise<T> {
    if (this.hasEnded) {
      throw stoppedError();
    }
    try {
      return await send();
    } catch (error) {
      if (this.hasEnded) {
        throw stoppedError();
      }
      throw error instanceof ResponseError && isRefusal(error.data)
        ? new RunledgerError(error.data.reason, error.message, error.data)
        : error;
    }
  }

  listen(folder: string, listener: (change: CatalogChange) => void): Disposable {
    const id = this.nextId();
    this.changeListeners.set(id, listener);
    this.notify(() => this.rpc.sendNotification(listenNotification, { folder, id }));
    return this.ending(id);
  }

  follow(folder: string, runId: string, listener: (delta: RunDelta) => void): Disposable {
    const id = this.nextId();
    this.deltaListeners.set(id, listener);
    this.notify(() => this.rpc.sendNotification(followNotification, { folder, id, runId }));
    return this.ending(id);
  }

  /** Says something to a worker that may have ended: then there is nobody to say it to. */
  notify(send: () => Promise<void>): void {
    if (!this.hasEnded) {
      send().catch(() => {});
    }
  }

  private nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  private ending(id: number): Disposable {
    return toDisposable(() => {
      this.changeListeners.delete(id);
      this.deltaListeners.delete(id);
      this.notify(() => this.rpc.sendNotification(endNotification, { id }));
    });
  }

  /** Requests that wait are refused. */
  private end(): void {
    if (!this.hasEnded) {
      this.hasEnded = true;
      this.rpc.dispose();
    }
  }

  dispose(): void {
    this.end();
    void this.worker.terminate();
  }
}

function stoppedError(): RunledgerError {
  return new RunledgerError('canceled', 'The worker that reads the runs has ended.', { advice: 'Refresh the view.' });
}

function isRefusal(data: unknown): data is RefusalData {
  return typeof data === 'object' && data !== null && 'reason' in data;
}

class WorkerCatalog implements RunCatalog {
  readonly workspace: WorkspaceInfo;
  private readonly connection: WorkerConnection;

  constructor(connection: WorkerConnection, workspace: WorkspaceInfo) {
    this.connection = connection;
    this.workspace = workspace;
  }

  private get folder(): string {
    return this.workspace.folder;
  }

  /** Calls a method there. The last argument may be the signal that cancels it. */
  private async call<M extends CatalogMethod>(
    method: M,
    args: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<Awaited<ReturnType<RunCatalog[M]>>> {
    const { connection, folder } = this;
    const cancellation = new CancellationTokenSource();
    const cancel = (): void => cancellation.cancel();
    signal?.addEventListener('abort', cancel);
    try {
      const answer = await connection.request(() =>
        connection.rpc.sendRequest(callRequest, { folder, method, args }, cancellation.token),
      );
      // An answer of nothing comes as null.
      return (answer ?? undefined) as Awaited<ReturnType<RunCatalog[M]>>;
    } finally {
      signal?.removeEventListener('abort', cancel);
      cancellation.dispose();
    }
  }

  readonly experiments: RunCatalog['experiments'] = () => this.call('experiments', []);
  readonly runs: RunCatalog['runs'] = (query) => this.call('runs', [query]);
  readonly find: RunCatalog['find'] = (query) => this.call('find', [query]);
  readonly knownNames: RunCatalog['knownNames'] = () => this.call('knownNames', []);
  readonly runTable: RunCatalog['runTable'] = (query) => this.call('runTable', [query]);
  readonly runColumns: RunCatalog['runColumns'] = (experimentKey) => this.call('runColumns', [experimentKey]);
  readonly runRows: RunCatalog['runRows'] = (query) => this.call('runRows', [query]);
  readonly runGroups: RunCatalog['runGroups'] = (query) => this.call('runGroups', [query]);
  readonly runValues: RunCatalog['runValues'] = (query) => this.call('runValues', [query]);
  readonly children: RunCatalog['children'] = (runId) => this.call('children', [runId]);
  readonly run: RunCatalog['run'] = (runId) => this.call('run', [runId]);
  readonly details: RunCatalog['details'] = (runId) => this.call('details', [runId]);
  readonly series: RunCatalog['series'] = (query, signal) => this.call('series', [query], signal);
  readonly table: RunCatalog['table'] = (runId, metric) => this.call('table', [runId, metric]);
  readonly files: RunCatalog['files'] = (runId) => this.call('files', [runId]);
  readonly deletedRuns: RunCatalog['deletedRuns'] = () => this.call('deletedRuns', []);

  readonly onDidChange: Event<CatalogChange> = (listener) => this.connection.listen(this.folder, listener);

  follow(runId: string, listener: (delta: RunDelta) => void): Disposable {
    return this.connection.follow(this.folder, runId, listener);
  }

  dispose(): void {
    const { connection, folder } = this;
    connection.notify(() => connection.rpc.sendNotification(closeNotification, { folder }));
  }
}
