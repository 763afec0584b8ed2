import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { runCommand } from './childProcess.ts';
import { distFolder, exampleFolder, rootFolder } from './paths.ts';
import { TaskError } from './taskError.ts';

/** What `runledger run submit-script -o json` says about the run, as far as it is shown here. */
export interface ExampleRun {
  readonly id: string;
  readonly number: number;
  readonly experiment: string;
  readonly status: string;
  /** Seconds. */
  readonly duration: number | null;
  readonly metrics: Readonly<
    Record<string, { readonly kind: string; readonly last: string | number | boolean | null; readonly count: number }>
  >;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

const experiment = 'digits';
const script = 'train.py';

/** Submits the example's script with the built command, shows its log, and waits for its end. */
export async function runExample(): Promise<ExampleRun> {
  const command = path.join(distFolder, 'cli.cjs');
  if (!existsSync(path.join(exampleFolder, '.runledger'))) {
    const exitCode = await runCommand(process.execPath, [command, 'workspace', 'create'], { cwd: exampleFolder });
    if (exitCode !== 0) {
      throw new TaskError('The workspace of the example could not be created.');
    }
  }
  const args = ['run', 'submit-script', '-c', 'local', '-e', experiment, '-o', 'json', script];
  console.log(`\n${path.relative(rootFolder, exampleFolder)}$ runledger ${args.join(' ')}`);
  const stdout = await outputOf([command, ...args]);
  const run = JSON.parse(stdout) as ExampleRun;
  if (run.status !== 'Completed') {
    throw new TaskError(`The example's run ${run.id} ended as ${run.status}.`);
  }
  return run;
}

/** What a command of Node prints; its standard error goes to the terminal as it comes. */
async function outputOf(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { cwd: exampleFolder, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (exitCode !== 0) {
    throw new TaskError(`The example could not be run (exit code ${exitCode}). What is printed above says why.`);
  }
  return output;
}

/** The run's summary as lines for the terminal. */
export function summaryOf(run: ExampleRun): string {
  const metrics = Object.entries(run.metrics).filter(([, metric]) => metric.kind === 'metric');
  const lines: (readonly [string, string])[] = [
    ['run', `${run.id} (${run.experiment}, number ${run.number})`],
    ['status', run.status],
    ['duration', run.duration === null ? 'unknown' : `${run.duration.toFixed(1)} s`],
    ...metrics.map(([name, metric]) => [name, formatValue(metric.last)] as const),
    ...run.files.map((file) => ['file', `${file.path} (${file.bytes} bytes)`] as const),
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}

function formatValue(value: string | number | boolean | null): string {
  return typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : String(value);
}
