import { type Browser, chromium } from '@playwright/test';
import { chromiumArguments, findChromium } from './chromium.ts';
import { ensureBrowser } from './systemPackages.ts';

/** Starts the machine's headless Chromium, installing one where that is allowed. */
export async function launchBrowser(): Promise<Browser> {
  await ensureBrowser();
  const executablePath = findChromium();
  return chromium.launch({
    args: [...chromiumArguments],
    // The task ends by itself (runTask), and the browser with it.
    handleSIGINT: false,
    handleSIGTERM: false,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
}
