import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { testOutputFolder } from '../../scripts/support/paths.ts';
import { chromiumArguments, findChromium } from '../../scripts/vscode-host/chromium.ts';

const executablePath = findChromium();
const outputFolder = path.join(testOutputFolder, 'e2e');

export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '**/*.e2e.ts',
  outputDir: path.join(outputFolder, 'failures'),
  timeout: 300_000,
  // A machine that others use, too, can stand still for ten seconds and more: what is awaited is awaited for longer.
  expect: { timeout: 60_000 },
  // Each has a server and a window of its own; one alone leaves a processor idle half of the time.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: path.join(outputFolder, 'report.json') }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1400, height: 900 },
    actionTimeout: 60_000,
    // Recording every window takes a quarter of the time of a test: `--trace on` asks for it.
    trace: 'off',
    screenshot: 'only-on-failure',
    permissions: ['clipboard-read', 'clipboard-write'],
    launchOptions: {
      args: [...chromiumArguments],
      ...(executablePath === undefined ? {} : { executablePath }),
    },
  },
});
