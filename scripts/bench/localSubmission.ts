import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { takeSnapshot } from '../../src/core/snapshots/snapshot.ts';
import { storeFolder } from '../../src/core/store/storeLayout.ts';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { findCommand, runCommand } from '../support/childProcess.ts';
import { findPython } from '../support/python.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithLimit, comparedWithPeer, type Figure } from './figure.ts';
import { submitTimed, timedProject, untilFirstLine } from './timedScript.ts';

const rounds = 15;
const zipRounds = 5;
const files = 2000;
const bytesPerFile = 150_000;
const startLimitMs = 300;
const memoryLimitMegabytes = 6;
const processorLimitPercent = 1;
const watchedSeconds = 60;

/** What a submission costs on this machine, and the supervisor that looks after it. */
export const localSubmission: Benchmark = {
  name: 'local-submission',
  about:
    'From the submission, in the process that submits, to the first line of the script, over starting `python train.py`; each checks the script ' +
    `and the interpreter, takes the snapshot and starts a supervisor. Snapshots are of ${files.toLocaleString('en')} files of ${bytesPerFile / 1000} kB, half of which ` +
    `can be compressed, into a store that is new. The supervisor is watched for ${watchedSeconds} s while the script waits, with what it starts ` +
    'to measure the run; its memory is the proportional set size, over a Python that only waits.',
  run: async ({ folder, say }) => {
    process.env.RUNLEDGER_HOME = path.join(folder, 'home');
    const python = findPython();
    const source = await timedProject(folder);
    say('Submitting runs…');
    const figures: Figure[] = [
      comparedWithLimit('a submission, over plain Python', await startTimes(source, python), startLimitMs, 'ms'),
    ];
    if (process.platform === 'linux') {
      say(`Watching a supervisor for ${watchedSeconds} s…`);
      figures.push(...(await supervisorFigures(source, python)));
    }
    const zip = findCommand('zip');
    if (zip === undefined) {
      say('Left out: snapshots beside zip, which is not installed.');
      return figures;
    }
    say('Taking snapshots…');
    figures.push(await snapshotFigure(folder, zip));
    return figures;
  },
};

/** Milliseconds of each submission that plain Python does not take. */
async function startTimes(source: string, python: string): Promise<readonly number[]> {
  const times: number[] = [];
  // The first of each is not counted: it compiles modules.
  for (let round = 0; round <= rounds; round += 1) {
    const plain = await untilFirstLine(source, 'plain', async (mark) => {
      const child = spawn(python, ['train.py', mark], { cwd: source, stdio: 'ignore' });
      await once(child, 'exit');
    });
    const submitted = await untilFirstLine(source, 'submitted', async (mark) => {
      await submitTimed(source, python, [mark]);
    });
    if (round > 0) {
      times.push(submitted - plain);
    }
  }
  return times;
}

async function supervisorFigures(source: string, python: string): Promise<readonly Figure[]> {
  const mark = path.join(source, '.runledger', 'bench-watched');
  const runId = await submitTimed(source, python, [mark, 'wait']);
  const bare = spawn(python, ['-c', 'import time; time.sleep(600)'], { stdio: 'ignore' });
  try {
    const pid = await supervisorOf(source, runId);
    // Past its start, which the time of a submission has.
    await delay(2000);
    const before = await processorSeconds(pid);
    await delay(watchedSeconds * 1000);
    const share = ((await processorSeconds(pid)) - before) / watchedSeconds;
    const memory = (await megabytes(pid)) - (await megabytes(pidOf(bare)));
    return [
      comparedWithLimit('memory of a supervisor, over bare Python', [memory], memoryLimitMegabytes, 'MB'),
      comparedWithLimit('processor time of a supervisor', [share * 100], processorLimitPercent, '% of a core'),
    ];
  } finally {
    bare.kill();
    await cancelRun(source, runId);
  }
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) {
    throw new Error('Python could not be started.');
  }
  return child.pid;
}

async function supervisorOf(source: string, runId: string): Promise<number> {
  const runs = path.join(storeFolder(source), 'experiments', 'bench', 'runs', runId, 'journal');
  for (;;) {
    const name = (await readdir(runs)).find((file) => file.startsWith('supervisor-'));
    if (name !== undefined) {
      return Number(name.split('-')[1]);
    }
    await delay(20);
  }
}

/** Of the process, and of the children that it has waited for: fields 14 to 17 of /proc/<pid>/stat, in ticks of 10 ms. */
async function processorSeconds(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((total, field) => total + Number(field), 0) / 100;
}

async function megabytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return (Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1]) * 1024) / 1e6;
}

async function snapshotFigure(folder: string, zip: string): Promise<Figure> {
  const source = path.join(folder, 'large');
  await mkdir(source);
  for (let index = 0; index < files; index += 1) {
    await writeFile(path.join(source, `file-${index}.bin`), content(index));
  }
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < zipRounds; round += 1) {
    const workspaceFolder = path.join(folder, `snapshots-${round}`);
    await mkdir(workspaceFolder);
    await createWorkspace({ folder: workspaceFolder, name: `snapshots-${round}` });
    const began = performance.now();
    await takeSnapshot({ workspaceFolder, sourceDirectory: source });
    ours.push((performance.now() - began) / 1000);
    const zipped = path.join(folder, `zip-${round}.zip`);
    const zipBegan = performance.now();
    await runCommand(zip, ['-1', '-q', '-r', zipped, '.'], { cwd: source });
    theirs.push((performance.now() - zipBegan) / 1000);
  }
  return comparedWithPeer({
    ...{ what: `a snapshot of ${(files * bytesPerFile) / 1e6} MB`, ours, unit: 's', better: 'less', atLeast: 1 },
    ...{ against: '`zip -1`', theirs },
  });
}

/** Half of it looks like code, half like weights. */
function content(seed: number): Buffer {
  const bytes = Buffer.alloc(bytesPerFile, `line ${seed} of a file that says the same again and again\n`);
  let state = seed + 1;
  for (let offset = 0; offset < bytesPerFile / 2; offset += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE(state, offset);
  }
  return bytes;
}
