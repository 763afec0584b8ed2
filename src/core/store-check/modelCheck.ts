/** Checking one model: its versions, their records and numbers. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../base/errors.ts';
import { claimedId } from '../store/claims.ts';
import { parseJournalLine } from '../store/journalRecords.ts';
import { numberField, stringField } from '../store/jsonFile.ts';
import { nameKey } from '../store/names.ts';
import { modelFolder, modelNumbersFolder, modelVersionsFolder } from '../store/storeLayout.ts';
import type { CheckSession } from './checkSession.ts';
import { type Claims, readClaims, reportGaps } from './claimsCheck.ts';
import { isFolder, makeFolder } from './folders.ts';
import { reportJournals, scanJournals } from './journalScan.ts';
import { reportLeftovers } from './leftovers.ts';
import { rebuiltModelRecord, replaceRecord } from './recordRepair.ts';

export async function checkModel(session: CheckSession, key: string): Promise<void> {
  const { workspaceFolder } = session;
  const folder = modelFolder(workspaceFolder, key);
  if (!(await isFolder(session, folder))) {
    return;
  }
  if (keyOf(key) !== key) {
    await session.report({
      kind: 'folder-name',
      path: folder,
      message: `"${key}" is not the folder's name of any model.`,
    });
    return;
  }
  const numbers = modelNumbersFolder(workspaceFolder, key);
  const versions = modelVersionsFolder(workspaceFolder, key);
  for (const part of [folder, numbers, versions]) {
    await reportLeftovers(session, part);
  }
  const claims = await readClaims(session, numbers);
  const found: number[] = [];
  let name = key;
  for (const entry of await session.entries(versions)) {
    session.throwIfStopped();
    const path = join(versions, entry);
    if (!(await isFolder(session, path))) {
      continue;
    }
    if (!/^[1-9]\d{0,14}$/.test(entry)) {
      await session.report({ kind: 'folder-name', path, message: `"${entry}" is no version.` });
      continue;
    }
    const version = Number(entry);
    const known = await checkVersion(session, { folder: path, key, name, version, claims });
    if (known !== undefined) {
      name = known;
      found.push(version);
      session.counts.models++;
    }
    session.advance(`Checking the model ${name}`, 1);
  }
  const claimed = await reportUnclaimed(session, claims, found, versions);
  await reportGaps(session, claims, claimed);
  const unused = claims.numbers.filter((number) => !found.includes(number)).length;
  if (unused > 0) {
    const message = unused === 1 ? 'One number.' : `${unused} numbers.`;
    await session.report({ kind: 'numbers-unused', path: numbers, message });
  }
}

interface Version {
  readonly folder: string;
  readonly key: string;
  /** The name of another version, in its spelling. */
  readonly name: string;
  readonly version: number;
  readonly claims: Claims;
}

/** Checks a version. Resolves with the model's name; undefined where there is no version after all. */
async function checkVersion(session: CheckSession, of: Version): Promise<string | undefined> {
  const { folder, key, version } = of;
  const journals = await scanJournals(session, { folder, onLine: (text) => parseJournalLine(text) !== 'problem' });
  const path = join(folder, 'model.json');
  const found = await session.record(path, 'the model');
  if (found.kind === 'reported') {
    return of.name;
  }
  if (found.kind === 'missing' && (!(await session.hasSettled(folder)) || (await isEmpty(session, folder)))) {
    const fix = async () => (await isEmpty(session, folder)) && (await session.moveAside(folder));
    const isSettled = await session.hasSettled(folder);
    const isGone = !isSettled || (await session.report({ kind: 'model-empty', path: folder, message: found.why, fix }));
    return isGone ? undefined : of.name;
  }
  await reportJournals(session, journals, { processes: [], working: [], host: undefined, hasEnded: true });
  await reportLeftovers(session, folder);
  const record = found.kind === 'record' ? found.record : undefined;
  const name = record === undefined ? undefined : stringField(record, 'name');
  if (record === undefined || name === undefined || numberField(record, 'createdTime') === undefined) {
    const claimPath = of.claims.folder;
    const id = await session.orReported(claimPath, () => claimedId(claimPath, version));
    const rebuilt = await rebuiltModelRecord({ folder, name: of.name, version, id });
    const message = found.kind === 'record' ? 'It is incomplete.' : found.why;
    await session.report({ kind: 'model-record', path, message, fix: () => replaceRecord(session, path, rebuilt) });
    return of.name;
  }
  const said = record.version;
  if (keyOf(name) !== key || (said !== undefined && said !== version)) {
    const amended = { ...record, name: keyOf(name) === key ? name : of.name, version };
    const message = `It says: version ${String(said).slice(0, 30)} of "${name.slice(0, 300)}".`;
    const fix = () => replaceRecord(session, path, amended);
    await session.report({ kind: 'model-record-disagrees', path, message, fix });
    return amended.name;
  }
  return name;
}

async function isEmpty(session: CheckSession, folder: string): Promise<boolean> {
  const kept = (await session.entries(folder)).filter((name) => name !== 'journal' && name !== 'files');
  const hasFiles = ((await session.list(join(folder, 'files'))) ?? []).length > 0;
  const hasJournals = (await session.entries(join(folder, 'journal'))).length > 0;
  return kept.length === 0 && !hasFiles && !hasJournals;
}

/** A version lies under its number: that one, and no other, is claimed for it. */
async function reportUnclaimed(
  session: CheckSession,
  { folder, numbers }: Claims,
  versions: readonly number[],
  versionsFolder: string,
): Promise<ReadonlySet<number>> {
  const claimed = new Set(numbers);
  const since = new Set<number>();
  for (const version of versions.filter((number) => !claimed.has(number)).sort((a, b) => a - b)) {
    since.add(version);
    const path = join(versionsFolder, String(version));
    const fix = async (): Promise<boolean> => {
      await makeFolder(folder);
      const record = await session.record(join(path, 'model.json'), 'the model');
      const id = record.kind === 'record' ? (stringField(record.record, 'id') ?? '') : '';
      return claim(join(folder, String(version)), id);
    };
    await session.report({ kind: 'number-missing', path, message: `The number ${version} is not claimed.`, fix });
  }
  return since;
}

async function claim(path: string, id: string): Promise<boolean> {
  try {
    await writeFile(path, id, { flag: 'wx', flush: true });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

function keyOf(name: string): string | undefined {
  try {
    return nameKey('model', name);
  } catch {
    return undefined;
  }
}
