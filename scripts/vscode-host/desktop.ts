import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { downloadAndUnzipVSCode, runTests, SilentReporter } from '@vscode/test-electron';
import { cacheFolder } from '../support/paths.ts';
import { errorText } from '../support/taskError.ts';

const releasesUrl = 'https://update.code.visualstudio.com/api/releases/stable';
const reachTimeoutMs = 5_000;
const downloadIdleTimeoutMs = 30_000;

/**
 * The desktop build of VS Code, downloaded on first use; undefined where it cannot be had or cannot show a window, or
 * where RUNLEDGER_TEST_HOST is `server`.
 */
export async function findDesktop(): Promise<string | undefined> {
  if (process.env.RUNLEDGER_TEST_HOST === 'server') {
    return undefined;
  }
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return unavailable('there is no display (xvfb-run gives it one)');
  }
  try {
    const response = await fetch(releasesUrl, { signal: AbortSignal.timeout(reachTimeoutMs) });
    if (!response.ok) {
      return unavailable(`its download answers with ${response.status}`);
    }
    return await downloadAndUnzipVSCode({
      cachePath: path.join(cacheFolder, 'vscode-desktop'),
      timeout: downloadIdleTimeoutMs,
      reporter: new SilentReporter(),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? `: ${errorText(error.cause)}` : '';
    return unavailable(`its download failed (${errorText(error)}${cause})`);
  }
}

function unavailable(reason: string): undefined {
  console.log(`The desktop build of VS Code is not used: ${reason}.`);
  return undefined;
}

export interface DesktopRun {
  readonly executable: string;
  readonly extensionFolders: readonly string[];
  readonly entry: string;
  readonly workspaceFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs the tests to their end; their results are in their report. */
export async function runInDesktop(run: DesktopRun): Promise<void> {
  const userData = await mkdtemp(path.join(os.tmpdir(), 'runledger-desktop-'));
  try {
    await runTests({
      vscodeExecutablePath: run.executable,
      extensionDevelopmentPath: [...run.extensionFolders],
      extensionTestsPath: run.entry,
      extensionTestsEnv: { ...run.env },
      launchArgs: [
        run.workspaceFolder,
        '--disable-workspace-trust',
        '--skip-welcome',
        '--disable-telemetry',
        `--user-data-dir=${path.join(userData, 'user')}`,
        `--extensions-dir=${path.join(userData, 'extensions')}`,
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    });
  } finally {
    await rm(userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
