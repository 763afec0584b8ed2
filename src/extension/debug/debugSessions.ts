import { basename } from 'node:path';
import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { type DebuggedRun, type DebugRequest, startDebuggedRun } from '../../core/submission/debuggedRun.ts';
import { CommandFailure } from '../commands/commandFailure.ts';
import { workWithProgress } from '../store/workWithProgress.ts';
import { DebugMessages } from './debugMessages.ts';

/** The type of the Python Debugger's sessions. */
const debuggerType = 'debugpy';
const debuggerExtensionId = 'ms-python.debugpy';
/** Of a session's configuration: the run that it belongs to. */
const runKey = 'runledgerRun';

export interface DebugSessionsDeps {
  readonly pythonSdkFolder: string;
  readonly cliCommand: readonly [string, ...string[]];
  readonly createdBy: string;
  readonly log: vscode.LogOutputChannel;
}

interface Session {
  readonly run: DebuggedRun;
  readonly messages: DebugMessages;
}

/** Starts scripts under the Python debugger as runs, and records what becomes of them. */
export class DebugSessions implements vscode.Disposable {
  private readonly deps: DebugSessionsDeps;
  private readonly sessions = new Map<string, Session>();
  private readonly disposables: vscode.Disposable[];

  constructor(deps: DebugSessionsDeps) {
    this.deps = deps;
    this.disposables = [
      vscode.debug.registerDebugAdapterTrackerFactory(debuggerType, {
        createDebugAdapterTracker: (session) => {
          const messages = this.sessionOf(session)?.messages;
          return (
            messages && {
              onDidSendMessage: (message) => messages.sent(message),
              onWillReceiveMessage: (message) => messages.received(message),
            }
          );
        },
      }),
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (this.sessionOf(session) !== undefined) {
          this.end(String(session.configuration[runKey]));
        }
      }),
    ];
  }

  /**
   * Starts a script under the debugger. Undefined where the debugger did not start.
   *
   * @throws RunledgerError as `startDebuggedRun`; a `CancellationError` where the person gave up while the snapshot was taken
   */
  async start(request: DebugRequest): Promise<DebuggedRun | undefined> {
    const title = vscode.l10n.t('Debugging {0}', basename(request.scriptPath));
    const run = await workWithProgress(title, (onProgress, signal) => {
      const message = vscode.l10n.t('Taking the snapshot');
      return startDebuggedRun(request, {
        ...this.deps,
        onSnapshot: (fraction) => onProgress({ message, fraction }),
        signal,
      });
    });
    this.sessions.set(run.runId, { run, messages: new DebugMessages(run) });
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(request.scriptPath));
    let hasStarted = false;
    try {
      hasStarted = await vscode.debug.startDebugging(folder, {
        type: debuggerType,
        request: 'launch',
        name: vscode.l10n.t('{0} (run {1})', basename(request.scriptPath), run.number),
        program: request.scriptPath,
        args: [...request.arguments],
        cwd: request.sourceDirectory,
        python: run.interpreter,
        env: run.environment(process.env),
        console: 'integratedTerminal',
        // The run's log gets what the script prints through the debugger.
        redirectOutput: true,
        [runKey]: run.runId,
      });
    } finally {
      if (!hasStarted) {
        this.end(run.runId);
      }
    }
    return hasStarted ? run : undefined;
  }

  dispose(): void {
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  /** Processes that a script starts have sessions below its own. */
  private sessionOf({ configuration, parentSession }: vscode.DebugSession): Session | undefined {
    return parentSession === undefined ? this.sessions.get(String(configuration[runKey])) : undefined;
  }

  private end(runId: string): void {
    const session = this.sessions.get(runId);
    this.sessions.delete(runId);
    session?.run.end(session.messages.ending).catch((error: unknown) => {
      this.deps.log.error(error instanceof Error ? error : String(error));
    });
  }
}

/** Throws a `CommandFailure` where no extension brings a Python debugger. */
export function requireDebugger(): void {
  const hasDebugger = vscode.extensions.all.some(({ packageJSON }) => contributesDebugger(packageJSON));
  if (!hasDebugger) {
    const error = new RunledgerError('not-found', vscode.l10n.t('There is no Python debugger in this editor.'), {
      advice: vscode.l10n.t('Install the extension Python Debugger ({0}), then debug again.', debuggerExtensionId),
    });
    throw new CommandFailure(error, [
      {
        title: vscode.l10n.t('Show Extension'),
        run: () => vscode.commands.executeCommand('workbench.extensions.search', `@id:${debuggerExtensionId}`),
      },
    ]);
  }
}

function contributesDebugger(manifest: unknown): boolean {
  const contributes = (manifest as { readonly contributes?: { readonly debuggers?: unknown } }).contributes;
  const debuggers: unknown[] = Array.isArray(contributes?.debuggers) ? contributes.debuggers : [];
  return debuggers.some((item) => (item as { readonly type?: unknown } | null)?.type === debuggerType);
}
