/** The real workbench with the packaged extension, for what can only be measured there. */
import path from 'node:path';
import { Workbench } from '../../test/e2e/support/workbench.ts';
import { testOutputFolder } from '../support/paths.ts';
import { buildPackage } from '../support/vsix.ts';
import { launchBrowser } from '../vscode-host/browser.ts';
import { startServer } from '../vscode-host/serverProcess.ts';

export const viewport = { width: 1400, height: 900 };

export interface BenchWorkbench {
  /** The process of the server, of which extension hosts are children. */
  readonly serverProcess: number;
  /** Opens a window on a folder, each with an extension host of its own. */
  openWindow(folder: string): Promise<BenchWindow>;
}

export interface BenchWindow {
  readonly workbench: Workbench;
  close(): Promise<void>;
}

/**
 * Packs the extension, starts a server with it, and stops it when `measure` is through.
 *
 * @param home the user's folder of Runledger, which has the index
 */
export async function withWorkbench<T>(
  name: string,
  home: string,
  measure: (bench: BenchWorkbench) => Promise<T>,
): Promise<T> {
  const vsix = await buildPackage();
  const server = await startServer({
    vsix,
    logFile: path.join(testOutputFolder, 'bench', `${name}.log`),
    env: { RUNLEDGER_HOME: home },
  });
  try {
    const browser = await launchBrowser();
    try {
      return await measure({
        serverProcess: server.processId,
        openWindow: async (folder) => {
          const context = await browser.newContext({ viewport });
          const page = await context.newPage();
          const workbench = new Workbench(page, server);
          await workbench.openFolder(folder);
          return { workbench, close: () => context.close() };
        },
      });
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}
