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
  const { folder, base, requirements, prefix, conda } = planned;
  const log = await EnvironmentLog.open(options);
  const session = new BuildSession(planned, log, options);
  try {
    await rm(environmentMarker(folder), { force: true });
    await rm(prefix, { recursive: true, force: true, maxRetries: 3 });
    await mkdir(folder, { recursive: true });
    session.note(
      `${base.path} (Python ${base.version}) does not have: ${planned.missing.join(', ')}\n` +
        `Making an environment in ${prefix} of:\n${packageLines(planned)}`,
    );
    await (conda === undefined ? buildVenv(session) : buildCondaEnvironment(session, conda));
    const { path, version } = base;
    const content = {
      format: 1,
      base: { path, version },
      requirements,
      conda: conda?.specification ?? null,
      createdTime: Date.now() / 1000,
    };
    await writeFileAtomically(environmentMarker(folder), toJsonText(content));
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

/** Its packages, for a log. */
export function packageLines({ requirements, conda }: PlannedEnvironment): string {
  const ofConda = (conda?.specification.dependencies ?? []).filter((line) => typeof line === 'string');
  return [...ofConda, ...requirements.packages].map((line) => `  ${line}\n`).join('');
}
