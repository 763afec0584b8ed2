/** What has to be known to bring a run home from another host: `collection.json` in its folder (docs/store-format.md). */
import { join } from 'node:path';
import * as v from 'valibot';
import { fileError, RunledgerError } from '../../base/errors.ts';
import { toJsonText, writeFileAtomically } from '../../store/atomicFile.ts';
import { readStoreFile } from '../../store/jsonFile.ts';
import { isClaimHeld, takeClaim } from '../../store/processClaims.ts';
import { supportedFormat } from '../../store/storeLayout.ts';
import { sshSettings } from '../targetSettings.ts';

const collectionSchema = v.object({
  /** The name of the compute target. */
  target: v.string(),
  /** As its file was when the run was sent. */
  settings: sshSettings,
  /** What Runledger has on the host. */
  folder: v.string(),
  /** The workspace there that holds this run, and what it makes. */
  workspace: v.string(),
  runFolder: v.string(),
  /** The SDK that the run was started with, there. */
  sdk: v.string(),
  /** Data that the run writes there, and where it is to be here. */
  outputs: v.optional(v.array(v.object({ path: v.string(), there: v.string() })), []),
  /** For processes there that write or read the run. */
  variables: v.record(v.string(), v.string()),
});

export type Collection = v.InferOutput<typeof collectionSchema>;

export function collectionFile(runFolder: string): string {
  return join(runFolder, 'collection.json');
}

function collectorsFolder(runFolder: string): string {
  return join(runFolder, 'collectors');
}

/** @throws RunledgerError `not-writable`, `disk-full` */
export async function writeCollection(runFolder: string, collection: Collection): Promise<void> {
  const path = collectionFile(runFolder);
  try {
    await writeFileAtomically(path, toJsonText({ format: supportedFormat, ...collection }));
  } catch (error) {
    throw fileError(error, 'note where the run lies', path);
  }
}

/** @throws RunledgerError `unreadable`, `newer-format`, `not-found` */
export async function readCollection(runFolder: string): Promise<Collection> {
  const path = collectionFile(runFolder);
  const parsed = v.safeParse(collectionSchema, await readStoreFile(path, 'where the run lies'));
  if (!parsed.success) {
    throw new RunledgerError('unreadable', `${path} does not say where the run lies: ${v.summarize(parsed.issues)}`);
  }
  return parsed.output;
}

/** Whether a process brings the run home, or may do so on another machine. */
export function hasCollector(runFolder: string): Promise<boolean> {
  return isClaimHeld(collectorsFolder(runFolder));
}

/** Claims the run for this process. Resolves with false where another brings it home. */
export function claimCollection(runFolder: string): Promise<boolean> {
  return takeClaim(collectorsFolder(runFolder));
}
