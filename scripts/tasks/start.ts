import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { untilChartsAreDrawn } from '../../test/e2e/support/charts.ts';
import { Workbench } from '../../test/e2e/support/workbench.ts';
import { captureCommand, findCommand, runCommand } from '../support/childProcess.ts';
import { type ExampleRun, runExample, summaryOf } from '../support/exampleRun.ts';
import { cacheFolder, exampleFolder, rootFolder, testOutputFolder } from '../support/paths.ts';
import { findPython } from '../support/python.ts';
import { errorText, runTask, TaskError } from '../support/taskError.ts';
import { buildPackage } from '../support/vsix.ts';
import { launchBrowser } from '../vscode-host/browser.ts';
import { startServer, type VscodeServer } from '../vscode-host/serverProcess.ts';

/**
 * `npm start`: runs the example from the command line, then opens VS Code on it: the desktop application where it is
 * installed, else the workbench at an address for the browser. `npm start -- --check` looks at the run's page by itself,
 * leaves pictures of it, and ends.
 */
await runTask(async () => {
  const { values } = parseArgs({
    args: process.argv.slice(2),
    options: { check: { type: 'boolean', default: false } },
  });
  findPython();
  console.log('Building the extension…');
  const vsix = await buildPackage();
  const run = await runExample();
  console.log(`\n${summaryOf(run)}\n`);
  if (values.check) {
    return check(run, vsix);
  }
  const desktop = await findDesktopCommand();
  return desktop === undefined ? serve(vsix) : openDesktop(desktop, vsix);
});

/** VS Code's command line, where it can open a window. */
async function findDesktopCommand(): Promise<string | undefined> {
  const command = findCommand('code');
  const hasDisplay =
    process.platform !== 'linux' ||
    Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY ?? process.env.VSCODE_IPC_HOOK_CLI);
  return command !== undefined && hasDisplay && (await captureCommand(command, ['--version'])).exitCode === 0
    ? command
    : undefined;
}

async function openDesktop(command: string, vsix: string): Promise<number> {
  const installed = await runCommand(command, ['--install-extension', vsix, '--force']);
  if (installed !== 0) {
    throw new TaskError(`VS Code could not install ${path.relative(rootFolder, vsix)}.`);
  }
  console.log(`Opening ${path.relative(rootFolder, exampleFolder)} in VS Code. The runs are in its Runledger view.`);
  return runCommand(command, [exampleFolder]);
}

/** Serves the workbench until Ctrl+C. Its settings and open editors are kept for the next time. */
async function serve(vsix: string): Promise<number> {
  const server = await startServer({
    vsix,
    logFile: path.join(cacheFolder, 'workbench', 'server.log'),
    dataFolder: path.join(cacheFolder, 'workbench', 'data'),
  });
  console.log(
    [
      'VS Code is ready, on the example, with the extension. Open this address in a browser on this machine:',
      '',
      `  ${server.workbenchUrl(exampleFolder)}`,
      '',
      'The runs are in its Runledger view. Ctrl+C ends it.',
    ].join('\n'),
  );
  return server.failure;
}

async function check(run: ExampleRun, vsix: string): Promise<number> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'runledger-check-'));
  try {
    const server = await startServer({
      vsix,
      logFile: path.join(testOutputFolder, 'start', 'server.log'),
      env: { RUNLEDGER_HOME: home },
    });
    try {
      const screenshots = await lookAtRun(server, run);
      const names = screenshots.map((file) => path.relative(rootFolder, file)).join(', ');
      console.log(`The run's page was opened: ${names}`);
      return 0;
    } finally {
      await server.stop();
    }
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Opens the run's page as a person does, and takes pictures once it shows that the run is completed. */
async function lookAtRun(server: VscodeServer, run: ExampleRun): Promise<readonly string[]> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const workbench = new Workbench(page, server);
    try {
      await workbench.openFolder(exampleFolder);
      await workbench.showSideBar();
      await workbench.runCommand('Runledger: Open Run');
      await workbench.pick(run.id);
      const runPage = workbench.webview;
      await runPage.getByText(run.status).first().waitFor();
      await runPage.getByText(run.id).first().waitFor();
      const overview = await workbench.screenshot('start-run-overview');
      await runPage.getByRole('tab', { name: 'Metrics' }).click();
      await untilChartsAreDrawn(runPage, seriesCount(run));
      return [overview, await workbench.screenshot('start-run-metrics')];
    } catch (error) {
      const screenshot = await workbench.screenshot('start-failure');
      throw new TaskError(
        `The page of ${run.id} did not open: ${errorText(error)}\nWhat was there: ${path.relative(rootFolder, screenshot)}`,
      );
    }
  } finally {
    await browser.close();
  }
}

function seriesCount(run: ExampleRun): number {
  return Object.values(run.metrics).filter((metric) => metric.kind === 'metric' && metric.count > 1).length;
}
