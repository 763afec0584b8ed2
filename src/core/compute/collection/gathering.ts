/** What a host tells of a run, put into the store: the run, its child runs, its models. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, RunledgerError } from '../../base/errors.ts';
import { randomHex } from '../../store/atomicFile.ts';
import { ensureExperiment } from '../../store/experiments.ts';
import type { StatusError } from '../../store/journalRecords.ts';
import { type JournalWriter, openJournal } from '../../store/journalWriter.ts';
import { isJsonObject, type JsonObject, stringField } from '../../store/jsonFile.ts';
import { assertRunId } from '../../store/names.ts';
import { publishStagedRun } from '../../store/runPublication.ts';
import {
  activeMarker,
  childrenFolder,
  entriesOf,
  findRunFolder,
  runFolder,
  runsFolder,
  stagingPrefix,
} from '../../store/storeLayout.ts';
import type { AgentMessage } from '../ssh/agentMessages.ts';
import { GatheredModels } from './gatheredModels.ts';
import { GatheredOutput } from './gatheredOutput.ts';
import { GatheredRun } from './gatheredRun.ts';

/** How a run ended, as its host tells. */
export type Ending =
  /** Its own records say how. */
  | { readonly kind: 'recorded' }
  | { readonly kind: 'failed'; readonly error: StatusError }
  /** Nothing of it is there. */
  | { readonly kind: 'gone' };

export interface GatheringOptions {
  readonly workspaceFolder: string;
  readonly runId: string;
  /** Of the run. */
  readonly folder: string;
  /** Places here that the run writes, absolute. */
  readonly outputs: readonly string[];
}

export class Gathering {
  private readonly workspaceFolder: string;
  private readonly runId: string;
  private readonly runs = new Map<string, GatheredRun>();
  private readonly models: GatheredModels;
  private readonly outputs: readonly GatheredOutput[];
  private readonly onProblem: (message: string) => Promise<void>;
  /** Files that cannot be kept here under their names. */
  private readonly refused = new Set<string>();
  private failure: StatusError | undefined;

  /** @param onProblem is told, once each, what is missing though nothing else is wrong */
  constructor(run: GatheringOptions, onProblem: (message: string) => Promise<void>) {
    const { workspaceFolder, runId, folder } = run;
    this.onProblem = onProblem;
    this.workspaceFolder = workspaceFolder;
    this.runId = runId;
    this.runs.set(runId, new GatheredRun(folder));
    this.models = new GatheredModels(workspaceFolder);
    this.outputs = run.outputs.map((place) => new GatheredOutput(place));
  }

  /** What is here already, for the host. */
  async known(): Promise<JsonObject> {
    await this.models.drop();
    for (const [runId, { folder }] of this.runs) {
      for (const childId of await entriesOf(childrenFolder(folder))) {
        const found = this.runs.has(childId) ? undefined : await findRunFolder(this.workspaceFolder, childId);
        if (found !== undefined && runId !== childId) {
          // Those of children come in the same loop: a map goes on with what it gets meanwhile.
          this.runs.set(childId, new GatheredRun(found));
        }
      }
    }
    const runs: Record<string, unknown> = {};
    for (const [runId, run] of this.runs) {
      runs[runId] = await run.known();
    }
    const outputs = await Promise.all(this.outputs.map((output) => output.known()));
    return { runs, models: [...this.models.ids], outputs };
  }

  /**
   * Takes a message. Resolves with how the run ended, where it says so.
   *
   * @throws RunledgerError where it cannot be stored, or does not follow on what is here
   */
  async take({ fields, payload }: AgentMessage): Promise<Ending | undefined> {
    switch (fields.event) {
      case 'bytes':
      case 'file':
        await this.takeNamed(fields, payload);
        return undefined;
      case 'problem':
        await this.onProblem(String(fields.message));
        return undefined;
      case 'run':
        await this.takeRun(fields);
        return undefined;
      case 'model':
        await this.models.begin(isJsonObject(fields.record) ? fields.record : {});
        return undefined;
      case 'model-end':
        await this.models.end();
        return undefined;
      case 'unfinished':
        await this.failChildren(isJsonObject(fields.runs) ? fields.runs : {});
        return undefined;
      case 'failure':
        this.failure = errorIn(fields.error);
        return undefined;
      case 'gone':
        return { kind: 'gone' };
      case 'ended':
        await this.removeMarks();
        return this.failure === undefined ? { kind: 'recorded' } : { kind: 'failed', error: this.failure };
      default:
        return undefined;
    }
  }

  private async takeNamed(fields: JsonObject, data: Buffer): Promise<void> {
    const name = String(fields.file ?? fields.path);
    const place = `${String(fields.run ?? fields.output)} ${name}`;
    if (this.refused.has(place)) {
      return;
    }
    try {
      if (fields.event === 'bytes') {
        await this.runs.get(String(fields.run))?.append(name, Number(fields.offset), data);
      } else {
        await this.takeFile(fields, data);
      }
    } catch (error) {
      if (!RunledgerError.is(error, 'invalid-name')) {
        throw error;
      }
      this.refused.add(place);
      await this.onProblem(`${name} could not be brought home: ${error.message}`);
    }
  }

  private async takeFile(fields: JsonObject, data: Buffer): Promise<void> {
    const path = String(fields.path);
    const offset = Number(fields.offset);
    if (fields.model !== undefined) {
      await this.models.add(path, offset, data);
      return;
    }
    const sha256 = typeof fields.sha256 === 'string' ? fields.sha256 : undefined;
    const part = { path, offset, data, sha256, total: Number(fields.total), mtime: Number(fields.mtime) };
    const taker = fields.output === undefined ? this.runs.get(String(fields.run)) : this.outputs[Number(fields.output)];
    await taker?.takePart(part);
  }

  /** A run that the script made: it gets a number of this workspace. */
  private async takeRun({ run, record, experiment }: JsonObject): Promise<void> {
    const runId = String(run);
    assertRunId(runId);
    const known = this.runs.get(runId)?.folder ?? (await findRunFolder(this.workspaceFolder, runId));
    const folder = known ?? (await this.publish(runId, isJsonObject(record) ? record : {}, String(experiment)));
    this.runs.set(runId, new GatheredRun(folder));
    await writeFile(activeMarker(this.workspaceFolder, runId), '');
  }

  private async publish(runId: string, record: JsonObject, experiment: string): Promise<string> {
    const { key } = await ensureExperiment(this.workspaceFolder, experiment);
    const staging = join(runsFolder(this.workspaceFolder, key), `${stagingPrefix}${randomHex(4)}`);
    try {
      await mkdir(join(staging, 'journal'), { recursive: true });
      await mkdir(join(staging, 'artifacts'));
      await publishStagedRun({
        workspaceFolder: this.workspaceFolder,
        experimentKey: key,
        runId,
        parentId: stringField(record, 'parentId'),
        folder: staging,
        recordOf: (number) => ({ ...record, number }),
      });
    } catch (error) {
      await rm(staging, { recursive: true, force: true });
      throw fileError(error, 'store the run', staging);
    }
    return runFolder(this.workspaceFolder, key, runId);
  }

  /** Child runs that nobody will end any more. */
  private async failChildren(errors: JsonObject): Promise<void> {
    for (const [runId, error] of Object.entries(errors)) {
      const run = this.runs.get(runId);
      if (run !== undefined && runId !== this.runId) {
        const journal = await this.journalOf(runId, run);
        try {
          await journal.append({ k: 'status', v: 'Failed', error: errorIn(error) });
        } finally {
          await journal.close({ isTerminal: true });
        }
      }
    }
  }

  private journalOf(runId: string, { folder }: GatheredRun): Promise<JournalWriter> {
    return openJournal({ workspaceFolder: this.workspaceFolder, runId, runFolder: folder, role: 'collector' });
  }

  private async removeMarks(): Promise<void> {
    for (const runId of this.runs.keys()) {
      if (runId !== this.runId) {
        await rm(activeMarker(this.workspaceFolder, runId), { force: true });
      }
    }
  }
}

function errorIn(value: unknown): StatusError {
  const error = isJsonObject(value) ? value : {};
  const advice = stringField(error, 'advice');
  return {
    message: stringField(error, 'message') ?? 'The run ended without saying how.',
    ...(advice !== undefined && { advice }),
  };
}
