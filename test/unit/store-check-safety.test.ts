import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';
import { activeMarker } from '../../src/core/store/storeLayout.ts';
import { cliProgram } from '../support/commandLine.ts';
import { crash } from '../support/crash.ts';
import { check, contentsOf, inStore, nothing, processRecord, runPlace, storeWithRun } from '../support/damagedStore.ts';
import { ended, folderOf, isThere, newCase, until } from '../support/submittedRun.ts';
import { newRun, openTestCatalog, record, temporaryFolder } from '../support/temporaryStore.ts';

const checkStoreFile = join(import.meta.dirname, '../../src/core/store-check/checkStore.ts');

/** A store with much that is repaired by moving, by replacing and by appending. */
async function damagedStore(): Promise<string> {
  const { folder, ended: parent } = await storeWithRun();
  const lost = await newRun(folder, { parentId: parent.runId });
  await record(
    folder,
    lost,
    await processRecord('script'),
    { k: 'metric', n: 'loss', v: 1 },
    { k: 'status', v: 'Running' },
  );
  await writeFile(join(lost.folder, 'run.json'), '{"format": 1, "description": "half of a rec');
  await writeFile(
    join(parent.folder, 'journal', 'script-999999999-00000000.jsonl'),
    '{"t":1,"k":"tag","n":"a","v":"b"}',
  );
  await mkdir(join(parent.folder, '.work'));
  await writeFile(join(parent.folder, '.work', 'checkpoint.bin'), 'weights of an epoch');
  await mkdir(inStore(folder, 'experiments/iris/runs/.staging-0123abcd'));
  await writeFile(inStore(folder, 'experiments/iris/runs/.staging-0123abcd/notes'), 'what was staged');
  await writeFile(inStore(folder, 'experiments/iris/numbers/3'), parent.runId);
  await rm(inStore(folder, 'experiments/iris/numbers/2'));
  return folder;
}

it('killed at any moment a repair has lost nothing, and the next one ends it', async () => {
  const template = await damagedStore();
  const body = `const { checkStore } = await import(${JSON.stringify(checkStoreFile)});
    await checkStore(folder, { repair: true, settledSeconds: 0, leftoverSeconds: 0 });`;
  const original = [...(await contentsOf(inStore(template))).values()];
  let kills = 0;
  for (let isWhole = false; !isWhole; kills++) {
    const folder = await temporaryFolder();
    await cp(inStore(template), inStore(folder), { recursive: true });
    isWhole = await crash(body, folder, kills);
    // Journals may have gained a line end. A claim of one number may have been given up for another that names the run.
    const left = [...(await contentsOf(inStore(folder))).values()];
    expect(original.filter((content) => !left.some((other) => other.startsWith(content)))).toEqual([]);
    const { findings, result } = await check(folder, { repair: true });
    expect({ kills, failed: findings.filter(({ outcome }) => outcome === 'failed') }).toEqual({ kills, failed: [] });
    expect(result.problems.open).toBe(0);
    expect({ kills, problems: (await check(folder)).problems }).toEqual({ kills, problems: [] });
    const catalog = await openTestCatalog(folder);
    const { items } = await catalog.runs({ experimentKey: 'iris', limit: 10 });
    expect(items.map((item) => item.kind === 'run' && item.status)).toEqual(['Failed', 'Completed']);
    catalog.dispose();
  }
  expect(kills).toBeGreaterThan(15);
}, 240_000);

const waitingScript = `
import sys
from azureml.core import Run

run = Run.get_context()
run.log("loss", 1.0)
# Until the test opens the other end.
open(sys.argv[1]).read()
run.log("loss", 0.5)
`;

it('a run that goes on is not touched, and ends as if nobody had looked', async () => {
  const test = await newCase({ 'train.py': waitingScript });
  const pipe = join(test.workspaceFolder, 'go');
  await promisify(execFile)('mkfifo', [pipe]);
  const { runId } = await test.submit({ arguments: [pipe] });
  const catalog = await openTestCatalog(test.workspaceFolder);
  await until(catalog, runId, ({ metrics }) => metrics.length > 0);
  const before = await contentsOf(inStore(test.workspaceFolder));
  const { problems, notices, result } = await check(test.workspaceFolder, { repair: true });
  expect({ problems, notices }).toEqual({ problems: [], notices: [] });
  expect(result.keptFolder).toBeUndefined();
  const after = await contentsOf(inStore(test.workspaceFolder));
  expect([...after.keys()]).toEqual([...before.keys()]);
  // Its supervisor may have been heard of meanwhile.
  expect([...before].filter(([path, content]) => after.get(path)?.startsWith(content) !== true)).toEqual([]);
  const writing = await open(pipe, 'w');
  await writing.close();
  const details = await ended(test.workspaceFolder, runId);
  expect(details.summary.status).toBe('Completed');
  expect(details.metrics[0]).toMatchObject({ last: 0.5, count: 2 });
  // The supervisor records the end before it takes the mark of a run that goes on away.
  await vi.waitUntil(async () => !(await isThere(activeMarker(test.workspaceFolder, runId))), { timeout: 60_000 });
  expect((await check(test.workspaceFolder)).problems).toEqual([]);
});

it('a run whose supervisor and script were killed is recorded as failed, and can be repaired once', async () => {
  const test = await newCase({ 'train.py': waitingScript });
  const pipe = join(test.workspaceFolder, 'go');
  await promisify(execFile)('mkfifo', [pipe]);
  const { runId } = await test.submit({ arguments: [pipe] });
  const catalog = await openTestCatalog(test.workspaceFolder);
  await until(catalog, runId, ({ metrics }) => metrics.length > 0);
  const folder = await folderOf(test.workspaceFolder, runId);
  const journals = [...(await contentsOf(join(folder, 'journal'))).values()].join('');
  const pids = [...journals.matchAll(/"role":\s?"(?:supervisor|script)","?.*?"pid":\s?(\d+)/g)].map(([, pid]) =>
    Number(pid),
  );
  expect(pids.length).toBeGreaterThan(0);
  for (const pid of new Set(pids)) {
    process.kill(pid, 'SIGKILL');
  }
  await until(catalog, runId, ({ summary }) => summary.status === 'Failed');
  const { problems, result } = await check(test.workspaceFolder, { repair: true });
  const place = runPlace({ runId });
  expect(problems).toEqual([`run-ended-unrecorded ${place}`, `working-folder ${place}/.work`]);
  expect(result.problems).toEqual({ ...nothing, repaired: 2 });
  const recorded = [...(await contentsOf(join(folder, 'journal'))).values()].join('');
  expect(recorded.match(/"v":\s?"Failed"/g)).toHaveLength(1);
  expect((await check(test.workspaceFolder, { repair: true })).problems).toEqual([]);
});

it('what this user may not read or write is told of, and the rest is checked', async () => {
  const { folder, ended: run } = await storeWithRun();
  const other = await newRun(folder, { experiment: 'other' });
  await writeFile(join(other.folder, 'run.json'), '{');
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    // Who may do everything sees nothing of permissions: somebody else looks.
    await promisify(execFile)('chown', ['-R', '65534', folder]);
  }
  await chmod(join(run.folder, 'journal'), 0o000);
  await chmod(inStore(folder, 'active'), 0o500);
  const found = await promisify(execFile)(process.execPath, [cliProgram, 'store', 'check', '--repair', '-o', 'tsv'], {
    cwd: folder,
    ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
  }).catch((error: { stdout: string; code: number }) => error);
  await chmod(join(run.folder, 'journal'), 0o700);
  await chmod(inStore(folder, 'active'), 0o700);
  expect(found).toMatchObject({ code: 3 });
  expect(found.stdout.split('\n').map((line) => line.split('\t').slice(1, 4).join(' '))).toEqual([
    'not-writable open active',
    `not-accessible open ${runPlace(run, 'journal')}`,
    `run-record repaired experiments/other/runs/${other.runId}/run.json`,
    'trash open trash',
    '',
  ]);
  expect(await readFile(join(other.folder, 'run.json'), 'utf8')).toContain(other.runId);
});
