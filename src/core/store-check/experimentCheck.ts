/** Checking one experiment: its record, its folders, its runs and their numbers. */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isExperimentLine } from '../store/experimentJournal.ts';
import { isJsonObject, type JsonObject, numberField, readText, stringField } from '../store/jsonFile.ts';
import { experimentKey, isRunId } from '../store/names.ts';
import { experimentFolder, numbersFolder, runsFolder, supportedFormat } from '../store/storeLayout.ts';
import type { CheckSession } from './checkSession.ts';
import { readClaims, reportGaps, reportTwice, reportUnnumbered } from './claimsCheck.ts';
import { isFolder, makeFolder } from './folders.ts';
import { reportJournals, scanJournals } from './journalScan.ts';
import { reportLeftovers } from './leftovers.ts';
import { readableFields, replaceRecord } from './recordRepair.ts';
import { type CheckedRun, checkRun } from './runCheck.ts';
import type { StoreWorld } from './storeWorld.ts';

const runsAtOnce = 8;
/** Runs that are asked for the experiment's name where its own record is lost. */
const askedRuns = 20;

export async function checkExperiment(session: CheckSession, world: StoreWorld, key: string): Promise<void> {
  const { workspaceFolder } = session;
  const folder = experimentFolder(workspaceFolder, key);
  if (!(await isFolder(session, folder))) {
    return;
  }
  if (!isNamed(key, key)) {
    const message = `"${key}" is not the folder's name of any experiment.`;
    await session.report({ kind: 'folder-name', path: folder, message });
    return;
  }
  session.counts.experiments++;
  for (const path of [numbersFolder(workspaceFolder, key), runsFolder(workspaceFolder, key)]) {
    if ((await session.orReported(path, () => stat(path))) === undefined && (await session.hasSettled(folder))) {
      await session.report({ kind: 'folder-missing', path, message: 'It is missing.', fix: () => makeFolder(path) });
    }
  }
  const name = await checkRecord(session, folder, key);
  const onLine = isExperimentLine;
  const journals = await scanJournals(session, { folder, onLine });
  await reportJournals(session, journals, { processes: [], working: [], host: undefined, hasEnded: true });
  for (const part of [folder, numbersFolder(workspaceFolder, key), runsFolder(workspaceFolder, key)]) {
    await reportLeftovers(session, part);
  }
  await checkRuns(session, world, { key, name });
}

async function checkRuns(
  session: CheckSession,
  world: StoreWorld,
  experiment: { readonly key: string; readonly name: string },
): Promise<void> {
  const { workspaceFolder } = session;
  const { key, name } = experiment;
  // Before the claims: a run that is there has its number by then.
  const ids = await runIds(session, runsFolder(workspaceFolder, key));
  const claims = await readClaims(session, numbersFolder(workspaceFolder, key));
  const unnumbered: CheckedRun[] = [];
  const twice: CheckedRun[] = [];
  const present = new Set(ids);
  for (let start = 0; start < ids.length; start += runsAtOnce) {
    session.throwIfStopped();
    const some = ids.slice(start, start + runsAtOnce);
    const checked = await Promise.all(
      some.map((id) => checkRun(session, world, experiment, id, claims.byId.get(id)?.[0])),
    );
    for (const [index, id] of some.entries()) {
      const run = checked[index];
      if (run === undefined) {
        present.delete(id);
        continue;
      }
      session.counts.runs++;
      if (!run.isNumbered) {
        unnumbered.push(run);
      } else if ((claims.byId.get(id)?.length ?? 0) > 1) {
        twice.push(run);
      }
      await noteExperiment(session, world, key, run);
    }
    session.advance(`Checking the runs of ${name}`, some.length);
  }
  const claimed = await reportUnnumbered(session, claims, unnumbered);
  await reportTwice(session, claims, twice);
  await reportGaps(session, claims, claimed);
  const used = [...claims.byId.keys()].filter((id) => present.has(id)).length;
  const unused = claims.numbers.length - used;
  if (unused > 0) {
    const message = unused === 1 ? 'One number.' : `${unused} numbers.`;
    await session.report({ kind: 'numbers-unused', path: claims.folder, message });
  }
}

async function runIds(session: CheckSession, folder: string): Promise<string[]> {
  const ids: string[] = [];
  for (const id of await session.entries(folder)) {
    const path = join(folder, id);
    if (!(await isFolder(session, path))) {
      continue;
    }
    if (isRunId(id)) {
      ids.push(id);
    } else {
      await session.report({ kind: 'folder-name', path, message: `"${id}" cannot be the id of a run.` });
    }
  }
  return ids;
}

async function noteExperiment(session: CheckSession, world: StoreWorld, key: string, run: CheckedRun): Promise<void> {
  const other = world.experimentOfRun.get(run.id);
  if (other !== undefined) {
    const message = `The experiments in the folders "${other}" and "${key}" have a run ${run.id}.`;
    await session.report({ kind: 'run-duplicated', path: run.path, message });
  }
  world.experimentOfRun.set(run.id, key);
}

/** Checks experiment.json. Resolves with the experiment's name, as it is now. */
async function checkRecord(session: CheckSession, folder: string, key: string): Promise<string> {
  const path = join(folder, 'experiment.json');
  const found = await session.record(path, 'the experiment');
  if (found.kind === 'reported') {
    return key;
  }
  const name = found.kind === 'record' ? stringField(found.record, 'name') : undefined;
  if (found.kind === 'record' && name !== undefined) {
    if (isNamed(name, key)) {
      return name;
    }
    const { record } = found;
    const fix = () => replaceRecord(session, path, { ...record, name: key });
    const message = `It says "${name.slice(0, 300)}".`;
    return (await session.report({ kind: 'experiment-name', path, message, fix })) ? key : name;
  }
  const rebuilt = await rebuiltRecord(session, folder, key);
  const message = found.kind === 'record' ? 'It is incomplete.' : found.why;
  const fix = () => replaceRecord(session, path, rebuilt);
  await session.report({ kind: 'experiment-record', path, message, fix });
  return stringField(rebuilt, 'name') ?? key;
}

/** Whether a name is that of the experiment with a key. */
function isNamed(name: string, key: string): boolean {
  try {
    return experimentKey(name) === key;
  } catch {
    return false;
  }
}

async function rebuiltRecord(session: CheckSession, folder: string, key: string): Promise<JsonObject> {
  const fields = await readableFields(join(folder, 'experiment.json'));
  let name = key;
  const runs = join(folder, 'runs');
  for (const id of (await session.entries(runs)).slice(0, askedRuns)) {
    const known = await experimentOf(join(runs, id, 'run.json'));
    if (known !== undefined && isNamed(known, key)) {
      name = known;
      break;
    }
  }
  return {
    ...fields,
    format: supportedFormat,
    id: stringField(fields, 'id') ?? randomUUID(),
    name,
    createdTime: numberField(fields, 'createdTime') ?? (await stat(folder)).birthtimeMs / 1000,
  };
}

async function experimentOf(path: string): Promise<string | undefined> {
  try {
    const value: unknown = JSON.parse(await readText(path, 'the run'));
    return isJsonObject(value) ? stringField(value, 'experiment') : undefined;
  } catch {
    return undefined;
  }
}
