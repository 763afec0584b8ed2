/** Making an environment in a folder of its own, whole or not at all. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../base/errors.ts';
import { toJsonText, writeFileAtomically } from '../store/atomicFile.ts';
import { BuildSession } from './buildSession.ts';
import { buildCondaEnvironment } from './condaBuild.ts';
import { EnvironmentLog } from './environmentLog.ts';
import type { PlannedEnvironment } from './environmentPlan.ts';
import { buildVenv } from './venvBuild.ts';

export interface MakeEnvironmentOptions {
  /** Everything that is done and printed is added to this file, whose folder is made. */
  readonly logPath: string;
  /** How the log is called in messages. */
  readonly logName: string;
  readonly onStep?: (step: string) => void;
  readonly signal?: AbortSignal;
}

/** Tells that an environment is whole: written last. */
export function environmentMarker(folder: string): string {
  return join(folder, 'environment.json');
}

/**
 * Makes an environment in a folder that nobody else writes to. What is left of an earlier attempt is removed.
 *
 * @throws RunledgerError `environment-failed` with the last words of what makes it; `canceled`; `not-writable`, `disk-full`
 */
export async function buildEnvironment(planned: PlannedEnvironment, options: MakeEnvironmentOptions): Promise<void> {
  const { folder, prefix, conda } = planned;
  const log = await EnvironmentLog.open(options);
  const session = new BuildSession(planned, log, options);
  try {
    await rm(environmentMarker(folder), { force: true });
    await rm(prefix, { recursive: true, force: true, maxRetries: 3 });
    await mkdir(folder, { recursive: true });
    noteWhatIsMade(session);
    await (conda === undefined ? buildVenv(session) : buildCondaEnvironment(session, conda));
    await writeFileAtomically(environmentMarker(folder), markerText(planned));
    session.note('The environment is ready.\n');
  } catch (error) {
    await rm(prefix, { recursive: true, force: true });
    const failure = fileError(error, 'make the environment', folder);
    session.note(`${failure.message}\n`);
    throw failure;
  } finally {
    await log.close();
  }
}

/** What the marker of an environment tells of it. */
export function markerText({ base: { path, version }, requirements, conda }: PlannedEnvironment): string {
  return toJsonText({
    format: 1,
    base: { path, version },
    requirements,
    conda: conda?.specification ?? null,
    createdTime: Date.now() / 1000,
  });
}

/** Begins the log of a build. `target` is where it is made, unless that is this machine. */
export function noteWhatIsMade(session: BuildSession, target?: string): void {
  const { base, missing, prefix } = session.planned;
  session.note(
    `${base.path} (Python ${base.version})${target === undefined ? '' : ` of ${target}`} does not have: ${missing.join(', ')}\n` +
      `Making an environment in ${prefix} of:\n${packageLines(session.planned)}`,
  );
}

/** Its packages, for a log. */
export function packageLines({ requirements, conda }: PlannedEnvironment): string {
  const ofConda = (conda?.specification.dependencies ?? []).filter((line) => typeof line === 'string');
  return [...ofConda, ...requirements.packages].map((line) => `  ${line}\n`).join('');
}
