/** Where the interpreters of an environment run: this machine, a container of an image, or another machine. */
import { type InterpreterOutput, runInterpreter } from '../interpreters/interpreterProcess.ts';
import { type AttendedOptions, runAttended } from './attendedProcess.ts';

export interface EnvironmentPlace {
  readonly kind: 'machine' | 'container' | 'host';
  /** What an environment that is made there can be used with; empty for this machine. */
  readonly identity: string;
  /** Runs a program there to its end, and resolves with what it said. Throws `canceled`. */
  run(program: string, args: readonly string[], signal: AbortSignal | undefined): Promise<InterpreterOutput>;
  /** Runs a program there that takes long and is ended when this process is. Resolves with its exit code. Throws as `runAttended`. */
  runAttended(program: string, args: readonly string[], options: AttendedOptions): Promise<number>;
}

/** @param attendant a Python that looks after programs that take long */
export function thisMachine(attendant: string): EnvironmentPlace {
  return {
    kind: 'machine',
    identity: '',
    run: runInterpreter,
    runAttended: (program, args, options) => runAttended(attendant, [program, ...args], options),
  };
}
