import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { RunReader } from '../../src/core/store/runReader.ts';
import { captureCommand } from '../support/childProcess.ts';
import { rootFolder, testOutputFolder } from '../support/paths.ts';
import { findPython } from '../support/python.ts';
import { runTask, TaskError } from '../support/taskError.ts';
import { findTrainingLibraries } from '../support/trainingLibraries.ts';

const valuesPerRound = 20_000;
const rounds = 5;
const startRounds = 15;

const firstRun = `
from azureml.core import Experiment, Workspace
run = Experiment(Workspace.from_config(), 'bench').start_logging()
run.log('loss', 1.0)
run.complete()
`;

interface Comparison {
  readonly what: string;
  readonly baseline: string;
  /** Things a second, the median of the rounds. */
  readonly rate: number;
  readonly baselineRate: number;
  /** 1 is as fast as the baseline; more is faster. */
  readonly ratio: number;
}

interface LoggingResult {
  readonly runledger: readonly number[];
  readonly byHand: readonly number[];
  readonly runFolder: string;
  readonly python: string;
}

/** `npm run bench`: each thing against the least that could do it, measured in turns in one process, so that ratios hold. */
await runTask(async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'runledger-bench-'));
  try {
    const logging = await measureLogging(folder);
    const comparisons = [
      compare('run.log from Python', 'json.dumps and os.write', valuesPerRound, logging.runledger, logging.byHand),
      await measureFolding(logging.runFolder),
      ...(await measureStart(folder)),
    ];
    for (const { what, baseline, rate, baselineRate, ratio } of comparisons) {
      console.log(`${what}: ${perSecond(rate)}; ${baseline}: ${perSecond(baselineRate)}; ratio ${ratio.toFixed(2)}`);
    }
    const file = path.join(testOutputFolder, 'bench.json');
    await mkdir(testOutputFolder, { recursive: true });
    const machine = { processors: os.availableParallelism(), platform: process.platform, node: process.version };
    await writeFile(file, `${JSON.stringify({ ...machine, python: logging.python, comparisons }, null, 2)}\n`);
    console.log(`Written to ${path.relative(rootFolder, file)}.`);
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function measureLogging(folder: string): Promise<LoggingResult> {
  const workspace = workspaceIn(folder);
  await mkdir(workspace);
  const program = path.join(rootFolder, 'scripts', 'bench', 'logging_rate.py');
  const result = await captureCommand(findPython(), [program, workspace, String(valuesPerRound), String(rounds)], {
    env: pythonVariables(folder),
  });
  const line = result.stdout.trimEnd().split('\n').at(-1);
  if (result.exitCode !== 0 || line === undefined) {
    throw new TaskError(`The Python part ended with ${result.exitCode}:\n${result.stdout}${result.stderr}`);
  }
  return JSON.parse(line) as LoggingResult;
}

function workspaceIn(folder: string): string {
  return path.join(folder, 'workspace');
}

function pythonVariables(folder: string): Record<string, string | undefined> {
  const python = path.join(rootFolder, 'python');
  return {
    PYTHONPATH: [python, path.join(python, 'compat')].join(path.delimiter),
    // Compiled once, as an installed package is.
    PYTHONPYCACHEPREFIX: path.join(folder, 'compiled'),
    PYTHONDONTWRITEBYTECODE: undefined,
    RUNLEDGER_HOME: path.join(folder, 'home'),
  };
}

/** A script that logs one value in a run of its own, against one that does nothing, and against importing MLflow. */
async function measureStart(folder: string): Promise<Comparison[]> {
  const libraries = await findTrainingLibraries();
  const python = libraries ?? findPython();
  const programs = { firstRun, nothing: 'pass', mlflow: 'import mlflow' };
  const seconds: Record<keyof typeof programs, number[]> = { firstRun: [], nothing: [], mlflow: [] };
  for (let round = 0; round <= startRounds; round += 1) {
    for (const name of Object.keys(programs) as (keyof typeof programs)[]) {
      if (name === 'mlflow' && libraries === undefined) {
        continue;
      }
      const taken = await secondsOf(async () => {
        const result = await captureCommand(python, ['-c', programs[name]], {
          cwd: workspaceIn(folder),
          env: pythonVariables(folder),
        });
        if (result.exitCode !== 0) {
          throw new TaskError(`The script ended with ${result.exitCode}:\n${result.stderr}`);
        }
      });
      if (round > 0) {
        seconds[name].push(taken);
      }
    }
  }
  const what = 'a script with a first run, from start to end';
  const bare = compare(what, 'a script that does nothing', 1, seconds.firstRun, seconds.nothing);
  return libraries === undefined ? [bare] : [bare, compare(what, 'import mlflow', 1, seconds.firstRun, seconds.mlflow)];
}

/** Reading a run with all its metrics, against parsing the same lines and forgetting them. */
async function measureFolding(runFolder: string): Promise<Comparison> {
  const journals = path.join(runFolder, 'journal');
  const files = (await readdir(journals)).map((name) => path.join(journals, name));
  let lineCount = 0;
  const folding: number[] = [];
  const parsing: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const folded = await secondsOf(async () => {
      const reader = await RunReader.open({ folder: runFolder, experimentKey: 'bench', withMetrics: true });
      await reader.refresh();
    });
    const parsed = await secondsOf(async () => {
      lineCount = await parseLines(files);
    });
    // The first round only warms up.
    if (round > 0) {
      folding.push(folded);
      parsing.push(parsed);
    }
  }
  return compare('folding a journal, lines', 'JSON.parse line by line', lineCount, folding, parsing);
}

async function parseLines(files: readonly string[]): Promise<number> {
  let count = 0;
  for (const file of files) {
    for (const line of (await readFile(file, 'utf8')).split('\n')) {
      if (line !== '') {
        JSON.parse(line);
        count += 1;
      }
    }
  }
  return count;
}

async function secondsOf(action: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await action();
  return (performance.now() - started) / 1000;
}

function compare(
  what: string,
  baseline: string,
  count: number,
  seconds: readonly number[],
  baselineSeconds: readonly number[],
): Comparison {
  const rate = count / median(seconds);
  const baselineRate = count / median(baselineSeconds);
  return { what, baseline, rate, baselineRate, ratio: rate / baselineRate };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function perSecond(rate: number): string {
  return rate < 1000 ? `${rate.toFixed(1)}/s` : `${Math.round(rate / 1000).toLocaleString('en')} k/s`;
}
