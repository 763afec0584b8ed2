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
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // Every window has an extension host of its own; more than one at a time would only measure the machine's load.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: path.join(outputFolder, 'report.json') }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1400, height: 900 },
    actionTimeout: 15_000,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    permissions: ['clipboard-read', 'clipboard-write'],
    launchOptions: {
      args: [...chromiumArguments],
      ...(executablePath === undefined ? {} : { executablePath }),
    },
  },
});
