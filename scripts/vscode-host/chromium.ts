import { existsSync } from 'node:fs';
import process from 'node:process';
import { findCommand } from '../support/childProcess.ts';

const commandNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The browser's executable: RUNLEDGER_CHROMIUM, else what is installed. */
export function findChromium(): string | undefined {
  const chosen = process.env.RUNLEDGER_CHROMIUM;
  if (chosen !== undefined && chosen !== '') {
    return existsSync(chosen) ? chosen : undefined;
  }
  for (const name of commandNames) {
    const found = findCommand(name);
    if (found !== undefined) {
      return found;
    }
  }
  return applications.find((application) => existsSync(application));
}

/** A browser that speaks only to the server under test. The sandbox is off because it refuses to run as root. */
export const chromiumArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
