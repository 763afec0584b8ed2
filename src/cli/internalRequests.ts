/** What the commands for the Python SDK have in common: how they are asked, and how they answer. */
import { RunledgerError } from '../core/base/errors.ts';
import { listTargetFiles } from '../core/compute/targetFiles.ts';
import type { RunConfiguration } from '../core/run-configurations/runConfiguration.ts';
import { parseRunConfiguration } from '../core/run-configurations/runConfigurationFile.ts';
import { isJsonObject, type JsonObject } from '../core/store/jsonFile.ts';
import type { SubmittedRun } from '../core/submission/submission.ts';
import { type CliContext, writeLine } from './context.ts';
import { JsonFields } from './jsonFields.ts';

const maxInputLength = 64 * 1024 * 1024;

/** The JSON object on the standard input. Throws `invalid-argument`. */
export async function readInput(stdin: NodeJS.ReadableStream): Promise<JsonObject> {
  let text = '';
  stdin.setEncoding('utf8');
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > maxInputLength) {
      throw new RunledgerError('invalid-argument', 'The request is too large.');
    }
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RunledgerError('invalid-argument', 'The request is not JSON.', { cause: error });
  }
  if (!isJsonObject(value)) {
    throw new RunledgerError('invalid-argument', 'The request is not a JSON object.');
  }
  return value;
}

/** A run that a process of the command line is asked to look after. */
export interface AttendRequest {
  readonly workspaceFolder: string;
  readonly runId: string;
  /** To be called once nobody else can take the run over. */
  readonly onStart: () => void;
}

/** Looks after the run of the request. The first line of the answer says whether this process has taken it over. */
export async function attend(context: CliContext, work: (request: AttendRequest) => Promise<void>): Promise<void> {
  const fields = new JsonFields(await readInput(context.stdin));
  let hasStarted = false;
  try {
    await work({
      workspaceFolder: fields.text('workspaceFolder'),
      runId: fields.text('runId'),
      onStart: () => {
        hasStarted = true;
        writeLine(context.stdout, JSON.stringify({ pid: process.pid }));
      },
    });
  } catch (error) {
    if (hasStarted || !(error instanceof RunledgerError)) {
      throw error;
    }
    writeLine(context.stdout, JSON.stringify({ error: error.fullMessage }));
    context.setExitCode(1);
  }
}

/** What is told of a run that was submitted. */
export function answerOf({ runId: id, number, experiment, status, warnings }: SubmittedRun): object {
  return { id, number, experiment, status, warnings };
}

/** Names of compute targets that files define, in lower case. */
export type DefinedTargets = ReadonlySet<string>;

export async function definedTargets(workspaceFolder: string): Promise<DefinedTargets> {
  return new Set((await listTargetFiles(workspaceFolder)).map(({ name }) => name.toLowerCase()));
}

/**
 * A run configuration in the form of a file, which is in none. A compute target that no file defines was in the cloud: this
 * machine is taken for it, and the SDK says so.
 *
 * @throws RunledgerError `invalid-run-configuration`
 */
export function configurationOf(configuration: JsonObject, targets: DefinedTargets): RunConfiguration {
  const read = parseRunConfiguration(JSON.stringify(configuration), {
    name: typeof configuration.target === 'string' ? configuration.target : 'local',
    path: undefined,
    label: 'The run configuration of the script',
  });
  return targets.has(read.target.toLowerCase()) ? read : { ...read, target: 'local' };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out fields that are undefined: optional fields of core's requests are there or not. */
export function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}
