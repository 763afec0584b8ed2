/** What the parts of a check have in common: reporting, repairing, and moving aside what is taken out. */
import { lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { errorCode, fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { copyFileAtomically, randomHex } from '../store/atomicFile.ts';
import { type JsonObject, readStoreFile } from '../store/jsonFile.ts';
import { repairedFolder, storeFolder } from '../store/storeLayout.ts';
import { type CheckResult, type Finding, type FindingKind, type FindingOutcome, findingTexts } from './findings.ts';

export interface CheckOptions {
  /** Whether to repair what can be repaired safely. */
  readonly repair?: boolean;
  readonly onFinding?: (finding: Finding) => void;
  readonly onProgress?: (progress: CheckProgress) => void;
  readonly signal?: AbortSignal;
  /** What changed within these seconds is somebody's work in progress: it is passed over. Default: a minute. */
  readonly settledSeconds?: number;
  /** What is half made and was not touched for these seconds has been given up. Default: an hour. */
  readonly leftoverSeconds?: number;
}

export interface CheckProgress {
  /** What is being looked at, for a person. */
  readonly message: string;
  /** The part of the work that is done, from 0 to 1. */
  readonly fraction: number;
}

export interface Report {
  readonly kind: FindingKind;
  /** Absolute. */
  readonly path: string;
  readonly message: string;
  /** Puts it right, after having made sure that it still is so. False: it is not so any more, and was none. */
  readonly fix?: (() => Promise<boolean>) | undefined;
}

/** A JSON file of the store, or why it is none. */
export type StoreRecord =
  | { readonly kind: 'record'; readonly record: JsonObject }
  | { readonly kind: 'missing' | 'damaged'; readonly why: string }
  /** It cannot be read here; that was reported. */
  | { readonly kind: 'reported' };

export class CheckSession {
  readonly workspaceFolder: string;
  readonly isRepairing: boolean;
  readonly signal: AbortSignal | undefined;
  private readonly options: CheckOptions;
  private readonly outcomes: Record<FindingOutcome, number> = { open: 0, repaired: 0, failed: 0 };
  private repairable = 0;
  private notices = 0;
  private kept: string | undefined;
  private progressTotal = 0;
  private progressDone = 0;
  readonly counts = { experiments: 0, runs: 0, models: 0, journalBytes: 0 };

  constructor(workspaceFolder: string, options: CheckOptions) {
    this.workspaceFolder = workspaceFolder;
    this.options = options;
    this.isRepairing = options.repair === true;
    this.signal = options.signal;
  }

  result(): CheckResult {
    return {
      ...this.counts,
      problems: { ...this.outcomes },
      repairable: this.repairable,
      notices: this.notices,
      keptFolder: this.kept,
    };
  }

  /** Tells of a finding, and repairs it where that is wanted. Resolves with whether all is well now. */
  async report(report: Report): Promise<boolean> {
    this.throwIfStopped();
    const { kind, path, message, fix } = report;
    const { severity } = findingTexts[kind];
    let outcome: FindingOutcome = 'open';
    let failure: string | undefined;
    if (this.isRepairing && fix !== undefined) {
      try {
        if (!(await fix())) {
          return true;
        }
        outcome = 'repaired';
      } catch (error) {
        const isExpected = RunledgerError.is(error) || errorCode(error) !== undefined;
        if (!isExpected || RunledgerError.is(error, 'canceled')) {
          throw error;
        }
        outcome = 'failed';
        failure = fileError(error, 'repair it', path).fullMessage;
      }
    }
    if (severity === 'notice') {
      this.notices++;
    } else {
      this.outcomes[outcome]++;
      this.repairable += outcome !== 'repaired' && fix !== undefined ? 1 : 0;
    }
    const place = this.placeOf(path);
    this.options.onFinding?.({ kind, severity, place, message, isRepairable: fix !== undefined, outcome, failure });
    return outcome === 'repaired';
  }

  /** Relative to the store's folder, with `/`. */
  placeOf(path: string): string {
    return relative(storeFolder(this.workspaceFolder), path).split(sep).join('/') || '.';
  }

  expect(steps: number): void {
    this.progressTotal += steps;
  }

  /** Tells that so many of the steps that were expected are done. */
  advance(message: string, steps: number): void {
    this.progressDone += steps;
    const fraction = this.progressTotal === 0 ? 0 : Math.min(this.progressDone / this.progressTotal, 1);
    this.options.onProgress?.({ message, fraction });
  }

  throwIfStopped(): void {
    if (this.signal?.aborted === true) {
      throw new RunledgerError('canceled', 'The check was canceled.');
    }
  }

  /** Whether nothing was changed there lately. What is gone has not settled: there is nothing to say of it. */
  async hasSettled(path: string, seconds = this.options.settledSeconds ?? 60): Promise<boolean> {
    const time = await this.orReported(path, async () => (await lstat(path)).mtimeMs);
    return time !== undefined && Date.now() - time >= seconds * 1000;
  }

  /** Whether what is half made there was given up: nothing in it was touched for long. */
  async isGivenUp(path: string): Promise<boolean> {
    const seconds = this.options.leftoverSeconds ?? 3600;
    if (!(await this.hasSettled(path, seconds))) {
      return false;
    }
    const inside = await this.orReported(path, () => readdir(path, { recursive: true }), ['ENOTDIR']);
    for (const name of inside ?? []) {
      if (!(await this.hasSettled(join(path, name), seconds).catch(() => true))) {
        return false;
      }
    }
    return true;
  }

  /** The names in a folder; undefined where it is missing or cannot be read, which is reported. */
  list(folder: string): Promise<string[] | undefined> {
    return this.orReported(folder, () => readdir(folder));
  }

  /** The names of a folder's entries; none where it is missing or cannot be read. */
  async entries(folder: string): Promise<string[]> {
    return ((await this.list(folder)) ?? []).filter((name) => !name.startsWith('.')).sort();
  }

  /** What a look at the file system gives; undefined where there is nothing, or where it cannot be looked at: reported. */
  async orReported<T>(path: string, look: () => Promise<T>, quiet: readonly string[] = []): Promise<T | undefined> {
    try {
      return await look();
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) {
        throw error;
      }
      if (code !== 'ENOENT' && !quiet.includes(code)) {
        const message = `It cannot be read (${code}).`;
        await this.report({ kind: 'not-accessible', path, message });
      }
      return undefined;
    }
  }

  async record(path: string, what: string): Promise<StoreRecord> {
    try {
      return { kind: 'record', record: await readStoreFile(path, what) };
    } catch (error) {
      if (!RunledgerError.is(error)) {
        throw error;
      }
      if (error.reason === 'not-found') {
        return { kind: 'missing', why: 'It is missing.' };
      }
      if (error.reason === 'newer-format') {
        await this.report({ kind: 'newer-format', path, message: error.message });
        return { kind: 'reported' };
      }
      const code = errorCode(error.cause);
      if (code !== undefined) {
        await this.report({ kind: 'not-accessible', path, message: `It cannot be read (${code}).` });
        return { kind: 'reported' };
      }
      const isJson = !(error.cause instanceof SyntaxError);
      return { kind: 'damaged', why: isJson ? 'It is not a record of Runledger.' : 'It is not valid JSON.' };
    }
  }

  /** Takes something out of the store's sight, whole: it is in the trash then. False where it is gone. */
  async moveAside(path: string): Promise<boolean> {
    const target = await this.keptPath(path);
    try {
      await rename(path, target);
      return true;
    } catch (error) {
      if (isNotFound(error)) {
        return false;
      }
      throw error;
    }
  }

  /** Keeps a copy of a file that is about to be replaced. */
  async keepCopy(path: string): Promise<void> {
    try {
      await copyFileAtomically(path, await this.keptPath(path));
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
    }
  }

  private async keptPath(path: string): Promise<string> {
    const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
    this.kept ??= join(repairedFolder(this.workspaceFolder), `${stamp}-${randomHex(4)}`);
    const place = this.placeOf(path);
    const target = join(this.kept, place.startsWith('../') ? join('beside', place.slice(3)) : place);
    await mkdir(dirname(target), { recursive: true });
    return target;
  }
}
