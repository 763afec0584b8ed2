import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildInEditorTests } from '../support/bundles.ts';
import { rootFolder, testOutputFolder } from '../support/paths.ts';
import { findPythonDebugger } from '../support/pythonDebugger.ts';
import type { TestCounts } from '../support/testCounts.ts';
import { launchBrowser } from './browser.ts';
import { findDesktop, runInDesktop } from './desktop.ts';
import { InEditorReport } from './inEditorReport.ts';
import { startServer, tailOfLog } from './serverProcess.ts';

const timeoutMs = 900_000;
/** An extension that brings the Python debugger, which no test host has. */
const debuggerFolder = path.join(rootFolder, 'test', 'fixtures', 'python-debugger');

export interface InEditorOptions {
  /** Runs only the tests whose title contains it. */
  readonly grep?: string;
  /** The extension's folder: the repository, unless the host itself is under test. */
  readonly extensionFolder?: string;
}

/**
 * Runs test/in-editor/ in a real extension host: of the desktop build where that can be had, else of the VS Code server.
 * dist/ must have been built. A temporary folder, empty, is the open workspace folder.
 */
export async function runInEditorTests(options: InEditorOptions = {}): Promise<TestCounts> {
  const extensionFolder = options.extensionFolder ?? rootFolder;
  const entry = await buildInEditorTests();
  const report = new InEditorReport(path.join(testOutputFolder, 'in-editor', 'report.jsonl'));
  await report.reset();
  const workspaceFolder = await mkdtemp(path.join(os.tmpdir(), 'runledger-in-editor-'));
  const env = {
    RUNLEDGER_TEST_REPORT: report.file,
    RUNLEDGER_TEST_GREP: options.grep,
    RUNLEDGER_TEST_DEBUGPY: await findPythonDebugger(),
  };
  try {
    const desktop = await findDesktop();
    if (desktop !== undefined) {
      console.log(`In the desktop build: ${desktop}`);
      const ended = report.untilEnd(timeoutMs);
      const exited = runInDesktop({
        executable: desktop,
        extensionFolders: [extensionFolder, debuggerFolder],
        entry,
        workspaceFolder,
        env,
      }).then(() => report.final());
      return await Promise.race([ended, exited]);
    }
    console.log('In the VS Code server, driven by headless Chromium');
    return await runInServer({ extensionFolder, entry, workspaceFolder, env, report });
  } finally {
    await rm(workspaceFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

interface ServerRun {
  readonly extensionFolder: string;
  readonly entry: string;
  readonly workspaceFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly report: InEditorReport;
}

async function runInServer(run: ServerRun): Promise<TestCounts> {
  const logFile = path.join(testOutputFolder, 'in-editor', 'server.log');
  await rm(logFile, { force: true });
  const server = await startServer({
    logFile,
    env: run.env,
    hasTestDriver: true,
    // The web workbench takes one extension that is being developed.
    extensionFolders: [debuggerFolder],
  });
  try {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const exited = server.untilOutput(/Extension Host Process exited/).then(() => run.report.final());
      const ended = Promise.race([run.report.untilEnd(timeoutMs), server.failure, exited]);
      ended.catch(() => {});
      await page.goto(
        server.workbenchUrl(run.workspaceFolder, [
          ['extensionDevelopmentPath', server.remoteUri(run.extensionFolder)],
          ['extensionTestsPath', server.remoteUri(run.entry)],
        ]),
      );
      return await ended.catch(async (error: unknown) => {
        await page.screenshot({ path: path.join(testOutputFolder, 'in-editor', 'failure.png') }).catch(() => {});
        console.log(`The end of ${path.relative(rootFolder, logFile)}:\n${await tailOfLog(logFile)}`);
        throw error;
      });
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}
