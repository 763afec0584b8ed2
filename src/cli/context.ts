import { RunledgerError } from '../core/base/errors.ts';
import { openRunCatalog } from '../core/catalog/indexedRunCatalog.ts';
import type { RunCatalog } from '../core/catalog/runCatalog.ts';
import type { WorkspaceInfo } from '../core/domain/workspace.ts';
import { findWorkspace } from '../core/store/workspaces.ts';
import { resumeRuns } from '../core/submission/resumeRuns.ts';
import type { Installation } from './installation.ts';

/** What a command works with: the process, or a test's stand-in for its streams. */
export interface CliContext {
  readonly installation: Installation;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Where relative paths start, absolute. */
  readonly currentFolder: string;
  /** Calls back at Ctrl+C in place of ending the process, until it is called itself. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** The exit code, when a command ends in order and yet not with 0. */
  setExitCode(code: number): void;
}

export function writeLine(stream: NodeJS.WritableStream, text = ''): void {
  stream.write(`${text}\n`);
}

/** The workspace at a folder or above it. Throws `not-found`. */
export async function requireWorkspace(folder: string): Promise<WorkspaceInfo> {
  const workspace = await findWorkspace(folder);
  if (workspace === undefined) {
    throw new RunledgerError('not-found', `There is no workspace in ${folder} or above it.`, {
      advice: 'Create one with `runledger workspace create`, or name its folder with --path.',
    });
  }
  return workspace;
}

/**
 * Works with the catalog of the workspace at a folder or above it, and closes it. Its sweeps and pipelines whose process died go
 * on from then, and its runs on other hosts are brought home again.
 */
export async function withCatalog<T>(
  context: CliContext,
  folder: string,
  work: (catalog: RunCatalog) => Promise<T>,
): Promise<T> {
  const workspace = await requireWorkspace(folder);
  await resumeAbandoned(context, workspace.folder);
  const catalog = await openRunCatalog(workspace.folder);
  try {
    return await work(catalog);
  } finally {
    catalog.dispose();
  }
}

/** What cannot be resumed is no reason to show nothing. */
async function resumeAbandoned(context: CliContext, workspaceFolder: string): Promise<void> {
  try {
    await resumeRuns(workspaceFolder, context.installation.command, context.installation.pythonSdkFolder);
  } catch (error) {
    if (!RunledgerError.is(error)) {
      throw error;
    }
    writeLine(context.stderr, `Warning: ${error.fullMessage}`);
  }
}
