import { RunledgerError } from '../base/errors.ts';
import type { JsonObject } from '../store/jsonFile.ts';

/** The script cannot be compiled. Lines and columns count from 1; undefined where Python names none. */
export class ScriptSyntaxError extends RunledgerError {
  /** The script, absolute. */
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** What Python says, as `'(' was never closed`. */
  readonly problem: string;

  constructor(
    file: string,
    details: { readonly problem: string; readonly line: number | undefined; readonly column: number | undefined },
    pythonVersion: string,
  ) {
    const place = details.line === undefined ? '' : `, line ${details.line}`;
    super('script-syntax', `${file}${place}: ${details.problem}. Python ${pythonVersion} cannot run this script.`, {
      advice: 'Correct it, then submit again. No run was made.',
    });
    this.file = file;
    this.line = details.line;
    this.column = details.column;
    this.problem = details.problem;
  }

  /** From the probe's answer. */
  static from(file: string, answer: JsonObject, pythonVersion: string): ScriptSyntaxError {
    const { message, line, column } = answer;
    const place = (value: unknown): number | undefined => (typeof value === 'number' && value > 0 ? value : undefined);
    const problem = typeof message === 'string' && message !== '' ? message : 'invalid syntax';
    return new ScriptSyntaxError(
      file,
      { problem: problem.replace(/\.$/, ''), line: place(line), column: place(column) },
      pythonVersion,
    );
  }
}
