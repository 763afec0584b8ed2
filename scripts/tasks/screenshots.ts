import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { takePictures } from '../screenshots/pictures.ts';
import { makeSampleStore } from '../screenshots/sampleStore.ts';
import { documentationImagesFolder, rootFolder, testOutputFolder } from '../support/paths.ts';
import { runTask } from '../support/taskError.ts';
import { buildPackage } from '../support/vsix.ts';
import { startServer } from '../vscode-host/serverProcess.ts';
import { ensureBrowser } from '../vscode-host/systemPackages.ts';

/** `npm run screenshots`: trains the example a few times, and takes the pictures of the README in the real workbench. */
await runTask(async () => {
  const vsix = await buildPackage();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'runledger-screenshots-'));
  const env = { RUNLEDGER_HOME: path.join(folder, 'home') };
  try {
    const store = await makeSampleStore(path.join(folder, 'projects'), env);
    await ensureBrowser();
    await mkdir(documentationImagesFolder, { recursive: true });
    const server = await startServer({ vsix, logFile: path.join(testOutputFolder, 'screenshots', 'server.log'), env });
    try {
      for (const file of await takePictures(server, store, documentationImagesFolder)) {
        console.log(path.relative(rootFolder, file));
      }
    } finally {
      await server.stop();
    }
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
