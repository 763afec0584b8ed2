import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { configurationFileKind, tellingLength } from '../../core/configuration-files/fileKind.ts';
import { importsTracking, mayLog } from '../../core/python-source/logCalls.ts';
import { findWorkspace } from '../../core/store/workspaces.ts';
import type { RunningRuns } from '../running/runningRuns.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import type { RunningServer } from './languageClient.ts';
import { LastRuns } from './lastRuns.ts';

/** The language of the manifest for run configurations. */
const runConfigurationLanguage = 'runconfig';

export interface LanguageServerDeps {
  /** The program of the server: `src/language-server/main.ts`, bundled. */
  readonly serverFile: string;
  readonly workspaces: WorkspaceService;
  readonly running: RunningRuns;
  readonly log: vscode.LogOutputChannel;
}

/** Sees to it that the language server runs from the first file on that it has something to say about. */
export class LanguageServer implements vscode.Disposable {
  private readonly serverFile: string;
  private readonly lastRuns: LastRuns;
  private readonly log: vscode.LogOutputChannel;
  private readonly disposables: vscode.Disposable[];
  private client: Promise<RunningServer | undefined> | undefined;
  private isDisposed = false;

  constructor({ serverFile, workspaces, running, log }: LanguageServerDeps) {
    this.serverFile = serverFile;
    this.lastRuns = new LastRuns(workspaces);
    this.log = log;
    this.disposables = [
      running.onDidChange(() => this.withClient((client) => client.runsChanged())),
      vscode.workspace.onDidOpenTextDocument((document) => this.look(document)),
      // A new file gets its name, or the line that tells what it is, later.
      vscode.workspace.onDidSaveTextDocument((document) => this.look(document)),
      // A server that was started in Restricted Mode reads no runs.
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.stop();
        this.lookAtAll();
      }),
    ];
    this.lookAtAll();
  }

  private lookAtAll(): void {
    for (const document of vscode.workspace.textDocuments) {
      this.look(document);
    }
  }

  private look(document: vscode.TextDocument): void {
    if (document.uri.scheme !== 'file') {
      return;
    }
    const { fsPath } = document.uri;
    if (document.languageId === 'python') {
      this.lookAtScript(fsPath, document.getText());
      return;
    }
    const kind = configurationFileKind(fsPath, startOf(document));
    if (kind === 'runConfiguration' && document.languageId === 'plaintext' && isInHome(fsPath)) {
      // Files without an extension: no pattern of the manifest tells them from others.
      void vscode.languages.setTextDocumentLanguage(document, runConfigurationLanguage);
    }
    if (kind !== undefined) {
      this.client ??= this.start();
    }
  }

  private lookAtScript(path: string, text: string): void {
    if (this.client !== undefined || !vscode.workspace.isTrusted) {
      return;
    }
    if (importsTracking(text)) {
      this.client = this.start();
    } else if (mayLog(text)) {
      findWorkspace(dirname(path)).then(
        (workspace) => {
          if (workspace !== undefined) {
            this.client ??= this.start();
          }
        },
        // What is wrong with the workspace, its view tells.
        () => {},
      );
    }
  }

  private async start(): Promise<RunningServer | undefined> {
    try {
      const { startLanguageClient } = await import('./languageClient.ts');
      return this.isDisposed ? undefined : await startLanguageClient(this.serverFile, this.lastRuns, this.log);
    } catch (error) {
      this.log.error('The language server could not be started.', error instanceof Error ? error : String(error));
      return undefined;
    }
  }

  dispose(): void {
    this.isDisposed = true;
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
    this.stop();
  }

  private stop(): void {
    this.withClient((client) => client.dispose());
    this.client = undefined;
  }

  /** One that has crashed, or is just starting or ending, cannot be told anything: that is no error of who tells. */
  private withClient(tell: (client: RunningServer) => Promise<void> | void): void {
    this.client
      ?.then((client) => client && tell(client))
      .catch((error: unknown) => this.log.warn(error instanceof Error ? error.message : String(error)));
  }
}

function startOf(document: vscode.TextDocument): string {
  const end = document.positionAt(tellingLength);
  return document.getText(new vscode.Range(new vscode.Position(0, 0), end));
}

function isInHome(path: string): boolean {
  return basename(dirname(path)) === '.azureml';
}
