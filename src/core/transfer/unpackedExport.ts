/** A zip's files in a folder that no reader looks at, checked before any of them is given its place. */
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError, RunledgerError } from '../base/errors.ts';
import type { ZipEntry, ZipReader, ZipReaderOptions } from '../base/zipReader.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { isSnapshotOf } from '../snapshots/verifySnapshot.ts';
import { randomHex } from '../store/atomicFile.ts';
import { foldJournals } from '../store/journalFold.ts';
import { formatJournalLine } from '../store/journalRecords.ts';
import { RunFold } from '../store/runFold.ts';
import { RunReader } from '../store/runReader.ts';
import type { PlannedRun } from './importPlan.ts';
import { type TransferOptions, TransferProgress } from './transferProgress.ts';
import type { PlacedEntry, ZipContents, ZippedModel } from './zipContents.ts';

export interface UnpackRequest {
  readonly zip: ZipReader;
  readonly zipPath: string;
  readonly contents: ZipContents;
  readonly runs: readonly PlannedRun[];
  readonly models: readonly ZippedModel[];
  readonly snapshots: readonly PlacedEntry<'snapshot'>[];
  readonly newIds: ReadonlyMap<string, string>;
  readonly options: TransferOptions & ZipReaderOptions;
}

const spareBytes = 64 * 1024 * 1024;

/** Where things lie in the folder. */
export class UnpackedExport {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  run(run: PlannedRun): string {
    return join(this.folder, 'runs', run.newId);
  }

  experiment(key: string): string {
    return join(this.folder, 'experiments', key);
  }

  model({ key, version }: ZippedModel): string {
    return join(this.folder, 'models', key, String(version));
  }

  snapshot(hash: string): string {
    return join(this.folder, 'snapshots', `${hash}.zip`);
  }

  pipeline(id: string): string {
    return join(this.folder, 'pipelines', `${id}.json`);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * Unpacks what is imported.
 *
 * @param folder made; on failure it is left for the caller to remove
 * @throws RunledgerError `unreadable`, `newer-format`, `disk-full`, `not-writable`, `canceled`
 */
export async function unpackExport(request: UnpackRequest, folder: string): Promise<UnpackedExport> {
  const unpacked = new UnpackedExport(folder);
  const targets = targetsOf(request, unpacked);
  const totalBytes = targets.reduce((sum, { entry }) => sum + entry.bytes, 0);
  const { zip, zipPath, options } = request;
  try {
    await mkdir(folder, { recursive: true });
    await assertSpace(folder, totalBytes);
    const progress = new TransferProgress(options, 'Unpacking', totalBytes);
    const made = new Set<string>();
    for (const { entry, target } of targets) {
      const parent = dirname(target);
      if (!made.has(parent)) {
        await mkdir(parent, { recursive: true });
        made.add(parent);
      }
      await zip.extract(entry, target, {
        onBytes: (bytes) => progress.add(bytes),
        ...(options.signal && { signal: options.signal }),
      });
    }
    for (const run of request.runs) {
      await completeRun(unpacked.run(run), run);
    }
    for (const { place } of request.snapshots) {
      if (!(await isSnapshotOf(unpacked.snapshot(place.hash), place.hash, options))) {
        throw new RunledgerError(
          'unreadable',
          `${zipPath} is refused: a snapshot in it holds other code than its name says.`,
          {
            advice: 'Nothing was changed.',
          },
        );
      }
    }
    return unpacked;
  } catch (error) {
    throw fileError(error, 'unpack the export', folder);
  }
}

function targetsOf(request: UnpackRequest, unpacked: UnpackedExport): { entry: ZipEntry; target: string }[] {
  const targets: { entry: ZipEntry; target: string }[] = [];
  for (const run of request.runs) {
    for (const { entry, place } of run.entries) {
      const path = renamedChild(place.path, request.newIds);
      targets.push({ entry, target: join(unpacked.run(run), ...path.split('/')) });
    }
  }
  for (const model of request.models) {
    for (const { entry, place } of model.entries) {
      targets.push({ entry, target: join(unpacked.model(model), ...place.path.split('/')) });
    }
  }
  for (const [key, entries] of request.contents.experiments) {
    for (const { entry, place } of entries) {
      targets.push({ entry, target: join(unpacked.experiment(key), ...place.path.split('/')) });
    }
  }
  for (const { entry, place } of request.snapshots) {
    targets.push({ entry, target: unpacked.snapshot(place.hash) });
  }
  for (const { entry, place } of request.contents.pipelines) {
    targets.push({ entry, target: unpacked.pipeline(place.id) });
  }
  return targets;
}

/** A child that is imported under another id is known to its parent by that. */
function renamedChild(path: string, newIds: ReadonlyMap<string, string>): string {
  const child = /^children\/(.+)$/.exec(path)?.[1];
  return child === undefined ? path : `children/${newIds.get(child) ?? child}`;
}

async function assertSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bytes + spareBytes > bavail * bsize) {
    const wanted = Math.ceil(bytes / 1e6).toLocaleString('en');
    throw new RunledgerError('disk-full', `Unpacking takes ${wanted} MB, and ${folder} has not as much left.`, {
      advice: 'Free some space, then import again. Nothing was changed.',
    });
  }
}

/**
 * Ends a run that had not ended where it came from: what it goes on with is elsewhere. Otherwise a sweep among them would be
 * resumed here, which runs code.
 */
async function completeRun(folder: string, run: PlannedRun): Promise<void> {
  for (const part of ['journal', 'artifacts']) {
    await mkdir(join(folder, part), { recursive: true });
  }
  const reader = await RunReader.open({ folder, experimentKey: run.experimentKey, withMetrics: false });
  await reader.refresh();
  if (!reader.isOpen) {
    return;
  }
  const fold = new RunFold({ displayName: undefined, description: undefined, tags: {}, properties: {} });
  await foldJournals(folder, fold);
  if (isTerminal(fold.status.status)) {
    return;
  }
  // A journal can name a time that is none, after which nothing could come.
  const lastTime = Math.max(fold.lastRecordTime, run.createdTime);
  const endTime = Number.isFinite(lastTime) ? lastTime : Date.now() / 1000;
  const line = formatJournalLine(
    {
      k: 'status',
      v: 'Failed',
      error: { message: 'It had not ended when it was exported.', advice: 'What came afterwards is not known here.' },
    },
    endTime,
  );
  await writeFile(join(folder, 'journal', `import-${process.pid}-${randomHex(4)}.jsonl`), line);
}
