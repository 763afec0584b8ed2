import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { ZipWriter } from '../base/zipWriter.ts';
import { randomHex, toJsonText } from '../store/atomicFile.ts';
import { openWorkspace } from '../store/workspaces.ts';
import { collectExport, type ExportFile, type ExportSubject } from './exportContents.ts';
import { type ExportManifest, exportFormat, manifestName } from './exportFormat.ts';
import type { ListedFile } from './fileList.ts';
import { assertGoingOn, type TransferOptions, TransferProgress } from './transferProgress.ts';

export interface ExportOptions extends TransferOptions {
  readonly workspaceFolder: string;
  readonly subject: ExportSubject;
  /** The zip to write. */
  readonly file: string;
  /** Writes over a file that is there. */
  readonly isReplacing?: boolean;
  /** The program, as `runledger-cli/0.1.0`. */
  readonly createdBy: string;
}

export interface ExportResult {
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  readonly runIds: readonly string[];
  readonly experimentCount: number;
  readonly modelVersionCount: number;
  /** Sentences for a person. */
  readonly leftOut: readonly string[];
}

/** What is read of a file at once, and packed. */
const partBytes = 512 * 1024;

/**
 * Writes runs, an experiment or a workspace to a zip, which appears whole or not at all. Files are read piece by piece.
 *
 * @throws RunledgerError `not-found`; `invalid-state` where a run that was named still goes on; `already-exists` where the file is
 * there; `not-writable`, `disk-full`, `canceled`
 */
export async function exportToZip(options: ExportOptions): Promise<ExportResult> {
  const file = resolve(options.file);
  const { signal } = options;
  const workspace = await openWorkspace(options.workspaceFolder);
  if (options.isReplacing !== true && (await pathExists(file))) {
    throw new RunledgerError('already-exists', `${file} is there already.`, { advice: 'Choose another name.' });
  }
  options.onProgress?.('Looking for what belongs to it', 0);
  const contents = await collectExport(workspace.folder, options.subject, signal);
  const manifest: ExportManifest = {
    format: exportFormat,
    kind: options.subject.kind,
    createdTime: Date.now() / 1000,
    createdBy: options.createdBy,
    workspace: { id: workspace.id, name: workspace.name },
  };
  const progress = new TransferProgress(
    options,
    `Writing ${basename(file)}`,
    contents.files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const temporary = join(dirname(file), `.${basename(file).slice(0, 60)}.${randomHex(4)}.tmp`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeZip(temporary, manifest, contents.files, progress, signal);
    await rename(temporary, file);
    const { files: _files, ...counts } = contents;
    return { file, bytes: (await stat(file)).size, ...counts };
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileError(error, 'write the export', file);
  }
}

async function writeZip(
  path: string,
  manifest: ExportManifest,
  files: readonly ExportFile[],
  progress: TransferProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const zip = await ZipWriter.create(path);
  try {
    await zip.add(Buffer.from(toJsonText(manifest)), { name: manifestName });
    for (const file of files) {
      assertGoingOn(signal, 'The export was stopped.');
      if (Buffer.isBuffer(file.source)) {
        await zip.add(file.source, { name: file.path });
      } else {
        await addFile(zip, file.path, file.source, progress, signal);
      }
    }
    await zip.finish();
  } catch (error) {
    await zip.abandon();
    assertGoingOn(signal, 'The export was stopped.');
    throw error;
  }
}

async function addFile(
  zip: ZipWriter,
  name: string,
  file: ListedFile,
  progress: TransferProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(file.source, 'r');
  } catch (error) {
    if (isNotFound(error)) {
      throw new RunledgerError('not-found', `${file.source} was deleted while it was being exported.`, {
        advice: 'Export again.',
        cause: error,
      });
    }
    throw error;
  }
  try {
    const { size, mode, mtime } = await handle.stat();
    const parts = partsOf(handle, size, (bytes) => progress.add(bytes), signal);
    await zip.add(parts, { name, mode: mode & 0o777, date: mtime });
  } finally {
    await handle.close();
  }
}

/** What the file holds now: one that goes on growing is taken up to here. */
async function* partsOf(
  handle: FileHandle,
  size: number,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void, void> {
  for (let offset = 0; offset < size; ) {
    assertGoingOn(signal, 'The export was stopped.');
    const { bytesRead, buffer } = await handle.read(
      Buffer.allocUnsafe(Math.min(partBytes, size - offset)),
      0,
      null,
      offset,
    );
    if (bytesRead === 0) {
      return;
    }
    offset += bytesRead;
    onBytes(bytesRead);
    yield buffer.subarray(0, bytesRead);
  }
}
