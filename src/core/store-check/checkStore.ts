/** Checking a whole store, and repairing what can be repaired safely (docs/store-check.md). */
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorCode, fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { readStoreFile } from '../store/jsonFile.ts';
import {
  experimentsFolder,
  modelVersionsFolder,
  runsFolder,
  storeFolder,
  workspaceFile,
} from '../store/storeLayout.ts';
import { type CheckOptions, CheckSession } from './checkSession.ts';
import { checkExperiment } from './experimentCheck.ts';
import type { CheckResult } from './findings.ts';
import { checkModel } from './modelCheck.ts';
import { StoreWorld } from './storeWorld.ts';
import {
  checkActive,
  checkDefinitions,
  checkSnapshots,
  checkTrash,
  checkWorkspace,
  modelKeys,
} from './workspaceCheck.ts';

/** The nearest folder at a place or above it that holds a store, whether its record can be read or not. */
export async function findStore(startFolder: string): Promise<string | undefined> {
  for (let folder = resolve(startFolder); ; folder = dirname(folder)) {
    try {
      if ((await stat(storeFolder(folder))).isDirectory()) {
        return folder;
      }
    } catch (error) {
      if (!isNotFound(error)) {
        throw fileError(error, 'read the store', storeFolder(folder));
      }
    }
    if (dirname(folder) === folder) {
      return undefined;
    }
  }
}

/**
 * Walks a store and tells of each problem as it is found. Runs that go on are not touched, and nothing is deleted: what a
 * repair takes out is in the trash afterwards. Memory is taken for the ids of runs and the hashes of snapshots, not for what
 * the journals hold.
 *
 * @param workspaceFolder holds `.runledger/`
 * @throws RunledgerError `not-a-store`; `newer-format` where a newer version made the store: nothing was checked then;
 * `canceled`, after which everything that was repaired is whole
 */
export async function checkStore(workspaceFolder: string, options: CheckOptions = {}): Promise<CheckResult> {
  const session = new CheckSession(resolve(workspaceFolder), options);
  await assertStore(session.workspaceFolder);
  await checkWorkspace(session);
  const world = await StoreWorld.read(session);
  const experiments = await session.entries(experimentsFolder(session.workspaceFolder));
  const models = await modelKeys(session);
  for (const key of experiments) {
    session.expect((await namesIn(runsFolder(session.workspaceFolder, key))) + 1);
  }
  for (const key of models) {
    session.expect((await namesIn(modelVersionsFolder(session.workspaceFolder, key))) + 1);
  }
  for (const key of experiments) {
    session.advance(`Checking the experiment ${key}`, 1);
    const path = join(experimentsFolder(session.workspaceFolder), key);
    await orReported(session, path, () => checkExperiment(session, world, key));
  }
  for (const key of models) {
    session.advance(`Checking the model ${key}`, 1);
    await orReported(session, modelVersionsFolder(session.workspaceFolder, key), () => checkModel(session, key));
  }
  const rest = [checkActive, checkSnapshots, checkTrash, checkDefinitions];
  for (const part of rest) {
    session.throwIfStopped();
    await orReported(session, storeFolder(session.workspaceFolder), () => part(session, world));
  }
  return session.result();
}

async function assertStore(workspaceFolder: string): Promise<void> {
  try {
    await stat(storeFolder(workspaceFolder));
  } catch (error) {
    if (isNotFound(error)) {
      throw new RunledgerError('not-a-store', `${workspaceFolder} holds no Runledger workspace.`, { cause: error });
    }
    throw fileError(error, 'read the store', storeFolder(workspaceFolder));
  }
  await assertFormat(workspaceFile(workspaceFolder));
}

/** How much there will be to do: what cannot be counted is told of when it is looked at. */
async function namesIn(folder: string): Promise<number> {
  try {
    return (await readdir(folder)).length;
  } catch {
    return 0;
  }
}

/** What a part meets that it does not expect is told of, and the other parts are checked. */
async function orReported(session: CheckSession, path: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    const isExpected = RunledgerError.is(error) ? error.reason !== 'canceled' : errorCode(error) !== undefined;
    if (!isExpected) {
      throw error;
    }
    await session.report({ kind: 'not-accessible', path, message: fileError(error, 'check it', path).message });
  }
}

async function assertFormat(path: string): Promise<void> {
  try {
    await readStoreFile(path, 'the workspace');
  } catch (error) {
    if (RunledgerError.is(error, 'newer-format')) {
      throw error;
    }
  }
}
