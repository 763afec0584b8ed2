/** What the engines of sweeps and pipelines have in common: the run that they carry out, its children, and its end. */
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Disposable } from '../base/events.ts';
import { pathExists } from '../base/pathExists.ts';
import { artifactFile } from '../store/artifacts.ts';
import type { StatusError } from '../store/journalRecords.ts';
import type { JournalWriter } from '../store/journalWriter.ts';
import { childrenFolder, entriesOf, runFolder } from '../store/storeLayout.ts';
import type { SubmitOptions, SubmitRequest } from '../submission/submission.ts';
import { type ArrayRequest, submitArray, submitRun } from '../submission/submitRun.ts';
import { ChildRun } from './childRun.ts';
import type { StoredSnapshot } from './definition.ts';

/** How an orchestration ended. */
export type Ending =
  | { readonly status: 'Completed' | 'Canceled' }
  | { readonly status: 'Failed'; readonly error: StatusError };

export interface OrchestrationOptions {
  readonly workspaceFolder: string;
  readonly runId: string;
  readonly experiment: string;
  readonly experimentKey: string;
  readonly runFolder: string;
  /** Unix seconds. */
  readonly createdTime: number;
  readonly journal: JournalWriter;
  readonly submitOptions: SubmitOptions;
  /** By source folder. */
  readonly snapshots: Readonly<Record<string, StoredSnapshot>>;
  /** Artifact that tells what was decided, and when. */
  readonly logArtifact: string;
  /** Aborted when the run is to be canceled. */
  readonly signal: AbortSignal;
}

/** What to submit as a child; the orchestration knows the rest. */
export type ChildRequest = Omit<SubmitRequest, 'workspaceFolder' | 'experiment' | 'parentId' | 'snapshot'>;
export type ArrayedChild = Omit<ArrayRequest, 'workspaceFolder' | 'experiment' | 'parentId' | 'snapshot'>;

export class Orchestration implements Disposable {
  readonly options: OrchestrationOptions;
  private readonly children = new Map<string, ChildRun>();
  private wake: (() => void) | undefined;
  private isAwake = false;

  constructor(options: OrchestrationOptions) {
    this.options = options;
    options.signal.addEventListener('abort', () => this.notify(), { once: true });
  }

  get isCanceled(): boolean {
    return this.options.signal.aborted;
  }

  /** The children that an orchestrator before this one started, in the order of their numbers. */
  async openChildren(): Promise<readonly ChildRun[]> {
    const children: ChildRun[] = [];
    for (const runId of await entriesOf(childrenFolder(this.options.runFolder))) {
      const folder = runFolder(this.options.workspaceFolder, this.options.experimentKey, runId);
      if (await pathExists(folder)) {
        children.push(await this.openChild(runId));
      }
    }
    return children.sort((a, b) => a.summary.number - b.summary.number);
  }

  async openChild(runId: string): Promise<ChildRun> {
    const { workspaceFolder, experimentKey } = this.options;
    const child = await ChildRun.open({
      workspaceFolder,
      experimentKey,
      runId,
      folder: runFolder(workspaceFolder, experimentKey, runId),
      onChange: () => this.notify(),
    });
    this.children.set(runId, child);
    return child;
  }

  /** Submits a child with the code as it was when the orchestration was submitted. Rejects as `submitRun` does. */
  async submit(request: ChildRequest): Promise<ChildRun> {
    const submitted = await submitRun(this.completed(request), this.options.submitOptions);
    return this.openChild(submitted.runId);
  }

  /**
   * Submits children that the queue of their target starts as one, at most `limit` of them at a time; their ids end with their place.
   * Rejects as `submitArray` does.
   */
  async submitAll(
    requests: readonly [ArrayedChild, ...ArrayedChild[]],
    limit: number | undefined,
  ): Promise<readonly ChildRun[]> {
    const { runId, submitOptions } = this.options;
    const [first, ...others] = requests;
    const submitted = await submitArray(
      [this.completed(first), ...others.map((request) => this.completed(request))],
      { name: runId, limit: limit ?? null },
      submitOptions,
    );
    return Promise.all(submitted.map((child) => this.openChild(child.runId)));
  }

  private completed<Request extends ChildRequest>(request: Request): Request & SubmitRequest {
    const { workspaceFolder, experiment, runId, snapshots } = this.options;
    const snapshot = snapshots[request.sourceDirectory];
    return { ...request, workspaceFolder, experiment, parentId: runId, ...(snapshot !== undefined && { snapshot }) };
  }

  /** Ends the wait for a change. */
  notify(): void {
    this.isAwake = true;
    this.wake?.();
  }

  /** Resolves when something may have changed since the last call: a child, a time limit, the wish to cancel. */
  async change(): Promise<void> {
    if (!this.isAwake) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = undefined;
    }
    this.isAwake = false;
  }

  /** Cancels the children that go on, and resolves when all of them have ended. */
  async cancelAll(reason: string): Promise<void> {
    await this.cancelAndWait([...this.children.values()], reason);
  }

  /** Cancels children, and resolves when all of them have ended. */
  async cancelAndWait(children: readonly ChildRun[], reason: string): Promise<void> {
    await Promise.all(children.map((child) => child.cancel(reason)));
    while (children.some((child) => !child.hasEnded)) {
      await this.change();
    }
  }

  /** Adds a line to the log that is among the run's files. */
  async log(message: string): Promise<void> {
    const path = artifactFile(this.options.runFolder, this.options.logArtifact);
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a');
    try {
      await file.appendFile(`${new Date().toISOString()} ${message}\n`);
    } finally {
      await file.close();
    }
  }

  async warn(message: string): Promise<void> {
    await this.options.journal.append({ k: 'warning', message });
    await this.log(`Warning: ${message}`);
  }

  dispose(): void {
    for (const child of this.children.values()) {
      child.dispose();
    }
  }
}
