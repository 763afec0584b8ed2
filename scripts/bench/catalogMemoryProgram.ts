/**
 * Opens the catalog of a workspace in a worker, as a window does, lists and filters its runs, and prints what memory the process takes
 * meanwhile and afterwards, in MB. A program of its own, so that nothing else is in its memory.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as after } from 'node:timers/promises';
import { WorkerCatalogs } from '../../src/core/catalog/workerCatalogs.ts';
import { rootFolder } from '../support/paths.ts';

const [folder = '', experimentKey = ''] = process.argv.slice(2);
const lookMs = 100;
const restMs = 3000;

/** What is the process's own, and its part of what it shares with others. */
function megabytes(): number {
  const rollup = readFileSync('/proc/self/smaps_rollup', 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? Number.NaN) / 1024;
}

const catalogs = new WorkerCatalogs(path.join(rootFolder, 'src', 'core', 'catalog', 'catalogWorker.ts'));
let most = 0;
const looking = setInterval(() => {
  most = Math.max(most, megabytes());
}, lookMs);
const catalog = await catalogs.open(folder);
if (experimentKey !== '') {
  await catalog.runs({ experimentKey, limit: 50 });
}
await catalog.knownNames();
for (const filter of [
  'status = Failed',
  'params.layers = 3 and tags.team = vision',
  'params.lr > 0.5 order by params.lr',
]) {
  await catalog.find({ filter, limit: 50 });
}
await after(restMs);
clearInterval(looking);
console.log(JSON.stringify({ most, afterwards: megabytes() }));
catalogs.dispose();
