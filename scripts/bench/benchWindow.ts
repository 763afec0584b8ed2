/** A real workbench with the packaged extension, for what can only be measured there. */
import path from 'node:path';
import { Workbench } from '../../test/e2e/support/workbench.ts';
import { testOutputFolder } from '../support/paths.ts';
import { errorText, TaskError } from '../support/taskError.ts';
import { buildPackage } from '../support/vsix.ts';
import { launchBrowser } from '../vscode-host/browser.ts';
import { startServer } from '../vscode-host/serverProcess.ts';

let building: Promise<string> | undefined;

/**
 * Opens a window on a folder and its side bar, and closes both afterwards.
 *
 * @param home the folder of the user's data
 */
export async function inWindow<T>(
  folder: string,
  home: string,
  action: (workbench: Workbench) => Promise<T>,
): Promise<T> {
  building ??= buildPackage();
  const server = await startServer({
    vsix: await building,
    logFile: path.join(testOutputFolder, 'bench', 'server.log'),
    env: { RUNLEDGER_HOME: home },
  });
  try {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      const workbench = new Workbench(page, server);
      try {
        await workbench.openFolder(folder);
        await workbench.showSideBar();
        return await action(workbench);
      } catch (error) {
        throw new TaskError(`${errorText(error)}\nWhat was there: ${await workbench.screenshot('bench-failure')}`);
      }
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}
