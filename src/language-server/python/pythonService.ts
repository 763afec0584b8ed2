import {
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
} from 'vscode-languageserver/node';
import type { Disposable } from '../../core/base/events.ts';
import type { ServerOptions } from '../../protocol/languageServer.ts';
import type { FileFeatures } from '../fileFeatures.ts';
import { pythonFeatures } from './pythonFeatures.ts';
import { SettingsReader, settingsSection } from './pythonSettings.ts';
import { RunsOfScripts } from './scriptRuns.ts';

/** The part of the server that works in Python files: its runs, its settings, and telling the editor when either changed. */
export class PythonService implements Disposable {
  readonly features: FileFeatures;
  private readonly connection: Connection;
  private readonly runs: RunsOfScripts;
  private readonly settings: SettingsReader;
  private params: InitializeParams | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
    this.runs = new RunsOfScripts(() => this.refresh());
    this.settings = new SettingsReader(connection, () => this.params?.capabilities.workspace?.configuration === true);
    this.features = pythonFeatures({ runs: this.runs, settings: () => this.settings.get() });
  }

  start(params: InitializeParams): void {
    this.params = params;
  }

  /** Whether a file is one of those that it is for. */
  isFor(path: string): boolean {
    const options = this.params?.initializationOptions as Partial<ServerOptions> | undefined;
    return options?.readsRuns === true && path.endsWith('.py');
  }

  followSettings(): void {
    this.connection.onDidChangeConfiguration(() => {
      this.settings.forget();
      this.refresh();
    });
    if (this.params?.capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true) {
      void this.connection.client.register(DidChangeConfigurationNotification.type, { section: settingsSection });
    }
  }

  dispose(): void {
    this.runs.dispose();
  }

  private refresh(): void {
    const workspace = this.params?.capabilities.workspace;
    // An editor that went away meanwhile needs no news.
    const ignore = (): void => {};
    if (workspace?.inlayHint?.refreshSupport === true) {
      this.connection.languages.inlayHint.refresh().catch(ignore);
    }
    if (workspace?.codeLens?.refreshSupport === true) {
      this.connection.sendRequest(CodeLensRefreshRequest.type).catch(ignore);
    }
  }
}
