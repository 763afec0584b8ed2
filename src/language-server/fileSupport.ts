import type { Connection, InitializeParams } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Disposable } from '../core/base/events.ts';
import { type LastRun, lastRunRequest, type ServerOptions } from '../protocol/languageServer.ts';
import { featuresOf } from './allFeatures.ts';
import type { FileFeatures } from './fileFeatures.ts';
import { PythonService } from './python/pythonService.ts';
import { DiskWorld } from './world/diskWorld.ts';

/** What works in files, and what it asks. Loaded behind the server's first answer, which the editor waits for. */
export class FileSupport implements Disposable {
  readonly world: DiskWorld;
  private readonly python: PythonService;

  /** @param roots the folders that are open in the editor */
  constructor(connection: Connection, params: InitializeParams, roots: () => readonly string[]) {
    const options = params.initializationOptions as Partial<ServerOptions> | undefined;
    this.world = new DiskWorld(roots, async (configuration) =>
      options?.knowsRuns === true
        ? ((await connection.sendRequest<LastRun | null>(lastRunRequest, { configuration })) ?? undefined)
        : undefined,
    );
    this.python = new PythonService(connection);
    this.python.start(params);
    this.python.followSettings();
  }

  /** Undefined for a file that the server has nothing to say about. */
  featuresOf(path: string, document: TextDocument): FileFeatures | undefined {
    return this.python.isFor(path) ? this.python.features : featuresOf(path, document);
  }

  dispose(): void {
    this.python.dispose();
  }
}
