/** The steps of making an environment: programs that are run one after the other, with a common log. */
import { RunledgerError } from '../base/errors.ts';
import { isSamePython } from './condaDependencies.ts';
import type { MakeEnvironmentOptions } from './environmentBuild.ts';
import type { EnvironmentLog } from './environmentLog.ts';
import type { PlannedEnvironment } from './environmentPlan.ts';

/** What is known of a program whose output a person reads. */
export interface StepTool {
  /** The line of its output that is worth showing meanwhile; undefined for the others. */
  stepOf(line: string): string | undefined;
  /** Its own reason for a failure. */
  lastWords(output: string): string;
  /** Whether it failed for want of a network. */
  isOffline(output: string): boolean;
}

export interface BuildStep {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly tool: StepTool;
  /** What has not been done where it fails, as a sentence without its end. */
  readonly failure: string;
}

const keptOutputLength = 64 * 1024;

export class BuildSession {
  readonly planned: PlannedEnvironment;
  private readonly log: EnvironmentLog;
  private readonly options: MakeEnvironmentOptions;

  constructor(planned: PlannedEnvironment, log: EnvironmentLog, options: MakeEnvironmentOptions) {
    this.planned = planned;
    this.log = log;
    this.options = options;
  }

  get signal(): AbortSignal | undefined {
    return this.options.signal;
  }

  /** Tells the one who waits what is being done. */
  tell(message: string): void {
    this.options.onStep?.(message);
  }

  note(text: string): void {
    this.log.write(text);
  }

  /** @throws RunledgerError `environment-failed` with the program's last words; `canceled` */
  async run(step: BuildStep): Promise<void> {
    const { exitCode, output } = await this.carryOut(step);
    if (exitCode !== 0) {
      throw new RunledgerError(
        'environment-failed',
        `${step.failure} (exit code ${exitCode}). It says:\n${step.tool.lastWords(output)}`,
        { advice: adviceFor(this.planned, step.tool.isOffline(output), this.options.logName) },
      );
    }
  }

  /** The same where there is another way. Resolves with whether it succeeded. Throws `canceled`. */
  async attempt(step: BuildStep): Promise<boolean> {
    return (await this.carryOut(step)).exitCode === 0;
  }

  private async carryOut({ program, args, env, tool }: BuildStep): Promise<{ exitCode: number; output: string }> {
    const { planned, options, log } = this;
    let output = '';
    log.write(`\n$ ${program} ${args.join(' ')}\n`);
    const exitCode = await planned.place.runAttended(program, args, {
      cwd: planned.sourceDirectory,
      env,
      onOutput: (text) => {
        log.write(text);
        output = (output + text).slice(-keptOutputLength);
        const line = tool.stepOf(text);
        if (line !== undefined) {
          options.onStep?.(line);
        }
      },
      ...(options.signal && { signal: options.signal }),
    });
    return { exitCode, output };
  }
}

function adviceFor(planned: PlannedEnvironment, isOffline: boolean, logName: string): string {
  const { base, missing } = planned;
  const sentences = [`The whole log is ${logName}.`];
  if (isOffline) {
    sentences.push('The package index could not be reached: check the network, or pip.conf.');
  }
  if (planned.wantedPython !== undefined && !isSamePython(planned.wantedPython, base.version)) {
    sentences.push(
      `The environment asks for Python ${planned.wantedPython}, and ${base.path} is Python ${base.version}: choose an ` +
        'interpreter of that version, or loosen the versions of the packages.',
    );
  }
  sentences.push(
    `Correct the packages of the environment; or install what ${base.path} lacks (${missing.join(', ')}) yourself; or set ` +
      'userManagedDependencies: true (in Python environment.python.user_managed_dependencies = True) to run without them.',
  );
  return sentences.join(' ');
}
