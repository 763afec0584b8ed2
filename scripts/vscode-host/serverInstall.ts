import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { captureCommand, killTreeNow, spawnTree } from '../support/childProcess.ts';
import { npmCommand, withoutOuterNpm } from '../support/npm.ts';
import { cacheFolder } from '../support/paths.ts';
import { TaskError } from '../support/taskError.ts';
import { ensureServerBuildTools } from './systemPackages.ts';

/** Holds VS Code 1.139.1. */
const packageVersion = '4.139.1';
const installRoot = path.join(cacheFolder, 'vscode-server');
const installFolder = path.join(installRoot, packageVersion);
const headersRoot = path.join(cacheFolder, 'node-headers');

/** The VS Code server's folder inside an installation. */
function vscodeFolder(installation: string): string {
  return path.join(installation, 'node_modules', 'code-server', 'lib', 'vscode');
}

/**
 * The VS Code server, installed on first use: about 600 MB and three minutes.
 * @returns the file to run with this process's Node.
 */
export async function ensureServer(): Promise<string> {
  const mainFile = path.join(vscodeFolder(installFolder), 'out', 'server-main.js');
  if (existsSync(mainFile)) {
    return mainFile;
  }
  await ensureServerBuildTools();
  const headers = await ensureNodeHeaders();
  await installWhole(installRoot, installFolder, 'the VS Code server', async (folder) => {
    await writeFile(path.join(folder, 'package.json'), serverPackageJson);
    await npmInstall(folder, {
      what: 'Installing and building the VS Code server (about three minutes, once)',
      env: { npm_config_nodedir: headers, JOBS: String(os.availableParallelism()) },
    });
    await checkServer(vscodeFolder(folder));
  });
  return mainFile;
}

const serverPackageJson = JSON.stringify({
  private: true,
  dependencies: { 'code-server': packageVersion },
  allowScripts: { 'code-server': true, argon2: true },
});

/** A folder with `include/` for the Node that runs this: building against it needs no download by node-gyp. */
async function ensureNodeHeaders(): Promise<string> {
  const nodeVersion = process.version.slice(1);
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${process.platform}-${process.arch}`;
  const folder = path.join(headersRoot, `${nodeVersion}-${process.platform}-${process.arch}`);
  const headers = path.join(folder, 'node_modules', name);
  if (!existsSync(path.join(headers, 'include', 'node', 'node.h'))) {
    await installWhole(headersRoot, folder, 'the headers of Node', async (staging) => {
      await writeFile(
        path.join(staging, 'package.json'),
        JSON.stringify({ private: true, dependencies: { [name]: nodeVersion } }),
      );
      await npmInstall(staging, { what: `Downloading the headers of Node ${nodeVersion}`, env: {} });
    });
  }
  return headers;
}

/**
 * Fills a staging folder and renames it into place, so that an installation that was interrupted is never taken for a
 * whole one.
 */
async function installWhole(
  parent: string,
  target: string,
  what: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const staging = path.join(parent, `.staging-${process.pid}`);
  await mkdir(staging);
  try {
    await fill(staging);
    await rm(target, { recursive: true, force: true });
    await rename(staging, target);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
  console.log(`Installed ${what}.`);
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^\.staging-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(path.join(parent, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch {
    return false;
  }
}

interface NpmInstallOptions {
  readonly what: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs `npm install` in a folder, its output in a log beside it, with a sign of life on the terminal. */
async function npmInstall(folder: string, { what, env }: NpmInstallOptions): Promise<void> {
  const logFile = path.join(path.dirname(folder), 'install.log');
  const log = createWriteStream(logFile);
  const { command, args } = npmCommand();
  const environment: NodeJS.ProcessEnv = { ...process.env, ...withoutOuterNpm(), ...env };
  console.log(`${what}. Details: ${path.relative(process.cwd(), logFile)}`);
  const started = performance.now();
  const seconds = (): number => Math.round((performance.now() - started) / 1000);
  const signOfLife = setInterval(() => console.log(`  … still at it after ${seconds()} s`), 20_000);
  const child = spawnTree(command, [...args, 'install', '--no-audit', '--no-fund', '--foreground-scripts'], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = (): void => {
    killTreeNow(child);
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 137));
    });
    await new Promise<void>((resolve) => log.end(resolve));
    if (exitCode !== 0) {
      const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-30);
      throw new TaskError(`${lines.join('\n')}\n\nnpm install ended with ${exitCode}. The whole log: ${logFile}`);
    }
    console.log(`  done in ${seconds()} s`);
  } finally {
    clearInterval(signOfLife);
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** Loads what was compiled: npm can be set to skip the scripts that compile it, and ends well all the same. */
async function checkServer(folder: string): Promise<void> {
  const script = "for (const name of ['node-pty', '@vscode/spdlog', '@parcel/watcher']) require(name);";
  const result = await captureCommand(process.execPath, ['-e', script], { cwd: folder });
  if (result.exitCode !== 0) {
    throw new TaskError(
      `The VS Code server's native modules were not built:\n${result.stderr}\n` +
        'Is npm set to run no install scripts (ignore-scripts)? Allow them for this command, then run it again.',
    );
  }
}
