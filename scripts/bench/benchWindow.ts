/** A real workbench with the packaged extension, for what can only be measured there. */
import { readdir, readFile, readlink } from 'node:fs/promises';
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
 * @param home the folder of the user's data, which also tells its processes from those of others
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

/** The process of a window's extension host, with the workers in it. Linux only: that is where /proc is. */
export async function extensionHostOf(home: string): Promise<number> {
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (Number.isInteger(pid) && (await isExtensionHost(pid, home))) {
      return pid;
    }
  }
  throw new Error('The extension host was not found among the processes.');
}

async function isExtensionHost(pid: number, home: string): Promise<boolean> {
  try {
    const [command, environment] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readFile(`/proc/${pid}/environ`, 'utf8'),
      readlink(`/proc/${pid}/exe`),
    ]);
    return command.includes('--type=extensionHost') && environment.split('\0').includes(`RUNLEDGER_HOME=${home}`);
  } catch {
    // It has ended, or is another user's.
    return false;
  }
}

/** Memory of a process that is its own, in MB: what it shares with others counts in parts. */
export async function megabytesOf(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? Number.NaN) / 1024;
}
