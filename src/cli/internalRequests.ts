/** What the commands for the Python SDK have in common: how they are asked, and how they answer. */
import { RunledgerError } from '../core/base/errors.ts';
import type { RunConfiguration } from '../core/run-configurations/runConfiguration.ts';
import { parseRunConfiguration } from '../core/run-configurations/runConfigurationFile.ts';
import { isJsonObject, type JsonObject } from '../core/store/jsonFile.ts';
import type { SubmittedRun } from '../core/submission/submission.ts';

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

/** What is told of a run that was submitted. */
export function answerOf({ runId: id, number, experiment, status, warnings }: SubmittedRun): object {
  return { id, number, experiment, status, warnings };
}

/** A run configuration in the form of a file, which is in none. Throws `invalid-run-configuration`. */
export function configurationOf(configuration: JsonObject): RunConfiguration {
  return parseRunConfiguration(JSON.stringify(configuration), {
    name: typeof configuration.target === 'string' ? configuration.target : 'local',
    path: undefined,
    label: 'The run configuration of the script',
  });
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out fields that are undefined: optional fields of core's requests are there or not. */
export function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}
