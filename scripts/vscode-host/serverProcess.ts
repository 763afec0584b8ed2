import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { captureCommand, killTree, killTreeNow, spawnTree } from '../support/childProcess.ts';
import { TaskError } from '../support/taskError.ts';
import { ensureServer } from './serverInstall.ts';

export interface ServerOptions {
  /** Installed before the start. */
  readonly vsix?: string;
  /** Folders of further extensions, which are copied to where installed ones are. */
  readonly extensionFolders?: readonly string[];
  /** User settings, over those of {@link quietSettings}, where the data folder has none yet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Seen by the extension host and everything it starts; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * Tests are going to run in the extension host: the workbench starts it only with its test driver, which on the other
   * hand keeps notifications from being shown.
   */
  readonly hasTestDriver?: boolean;
  /** Folders are asked about, and open in Restricted Mode until they are trusted; else all are trusted. */
  readonly hasWorkspaceTrust?: boolean;
  /** Gets all that the server prints. */
  readonly logFile: string;
  /** Keeps the server's data here, for the next start; else in a temporary folder that is removed. */
  readonly dataFolder?: string;
}

/** A running VS Code server with a data folder of its own. */
export interface VscodeServer {
  /** `127.0.0.1:<port>` */
  readonly authority: string;
  readonly dataFolder: string;
  readonly processId: number;
  /** The address of the workbench on a folder; `payload` is for the extension development host. */
  workbenchUrl(folder: string, payload?: readonly (readonly [string, string])[]): string;
  /** How a file of this machine is named in a payload. */
  remoteUri(file: string): string;
  /** Resolves when the server prints something that matches. */
  untilOutput(pattern: RegExp): Promise<void>;
  /** Rejects when the server ends without being asked to. */
  readonly failure: Promise<never>;
  stop(): Promise<void>;
}

/** Settings under which nothing opens, asks or calls out by itself. */
const quietSettings: Readonly<Record<string, unknown>> = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.autoUpdate': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
  'workbench.colorTheme': 'Dark Modern',
};

const startTimeoutMs = 60_000;

/** Installs the server where needed, starts it on a free port of the loopback interface, and waits until it listens. */
export async function startServer(options: ServerOptions): Promise<VscodeServer> {
  const mainFile = await ensureServer();
  const dataFolder = options.dataFolder ?? (await mkdtemp(path.join(os.tmpdir(), 'runledger-vscode-')));
  const removeData = async (): Promise<void> => {
    if (options.dataFolder === undefined) {
      await rm(dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  };
  try {
    if (!existsSync(userSettingsFile(dataFolder))) {
      await writeUserSettings(dataFolder, options.settings);
    }
    if (options.vsix !== undefined) {
      await installExtension(mainFile, dataFolder, options.vsix);
    }
    for (const folder of options.extensionFolders ?? []) {
      await cp(folder, path.join(dataFolder, 'extensions', path.basename(folder)), { recursive: true });
    }
    return await launch(mainFile, dataFolder, options, removeData);
  } catch (error) {
    await removeData();
    throw error;
  }
}

/** Replaces the user's settings: {@link quietSettings} and what is given. Seen by windows that are opened afterwards. */
export async function writeUserSettings(
  dataFolder: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const file = userSettingsFile(dataFolder);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}

function userSettingsFile(dataFolder: string): string {
  return path.join(dataFolder, 'data', 'User', 'settings.json');
}

async function installExtension(mainFile: string, dataFolder: string, vsix: string): Promise<void> {
  const result = await captureCommand(
    process.execPath,
    [
      mainFile,
      '--accept-server-license-terms',
      '--server-data-dir',
      dataFolder,
      '--install-extension',
      vsix,
      '--force',
    ],
    { timeoutMs: startTimeoutMs },
  );
  if (result.exitCode !== 0 || !/successfully installed/.test(result.stdout)) {
    throw new TaskError(`The extension ${vsix} could not be installed:\n${result.stdout}${result.stderr}`);
  }
}

async function launch(
  mainFile: string,
  dataFolder: string,
  options: ServerOptions,
  removeData: () => Promise<void>,
): Promise<VscodeServer> {
  await mkdir(path.dirname(options.logFile), { recursive: true });
  // Without it, every user of this machine could run programs as this one.
  const token = randomUUID();
  const log = createWriteStream(options.logFile, { flags: 'a' });
  const child = spawnTree(
    process.execPath,
    [
      mainFile,
      ...['--host', '127.0.0.1', '--port', '0', '--connection-token', token, '--accept-server-license-terms'],
      ...['--server-data-dir', dataFolder, '--disable-telemetry'],
      ...(options.hasWorkspaceTrust === true ? [] : ['--disable-workspace-trust']),
      ...(options.hasTestDriver === true ? ['--enable-smoke-test-driver'] : []),
    ],
    { env: serverEnvironment(options.env ?? {}), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const killOnExit = (): void => killTreeNow(child);
  process.once('exit', killOnExit);
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });

  let isStopping = false;
  const failure = new Promise<never>((_, reject) => {
    child.once('exit', (code, signal) => {
      if (!isStopping) {
        reject(new TaskError(`The VS Code server ended unexpectedly (${signal ?? code}). Its log: ${options.logFile}`));
      }
    });
  });
  // Whoever waits for the server races with this; nobody has to.
  failure.catch(() => {});
  const stop = async (): Promise<void> => {
    if (!isStopping) {
      isStopping = true;
      await killTree(child);
      process.off('exit', killOnExit);
      log.end();
      await removeData();
    }
  };
  try {
    const port = await Promise.race([portOf(child, options.logFile), failure]);
    const authority = `127.0.0.1:${port}`;
    return {
      authority,
      dataFolder,
      processId: child.pid ?? 0,
      workbenchUrl: (folder, payload) => {
        const query = new URLSearchParams({ tkn: token, folder });
        if (payload !== undefined) {
          query.set('payload', JSON.stringify(payload));
        }
        return `http://${authority}/?${query}`;
      },
      untilOutput: (pattern) => untilOutput(child, pattern).then(() => {}),
      remoteUri: (file) => `vscode-remote://${authority}${encodeURI(file)}`,
      failure,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The port that the server says it listens on. */
async function portOf(child: ChildProcess, logFile: string): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const message = `The VS Code server did not start within ${startTimeoutMs / 1000} s: ${logFile}`;
    timer = setTimeout(() => reject(new TaskError(message)), startTimeoutMs);
    child.once('error', reject);
  });
  try {
    const match = await Promise.race([untilOutput(child, /Extension host agent listening on (\d+)/), timeout]);
    return Number(match[1]);
  } finally {
    clearTimeout(timer);
  }
}

function untilOutput(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve) => {
    let output = '';
    const look = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      const match = pattern.exec(output);
      if (match !== null) {
        child.stdout?.off('data', look);
        resolve(match);
      }
    };
    child.stdout?.on('data', look);
  });
}

/** This process's environment, without what belongs to npm or to a VS Code terminal that it may run in. */
function serverEnvironment(added: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries({ ...process.env, ...added })) {
    const isForeign = /^(npm_|VSCODE_|ELECTRON_RUN_AS_NODE$|INIT_CWD$|NODE_OPTIONS$)/i.test(name) && !(name in added);
    if (value !== undefined && !isForeign) {
      env[name] = value;
    }
  }
  return env;
}

/** What the server has printed, for a report of a failure. */
export async function tailOfLog(logFile: string, lines = 30): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
