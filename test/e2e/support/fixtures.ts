import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test as base } from '@playwright/test';
import { exampleFolder, testOutputFolder } from '../../../scripts/support/paths.ts';
import { packageFileOfThisVersion } from '../../../scripts/support/vsix.ts';
import { startServer, type VscodeServer, writeUserSettings } from '../../../scripts/vscode-host/serverProcess.ts';
import { Workbench } from './workbench.ts';

interface TestFixtures {
  /** A temporary folder, empty, that is removed after the test. */
  readonly emptyFolder: string;
  /** A copy of the example, without a store: tests may write into it. */
  readonly exampleCopy: string;
  /** The window, on no folder yet: begin with `openFolder`. */
  readonly workbench: Workbench;
}

interface WorkerFixtures {
  /** A VS Code server with the packaged extension, shared by the tests of a worker. */
  readonly server: VscodeServer;
}

/** Tests that drive the real workbench with the packaged extension installed. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are wanted from this pattern.
    async ({}, use, workerInfo) => {
      const home = await mkdtemp(path.join(os.tmpdir(), 'runledger-home-'));
      const server = await startServer({
        vsix: process.env.RUNLEDGER_TEST_VSIX ?? (await packageFileOfThisVersion()),
        logFile: path.join(testOutputFolder, 'e2e', `server-${workerInfo.workerIndex}.log`),
        env: { RUNLEDGER_HOME: home },
      });
      await use(server);
      await server.stop();
      await removeFolder(home);
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are wanted from this pattern.
  emptyFolder: async ({}, use) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'runledger-e2e-'));
    await use(folder);
    await removeFolder(folder);
  },

  exampleCopy: async ({ emptyFolder }, use) => {
    const folder = path.join(emptyFolder, path.basename(exampleFolder));
    await cp(exampleFolder, folder, {
      recursive: true,
      filter: (source) => !['.runledger', '__pycache__', '.azureml'].includes(path.basename(source)),
    });
    if ((await readdir(folder)).length === 0) {
      throw new Error(`${exampleFolder} holds no example.`);
    }
    await use(folder);
  },

  workbench: async ({ page, server }, use) => {
    await writeUserSettings(server.dataFolder);
    await use(new Workbench(page, server));
  },
});

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
