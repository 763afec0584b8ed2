import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { captureCommand } from './childProcess.ts';
import { cacheFolder } from './paths.ts';
import { findPython } from './python.ts';

const environmentFolder = path.join(cacheFolder, 'bench-peers');
const environmentPython =
  process.platform === 'win32'
    ? path.join(environmentFolder, 'Scripts', 'python.exe')
    : path.join(environmentFolder, 'bin', 'python');
const installTimeoutMs = 600_000;

/** Programs that track experiments too, by the names of their packages and modules. */
export const peers = ['tensorboardX', 'wandb', 'mlflow'] as const;
export type Peer = (typeof peers)[number];

export interface PeerLibraries {
  /** A Python that has the peers that are there: the same for them and for us. */
  readonly python: string;
  readonly installed: readonly InstalledPeer[];
}

export interface InstalledPeer {
  readonly peer: Peer;
  readonly version: string;
}

/** Installs the peers once, into a virtual environment of the cache. Says which cannot be had, and goes on without. */
export async function findPeers(say: (text: string) => void): Promise<PeerLibraries> {
  if (!existsSync(environmentPython)) {
    await mkdir(cacheFolder, { recursive: true });
    const made = await captureCommand(findPython(), ['-m', 'venv', environmentFolder]);
    if (made.exitCode !== 0) {
      say(`There are no peers to compare with: a virtual environment could not be made: ${lastLine(made.stderr)}`);
      return { python: findPython(), installed: [] };
    }
  }
  const installed: InstalledPeer[] = [];
  for (const peer of peers) {
    const known = await versionOf(peer);
    if (known !== undefined) {
      installed.push({ peer, version: known });
      continue;
    }
    say(`Installing ${peer} into a virtual environment of the cache (once)…`);
    const options = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:'];
    const result = await captureCommand(environmentPython, ['-m', 'pip', 'install', ...options, peer], {
      timeoutMs: installTimeoutMs,
    });
    const version = await versionOf(peer);
    if (version !== undefined) {
      installed.push({ peer, version });
    } else {
      say(`${peer} could not be installed from PyPI, so it is left out: ${lastLine(result.stderr)}`);
    }
  }
  return { python: environmentPython, installed };
}

async function versionOf(peer: Peer): Promise<string | undefined> {
  const program = 'import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))';
  const { exitCode, stdout } = await captureCommand(environmentPython, ['-c', program, peer]);
  return exitCode === 0 ? stdout.trim() : undefined;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
