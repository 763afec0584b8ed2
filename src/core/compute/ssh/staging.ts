/** What a host is to have before runs start there, by content: what it has already is not sent again. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { StartOptions } from '../computeTarget.ts';
import type { HostAgent } from './hostAgent.ts';
import { sendFiles } from './sendFiles.ts';

const compressed = promisify(gzip);
const sdkFolders = ['runledger', 'compat', 'runledger_plugins-0.dist-info'] as const;
/** Bytecode is the business of the Python that reads it. */
const leftOut = /^__pycache__$|\.pyc$/;

interface SdkSources {
  readonly hash: string;
  readonly files: Readonly<Record<string, string>>;
}

async function sdkSources(pythonSdkFolder: string): Promise<SdkSources> {
  const files: Record<string, string> = {};
  const digest = createHash('sha256');
  const walk = async (path: string): Promise<void> => {
    const entries = await readdir(join(pythonSdkFolder, path), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = `${path}/${entry.name}`;
      if (leftOut.test(entry.name)) {
        continue;
      }
      if (entry.isDirectory()) {
        await walk(inside);
      } else {
        const text = await readFile(join(pythonSdkFolder, inside), 'utf8');
        files[inside] = text;
        digest.update(JSON.stringify([inside, text]));
      }
    }
  };
  for (const folder of sdkFolders) {
    await walk(folder);
  }
  return { hash: digest.digest('hex').slice(0, 16), files };
}

/** Where things lie in the folder that a host has for runs. Paths there, with `/`. */
export const hostLayout = {
  sdk: (folder: string, hash: string): string => `${folder}/sdk/${hash}`,
  snapshot: (folder: string, hash: string): string => `${folder}/snapshots/${hash}.zip`,
  /** The counterpart of data here. */
  data: (folder: string, key: string, name: string): string => `${folder}/data/${key}/${name}`,
  /** The workspace of one run. */
  workspace: (folder: string, runId: string): string => `${folder}/runs/${runId}`,
} as const;

export interface StagedCode {
  /** The folder that holds `runledger/`, there. */
  readonly sdk: string;
  /** The zip there; undefined where none was given. */
  readonly snapshot: string | undefined;
}

/**
 * Sends the SDK and a snapshot, unless they are there.
 *
 * @param folder absolute, there
 * @param snapshot the zip, named by its hash
 * @throws RunledgerError `disk-full`, `not-writable`, `canceled`, `host-unreachable`
 */
export async function stageCode(
  agent: HostAgent,
  folder: string,
  code: { readonly pythonSdkFolder: string; readonly snapshot: string | undefined },
  options: Pick<StartOptions, 'onStep' | 'signal'>,
): Promise<StagedCode> {
  const sources = await sdkSources(code.pythonSdkFolder);
  const sdk = hostLayout.sdk(folder, sources.hash);
  const snapshot =
    code.snapshot === undefined ? undefined : hostLayout.snapshot(folder, basename(code.snapshot, '.zip'));
  const [hasSdk, hasSnapshot] = await agent.has([sdk, ...(snapshot === undefined ? [] : [snapshot])]);
  if (hasSdk !== true) {
    await agent.request('install', { folder: sdk }, await compressed(JSON.stringify(sources.files)));
  }
  if (snapshot !== undefined && code.snapshot !== undefined && hasSnapshot !== true) {
    const { size } = await stat(code.snapshot);
    await sendFiles(agent, 'the snapshot', [{ file: code.snapshot, there: snapshot, bytes: size }], options);
  }
  return { sdk, snapshot };
}
