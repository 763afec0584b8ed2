import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { ZipEntry } from '../../core/base/zipReader.ts';
import type { RunDetails } from '../../core/domain/run.ts';
import { compareSnapshots, compareWithFolder, type FileDifference } from '../../core/snapshots/snapshotComparison.ts';
import { SnapshotFiles, type SnapshotReference } from '../../core/snapshots/snapshotFiles.ts';
import { findRunFolder } from '../../core/store/storeLayout.ts';
import type { RunTarget } from '../commands/runTarget.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import { formatRunFileAddress, type RunFilePart, runFileScheme } from './runFileAddress.ts';

/** Folders and hashes that were looked up, so that reading a file of a run opens no catalog. */
const mostRemembered = 200;

/** The files of runs, by addresses that every editor can open. */
export class RunFiles implements vscode.Disposable {
  /** The zips of all that is read here. */
  readonly snapshots = new SnapshotFiles();
  private readonly workspaces: WorkspaceService;
  /** The code of a run, once it has some, stays what it is. */
  private readonly references = new Map<string, SnapshotReference>();

  constructor(workspaces: WorkspaceService) {
    this.workspaces = workspaces;
  }

  /** The address of a file that the run wrote, by its artifact path; of the folder of all of them without one. */
  artifactUri(target: RunTarget, path = ''): vscode.Uri {
    return this.uri(target, 'artifacts', path);
  }

  /** The address of a file of the code that ran, by its path in the snapshot; of the folder of all of them without one. */
  snapshotUri(target: RunTarget, path = ''): vscode.Uri {
    return this.uri(target, 'snapshot', path);
  }

  /** The same file as {@link snapshotUri}, shown by a path of its other version's: the two sides of a diff. */
  snapshotSide(target: RunTarget, path: string, shownPath = `/${path}`): vscode.Uri {
    const uri = this.snapshotUri(target, path);
    return uri.with({ path: shownPath, query: uri.path });
  }

  /**
   * The files of the code that ran, by path.
   *
   * @throws RunledgerError `not-found` where the run has no snapshot or its zip is gone, `unreadable`
   */
  async listSnapshot(target: RunTarget): Promise<readonly ZipEntry[]> {
    const entries = await this.snapshots.list(await this.snapshotOf(target));
    return [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** The bytes of one file of the code that ran. Throws as {@link listSnapshot} does. */
  async readSnapshotFile(target: RunTarget, path: string): Promise<Uint8Array> {
    return await this.snapshots.read(await this.snapshotOf(target), path);
  }

  /** Which snapshot a run ran. Throws `not-found` where it has none. */
  async snapshotOf(target: RunTarget): Promise<SnapshotReference> {
    const { workspaceFolder, runId } = target;
    const key = `${workspaceFolder}\n${runId}`;
    const known = this.references.get(key);
    if (known !== undefined) {
      return known;
    }
    const { snapshot } = await this.details(target);
    if (snapshot === undefined) {
      throw new RunledgerError('not-found', vscode.l10n.t('The run {0} has no snapshot of its code.', runId), {
        advice: vscode.l10n.t('Snapshots are taken of what is submitted; a script that was run by hand has none.'),
      });
    }
    const reference = { workspaceFolder, hash: snapshot.hash };
    if (this.references.size >= mostRemembered) {
      this.references.clear();
    }
    this.references.set(key, reference);
    return reference;
  }

  /** Where the files of a run are. Throws `not-found`. */
  async runFolder({ workspaceFolder, runId }: RunTarget): Promise<string> {
    const folder = await findRunFolder(workspaceFolder, runId);
    if (folder === undefined) {
      throw new RunledgerError('not-found', vscode.l10n.t('There is no run {0} in {1}.', runId, workspaceFolder));
    }
    return folder;
  }

  async details({ workspaceFolder, runId }: RunTarget): Promise<RunDetails> {
    const catalog = await this.workspaces.catalog(workspaceFolder);
    return await catalog.details(runId);
  }

  /** The folder that a run's code came from, absolute. Throws `not-found` where it is not known. */
  async sourceDirectory(target: RunTarget): Promise<string> {
    const { submission } = await this.details(target);
    if (submission?.sourceDirectory === undefined) {
      throw new RunledgerError(
        'not-found',
        vscode.l10n.t('It is not known where the code of {0} came from.', target.runId),
      );
    }
    return submission.sourceDirectory;
  }

  /** What is different in a folder now, by path. Throws `not-found`, `unreadable`. */
  async compareWithFolder(target: RunTarget, folder: string): Promise<readonly FileDifference[]> {
    return await compareWithFolder(this.snapshots, await this.snapshotOf(target), folder);
  }

  /** What is different in the code of the second run, by path. Throws `not-found`, `unreadable`. */
  async compareSnapshots(left: RunTarget, right: RunTarget): Promise<readonly FileDifference[]> {
    return await compareSnapshots(this.snapshots, await this.snapshotOf(left), await this.snapshotOf(right));
  }

  dispose(): void {
    this.snapshots.dispose();
  }

  private uri({ workspaceFolder, runId }: RunTarget, part: RunFilePart, path: string): vscode.Uri {
    const address = formatRunFileAddress({ workspaceFolder, runId, part, path });
    return vscode.Uri.from({ scheme: runFileScheme, ...address });
  }
}
