import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../support/commandLine.ts';
import { writeFiles } from '../support/sourceFolder.ts';
import { temporaryWorkspace } from '../support/temporaryStore.ts';

const script = `
import argparse
from azureml.core import Run
parser = argparse.ArgumentParser()
parser.add_argument('--rate', type=float)
parser.add_argument('--table')
args = parser.parse_args()
Run.get_context().log('accuracy', args.rate * len(open(args.table).read()))
`;

const schema = (kind: string) => `$schema: https://azuremlschemas.azureedge.net/latest/${kind}Job.schema.json\n`;

const sweep = `${schema('sweep')}
trial:
  code: src
  command: python train.py --rate \${{search_space.rate}} --table \${{inputs.table}}
inputs:
  table: {type: uri_file, path: my data.csv}
sampling_algorithm: grid
search_space:
  rate: {type: choice, values: [1, 2]}
objective: {primary_metric: accuracy, goal: maximize}
limits: {max_total_trials: 8, max_concurrent_trials: 2}
compute: azureml:cluster
experiment_name: rates
`;

const pipeline = `${schema('pipeline')}
experiment_name: chain
inputs:
  word: first
jobs:
  write:
    command: echo "\${{inputs.word}} line" > \${{outputs.made}}/a.txt
    inputs: {word: "\${{parent.inputs.word}}"}
    outputs: {made: {type: uri_folder}}
  show:
    component: show.yml
    inputs: {made: "\${{parent.jobs.write.outputs.made}}"}
`;

const component = `
inputs: {made: {type: uri_folder}, suffix: {type: string, default: txt}}
command: cat \${{inputs.made}}/a.\${{inputs.suffix}}
`;

interface RunJson {
  readonly id: string;
  readonly status: string;
  readonly experiment: string;
  readonly number: number;
  readonly arguments: readonly string[];
  readonly warnings: readonly unknown[];
  readonly properties: Readonly<Record<string, string>>;
}

async function json<T>(folder: string, ...args: string[]): Promise<T> {
  return JSON.parse((await cli(folder, '-o', 'json', ...args)).stdout) as T;
}

describe.skipIf(process.platform === 'win32')('run submit-job', () => {
  it('runs a sweep job, whose command has the hyperparameters of each trial', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'src/train.py': script, 'my data.csv': '1234', 'sweep.yml': sweep });
    const { code, stdout, stderr } = await cli(folder, 'run', 'submit-job', '-f', 'sweep.yml');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'Warning: The compute target cluster is not defined here: this machine is taken for it.\n',
    });
    expect(stdout).toMatch(/Trial 0 starts: \{"rate":1\}[\s\S]*The best trial is HD_\S+_1: accuracy 8\./);
    const [trial] = await json<RunJson[]>(folder, 'run', 'list', '-e', 'rates', '--last', '1');
    const shown = await json<RunJson>(folder, 'run', 'show', '-r', trial?.id ?? '');
    expect(shown.arguments).toEqual(['--rate', '2', '--table', join(folder, 'my data.csv')]);
  });

  it('runs a pipeline job, whose steps hand files to each other, with inputs from the command line', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'pipeline.yml': pipeline, 'show.yml': component });
    const { id, status } = await json<RunJson>(folder, 'run', 'submit-job', '-f', 'pipeline.yml', '-i', 'word=second');
    expect(status).toBe('Completed');
    const [last] = await json<RunJson[]>(folder, 'run', 'list', '--parent-run-id', id);
    const { stdout } = await cli(folder, 'run', 'monitor-logs', '-r', last?.id ?? '');
    expect(stdout).toContain('second line');
  });

  it('runs a command job', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, {
      'src/train.py': script,
      'table.csv': '12',
      'job.yml': `${schema('command')}
code: src
command: python train.py --rate 2 --table \${{inputs.table}}
inputs: {table: {type: uri_file, path: table.csv}}
`,
    });
    const { status, experiment } = await json<RunJson>(folder, 'run', 'submit-job', '-f', 'job.yml', '-e', 'single');
    expect({ status, experiment }).toEqual({ status: 'Completed', experiment: 'single' });
  });

  it('refuses what cannot be run here, and makes no run', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, {
      'sweep.yml': sweep.replace('my data.csv', 'azureml:table@latest'),
      'pipeline.yml': pipeline,
      'other.yml': 'a: 1\n',
    });
    const submit = (...args: string[]) => cli(folder, 'run', 'submit-job', '-f', ...args);
    expect(await submit('sweep.yml')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'sweep.yml, line 7, column 33: inputs.table.path: azureml:table@latest is not on this',
      ),
    });
    expect((await submit('pipeline.yml')).stderr).toContain('show.yml');
    expect((await submit('other.yml')).stderr).toContain('other.yml is no job of Azure ML');
    expect(await json<RunJson[]>(folder, 'run', 'list')).toEqual([]);
  });
});
