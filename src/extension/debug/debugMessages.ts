/** What the Debug Adapter Protocol tells of a script: the parts that a run keeps. */
import type { DebugEnding } from '../../core/submission/debuggedRun.ts';

/** What follows a debugged script from its start to its end, as {@link DebugMessages} understood it. */
export interface DebugListener {
  started(pid: number | undefined): void;
  printed(text: string): void;
}

type Fields = Readonly<Record<string, unknown>>;

export class DebugMessages {
  private readonly listener: DebugListener;
  private exitCode: number | undefined;
  private hasTerminated = false;
  private isStopped = false;

  constructor(listener: DebugListener) {
    this.listener = listener;
  }

  /** A message of the debugger's to the editor. */
  sent(message: unknown): void {
    const { type, event, body } = fieldsOf(message);
    if (type !== 'event') {
      return;
    }
    const { systemProcessId, category, output, exitCode } = fieldsOf(body);
    switch (event) {
      case 'process':
        this.listener.started(typeof systemProcessId === 'number' ? systemProcessId : undefined);
        break;
      case 'output':
        // `console` is what the debugger says itself.
        if ((category === 'stdout' || category === 'stderr') && typeof output === 'string') {
          this.listener.printed(output);
        }
        break;
      case 'exited':
        this.exitCode ??= typeof exitCode === 'number' ? exitCode : undefined;
        break;
      case 'terminated':
        this.hasTerminated = true;
        break;
    }
  }

  /** A message of the editor's to the debugger. At the end of every session it takes its leave: before, it ends the script. */
  received(message: unknown): void {
    const { type, command } = fieldsOf(message);
    const isEnding = type === 'request' && (command === 'disconnect' || command === 'terminate');
    if (isEnding && !this.hasTerminated && this.exitCode === undefined) {
      this.isStopped = true;
    }
  }

  get ending(): DebugEnding {
    if (this.isStopped) {
      return { kind: 'stopped' };
    }
    return this.exitCode === undefined ? { kind: 'lost' } : { kind: 'exited', exitCode: this.exitCode };
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
