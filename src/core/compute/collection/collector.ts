/** The process that brings a run home from the host where it goes on. It can be killed at any time: the next one goes on from the files. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RunledgerError } from '../../base/errors.ts';
import { pathExists } from '../../base/pathExists.ts';
import { isTerminal } from '../../domain/runStatus.ts';
import { artifactFile } from '../../store/artifacts.ts';
import { type JournalWriter, openJournal } from '../../store/journalWriter.ts';
import { cancelFile, findRunFolder } from '../../store/storeLayout.ts';
import { readRunState } from '../../submission/runState.ts';
import type { AgentMessage } from '../ssh/agentMessages.ts';
import { HostAgent } from '../ssh/hostAgent.ts';
import type { SshHost } from '../ssh/sshCommand.ts';
import { findTargetFile, readTargetFile } from '../targetFiles.ts';
import { type Collection, claimCollection, readCollection } from './collection.ts';
import { type Ending, Gathering } from './gathering.ts';
import { collectorLogArtifact } from './startCollector.ts';

export interface CollectorOptions {
  readonly workspaceFolder: string;
  readonly runId: string;
  readonly pythonSdkFolder: string;
  /** Called when this process has taken the run over. */
  readonly onStart: () => void;
  /** How long a run that is canceled waits for a host that does not answer. */
  readonly canceledAfterMs?: number;
}

/** How often the wish to cancel, and whether the connection still says something, are looked at. */
const lookMs = 500;
/** The agent gives a sign of life every 5 seconds. */
const silentMs = 30_000;
const heartbeatMs = 10_000;
const firstPauseMs = 1000;
const longestPauseMs = 30_000;
/** A host that is away for less is not worth a word. */
const tellAfterMs = 15_000;
/** Who cancels a run whose host does not come back waits no longer than this. */
const usualCanceledAfterMs = 30_000;
/** What has come and is not stored yet, before no more is read. */
const mostWaitingBytes = 16 * 1024 * 1024;

/**
 * Brings a run home, to its end.
 *
 * @throws RunledgerError `invalid-state` where another process does, or it has ended; `not-found`
 */
export async function collectRun(options: CollectorOptions): Promise<void> {
  const { workspaceFolder, runId } = options;
  const folder = await findRunFolder(workspaceFolder, runId);
  if (folder === undefined) {
    throw new RunledgerError('not-found', `There is no run ${runId} in ${workspaceFolder}.`);
  }
  const collection = await readCollection(folder);
  if (!(await claimCollection(folder))) {
    throw new RunledgerError('invalid-state', `Another process brings the run ${runId} home.`);
  }
  if (isTerminal((await readRunState(folder)).status.status)) {
    throw new RunledgerError('invalid-state', `The run ${runId} has ended.`);
  }
  const journal = await openJournal({ workspaceFolder, runId, runFolder: folder, role: 'collector' });
  options.onStart();
  const collector = new Collector(options, folder, collection, journal);
  let hasEnded = false;
  try {
    hasEnded = await collector.carryOut();
  } finally {
    await journal.close({ isTerminal: hasEnded });
    await removeEmptyLog(folder);
  }
}

class Collector {
  private readonly options: CollectorOptions;
  private readonly folder: string;
  private readonly collection: Collection;
  private readonly journal: JournalWriter;
  private readonly gathering: Gathering;
  private agent: HostAgent | undefined;
  private lastHeard = 0;
  private lastRecord = Date.now();
  private canceledSince: number | undefined;
  private isDeleted = false;
  private wake = (): void => {};

  constructor(options: CollectorOptions, folder: string, collection: Collection, journal: JournalWriter) {
    this.options = options;
    this.folder = folder;
    this.collection = collection;
    this.journal = journal;
    const outputs = collection.outputs.map(({ path }) => path);
    this.gathering = new Gathering({ ...options, folder, outputs }, (message) => this.warn(message));
  }

  /** Resolves with whether the run has ended; false: it was deleted. */
  async carryOut(): Promise<boolean> {
    const { canceledAfterMs = usualCanceledAfterMs } = this.options;
    const timer = setInterval(() => void this.look(), lookMs);
    let pauseMs = firstPauseMs;
    let awaySince: number | undefined;
    let told = '';
    try {
      for (;;) {
        const connectedAt = Date.now();
        const outcome = await this.connected();
        if (!(outcome instanceof RunledgerError)) {
          return await this.end(outcome);
        }
        const isAway = outcome.reason === 'host-unreachable';
        if (this.lastHeard > connectedAt && isAway) {
          awaySince = undefined;
          told = '';
          pauseMs = firstPauseMs;
        }
        awaySince ??= Date.now();
        if (
          this.canceledSince !== undefined &&
          Date.now() - Math.max(this.canceledSince, awaySince) > canceledAfterMs
        ) {
          return !this.isDeleted && (await this.giveUp(outcome));
        }
        // That nothing can be stored here does not pass by itself; a host that is away mostly does.
        if (!this.isDeleted && told !== outcome.message && (!isAway || Date.now() - awaySince > tellAfterMs)) {
          told = outcome.message;
          await this.warn(
            `${outcome.fullMessage} The run goes on there as far as is known; it is brought home as soon as that is possible.`,
          );
        }
        await this.pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    } finally {
      clearInterval(timer);
      this.agent?.close();
    }
  }

  /** One connection, to its end. Resolves with how the run ended, or with why the connection did. */
  private async connected(): Promise<Ending | RunledgerError> {
    const { collection } = this;
    let settle: (outcome: Ending | RunledgerError) => void = () => {};
    const outcome = new Promise<Ending | RunledgerError>((resolve) => {
      settle = resolve;
    });
    const inbox = new Inbox(async (message) => {
      const ending = await this.take(message);
      if (ending !== undefined) {
        settle(ending);
      }
    }, settle);
    try {
      const agent = await HostAgent.connect(await this.host(), {
        pythonSdkFolder: this.options.pythonSdkFolder,
        onMessage: (message) => inbox.add(message, agent),
      });
      this.agent = agent;
      agent.keepAlive();
      void agent.whenEnded.then(async () => {
        await inbox.emptied;
        settle(agent.problem ?? new RunledgerError('host-unreachable', 'The connection was closed.'));
      });
      this.lastHeard = Date.now();
      await agent.request('follow', {
        sdk: collection.sdk,
        workspace: collection.workspace,
        variables: collection.variables,
        runId: this.options.runId,
        outputs: collection.outputs.map(({ there }) => there),
        known: await this.gathering.known(),
      });
      this.passCancellationOn();
      const result = await outcome;
      if (result instanceof RunledgerError) {
        agent.abandon();
      }
      return result;
    } catch (error) {
      this.agent?.abandon();
      if (RunledgerError.is(error, 'not-found')) {
        return { kind: 'gone' };
      }
      if (error instanceof RunledgerError) {
        return error;
      }
      throw error;
    }
  }

  /** As the file of the target says now, where it is still of the kind: who corrects it there wants it to count. */
  private async host(): Promise<SshHost> {
    const { target, settings } = this.collection;
    try {
      const file = await findTargetFile(this.options.workspaceFolder, target);
      const found = file === undefined ? undefined : (await readTargetFile(file)).settings;
      return { targetName: target, settings: found?.type === 'ssh' ? found : settings };
    } catch {
      return { targetName: target, settings };
    }
  }

  private async take(message: AgentMessage): Promise<Ending | undefined> {
    this.lastHeard = Date.now();
    if (message.fields.event === 'failed') {
      throw new RunledgerError('host-unreachable', `${this.collection.target} says: ${String(message.fields.message)}`);
    }
    if (message.fields.event === 'bytes') {
      this.lastRecord = Date.now();
    }
    try {
      return await this.gathering.take(message);
    } catch (error) {
      await this.lookForRun();
      if (this.isDeleted) {
        // Nothing of it is wanted any more but its end.
        return undefined;
      }
      throw error;
    }
  }

  /** Who deletes a run that goes on wants it to end. */
  private async lookForRun(): Promise<void> {
    if (!this.isDeleted && !(await pathExists(join(this.folder, 'run.json')))) {
      this.isDeleted = true;
      this.canceledSince ??= Date.now();
      this.wake();
      this.passCancellationOn();
    }
  }

  private async look(): Promise<void> {
    const now = Date.now();
    if (this.agent?.problem === undefined && now - this.lastHeard > silentMs) {
      this.agent?.abandon();
    }
    try {
      await this.lookForRun();
      if (this.canceledSince === undefined && (await pathExists(cancelFile(this.folder)))) {
        this.canceledSince = now;
        this.wake();
        this.passCancellationOn();
      }
      // While files come that take long, nothing else tells that the run is in good hands.
      if (!this.isDeleted && now - this.lastRecord > heartbeatMs && now - this.lastHeard < heartbeatMs) {
        this.lastRecord = now;
        await this.journal.append({ k: 'heartbeat' });
      }
    } catch {
      // A file system that is away for a moment, or a connection that is just cut: the next look tries again.
    }
  }

  /** A connection that is just cut has another one after it, which begins with this. */
  private passCancellationOn(): void {
    if (this.canceledSince !== undefined) {
      this.agent?.request('cancel', { runFolder: this.collection.runFolder }).catch(() => {});
    }
  }

  private async end(ending: Ending): Promise<boolean> {
    const { folder, workspace, target } = this.collection;
    if (!this.isDeleted) {
      if (ending.kind === 'failed') {
        await this.journal.append({ k: 'status', v: 'Failed', error: ending.error });
      } else if (ending.kind === 'gone') {
        const message = `Nothing of the run is on ${target} any more: its folder ${workspace} was removed.`;
        const advice = 'What had come home until then is kept. Submit the script again.';
        await this.journal.append({ k: 'status', v: 'Failed', error: { message, advice } });
      }
    }
    // What stays there is no more than space.
    await this.agent?.request('forget', { folder, workspace }).catch(() => {});
    return !this.isDeleted;
  }

  private async giveUp(reason: RunledgerError): Promise<boolean> {
    await this.warn(`${reason.message} The run was canceled without its host: the script may still go on there.`);
    await this.journal.append({ k: 'status', v: 'Canceled' });
    return true;
  }

  private async warn(message: string): Promise<void> {
    await this.journal.append({ k: 'warning', message });
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Messages that wait to be stored, one after the other; with many of them nothing more is read from the host. */
class Inbox {
  private readonly handle: (message: AgentMessage) => Promise<void>;
  private readonly onError: (error: RunledgerError) => void;
  private last: Promise<void> = Promise.resolve();
  private waitingBytes = 0;
  private hasFailed = false;

  constructor(handle: (message: AgentMessage) => Promise<void>, onError: (error: RunledgerError) => void) {
    this.handle = handle;
    this.onError = onError;
  }

  add(message: AgentMessage, agent: HostAgent): void {
    this.waitingBytes += message.payload.length;
    if (this.waitingBytes > mostWaitingBytes) {
      agent.pause();
    }
    this.last = this.last.then(async () => {
      if (!this.hasFailed) {
        await this.handleOne(message);
      }
      this.waitingBytes -= message.payload.length;
      if (this.waitingBytes < mostWaitingBytes / 2) {
        agent.resume();
      }
    });
  }

  private async handleOne(message: AgentMessage): Promise<void> {
    try {
      await this.handle(message);
    } catch (error) {
      // What follows would not fit what is here: the next connection begins with what is.
      this.hasFailed = true;
      this.onError(
        error instanceof RunledgerError
          ? error
          : new RunledgerError('unreadable', error instanceof Error ? error.message : String(error), { cause: error }),
      );
    }
  }

  get emptied(): Promise<void> {
    return this.last;
  }
}

async function removeEmptyLog(folder: string): Promise<void> {
  const path = artifactFile(folder, collectorLogArtifact);
  const found = await stat(path).catch(() => undefined);
  if (found?.size === 0) {
    await rm(path, { force: true });
  }
}
