/** Back ends of compute targets, and runs on them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { RunDetails } from '../../src/core/domain/run.ts';
import { computeFolder } from '../../src/core/store/storeLayout.ts';
import type { SubmittedRun } from '../../src/core/submission/submission.ts';
import { submitRun } from '../../src/core/submission/submitRun.ts';
import { cliCommand } from '../support/orchestratedRun.ts';
import { pythonSdkFolder } from '../support/sourceFolder.ts';
import { type Case, ended, newCase } from '../support/submittedRun.ts';

/** A back end that is up. */
export interface Backend {
  /** Files of compute targets, by their names, as text; none for this machine. */
  readonly targets: Readonly<Record<string, string>>;
  /** The one that runs run on. */
  readonly target: string;
  readonly stop?: () => Promise<void>;
}

/**
 * Starts a back end, which is stopped after the file's tests.
 *
 * @param start throws where it is not to be had
 * @returns undefined, having said why, where it is not to be had. With `CI=true` that throws.
 */
export async function startBackend<T extends { readonly stop?: () => Promise<void> }>(
  name: string,
  start: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    const backend = await start();
    afterAll(() => backend?.stop?.());
    return backend;
  } catch (error) {
    if (process.env.CI === 'true') {
      throw error;
    }
    console.warn(`Not run: ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** A workspace that has the target, with a source folder beside it. */
export interface TargetCase extends Case {
  /** Submits `train.py` with these keys of a run configuration, and waits for the end. */
  carryOut(keys?: object): Promise<RunDetails>;
  submitCommand(command: readonly string[]): Promise<SubmittedRun>;
}

export async function targetCase(
  backend: Backend | undefined,
  files: Readonly<Record<string, string>>,
): Promise<TargetCase> {
  const made = await newCase(files);
  const { targets = {}, target = 'local' } = backend ?? {};
  const folder = computeFolder(made.workspaceFolder);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(targets)) {
    await writeFile(join(folder, `${name}.yml`), text);
  }
  const configure = (keys: object): Promise<void> =>
    writeFile(join(made.source, 'case.runconfig'), JSON.stringify({ target, ...keys }));
  await configure({});
  // What brings runs home from other hosts is a command.
  const submit: Case['submit'] = (request, options) =>
    made.submit({ runConfiguration: 'case', ...request }, { cliCommand: [...cliCommand], ...options });
  return {
    ...made,
    submit,
    submitCommand: (command) =>
      submitRun(
        {
          workspaceFolder: made.workspaceFolder,
          experiment: 'iris',
          command,
          sourceDirectory: made.source,
          arguments: [],
          runConfiguration: 'case',
          interpreterCandidates: [],
        },
        { pythonSdkFolder, cliCommand: [...cliCommand] },
      ),
    carryOut: async (keys = {}) => {
      await configure(keys);
      const { runId } = await submit();
      return ended(made.workspaceFolder, runId);
    },
  };
}

/** A file of a run. */
export function artifact(details: RunDetails, path: string, encoding: BufferEncoding = 'utf8'): Promise<string> {
  return readFile(join(details.folder, 'artifacts', path), encoding);
}

/** What a case that went wrong has to say. */
export async function outcome(details: RunDetails): Promise<string> {
  const [log, system] = await Promise.all(
    ['logs/std_log.txt', 'logs/system_log.txt'].map((path) => artifact(details, path).catch(() => '(none)')),
  );
  return `${JSON.stringify(details.summary.failure ?? null)}\nThe log:\n${log?.slice(-2000)}\nThe system log:\n${system}`;
}
