/** Processes of the command line that look after a run beside its supervisor, and go on in another one where they died. */
import { activeFolder, entriesOf, findRunFolder } from '../store/storeLayout.ts';
import { type DetachedProcess, startDetached, withoutEditorVariables } from './detachedProcess.ts';

/** The command line that starts `runledger`. */
export type CliCommand = readonly [string, ...string[]];

export interface AttendedRun {
  readonly workspaceFolder: string;
  readonly runId: string;
  readonly runFolder: string;
}

/**
 * Starts `runledger internal <verb>` for a run, and waits until it has taken the run over.
 *
 * @throws RunledgerError `supervisor-failed` with what it said; `not-writable`, `disk-full`
 */
export function startAttendant(
  { workspaceFolder, runId, runFolder }: AttendedRun,
  cliCommand: CliCommand,
  options: { readonly verb: string } & Pick<DetachedProcess, 'advice' | 'logArtifact'>,
): Promise<void> {
  const { verb, ...told } = options;
  return startDetached({
    command: [...cliCommand, 'internal', verb],
    runFolder,
    // The editor's own Node is one only with this.
    environment: { ...withoutEditorVariables(process.env), ELECTRON_RUN_AS_NODE: '1' },
    request: { workspaceFolder, runId },
    ...told,
  });
}

/** What looks after runs of one kind. */
export interface Attendant {
  readonly isAbandoned: (runFolder: string) => Promise<boolean>;
  readonly isThere: (runFolder: string) => Promise<boolean>;
  readonly start: (run: AttendedRun) => Promise<void>;
}

/**
 * Starts attendants of a workspace that died before their runs ended: killed, or with the machine. A run that cannot be looked after
 * again does not keep the others from it: its error is thrown at the end.
 *
 * @returns the ids of the runs that are looked after again
 */
export async function resumeAttendants(workspaceFolder: string, attendant: Attendant): Promise<readonly string[]> {
  const resumed: string[] = [];
  const errors: unknown[] = [];
  for (const runId of await entriesOf(activeFolder(workspaceFolder))) {
    try {
      if (await resumeAttendant(workspaceFolder, runId, attendant)) {
        resumed.push(runId);
      }
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) {
    throw errors[0];
  }
  return resumed;
}

async function resumeAttendant(workspaceFolder: string, runId: string, attendant: Attendant): Promise<boolean> {
  const runFolder = await findRunFolder(workspaceFolder, runId);
  if (runFolder === undefined || !(await attendant.isAbandoned(runFolder))) {
    return false;
  }
  try {
    await attendant.start({ workspaceFolder, runId, runFolder });
    return true;
  } catch (error) {
    // Somebody else was faster.
    if (await attendant.isThere(runFolder)) {
      return false;
    }
    throw error;
  }
}
