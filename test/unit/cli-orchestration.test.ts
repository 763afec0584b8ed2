import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../support/commandLine.ts';
import { killOrchestrator } from '../support/orchestratedRun.ts';
import { writeFiles } from '../support/sourceFolder.ts';
import { ended } from '../support/submittedRun.ts';
import { temporaryWorkspace } from '../support/temporaryStore.ts';

const script = `
import argparse, os, time
from azureml.core import Run
parser = argparse.ArgumentParser()
parser.add_argument('--lr', type=float)
parser.add_argument('--epochs', type=int, default=1)
parser.add_argument('--hold')
args = parser.parse_args()
run = Run.get_context()
for epoch in range(args.epochs):
    run.log('Accuracy', args.lr * (epoch + 1))
while args.hold and os.path.exists(args.hold):
    time.sleep(0.02)
`;

const sweep = `
sampling:
  type: grid
  parameter_space:
  - {name: --lr, expression: choice, values: [0.1, 0.2]}
primary_metric_name: Accuracy
primary_metric_goal: Maximize
max_total_runs: 8
max_concurrent_runs: 2
`;

interface RunJson {
  readonly id: string;
  readonly status: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly arguments: readonly string[];
}

/** What a command answers as JSON; what goes on, it tells apart from that. */
async function json<T>(folder: string, ...args: string[]): Promise<T> {
  return JSON.parse((await cli(folder, '-o', 'json', ...args)).stdout) as T;
}

describe('run submit-hyperdrive', () => {
  it('tries what the file says, shows what goes on, and names the best', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'train.py': script, '.azureml/hd.yml': sweep });
    const named = ['run', 'submit-hyperdrive', '--hyperdrive-configuration-name', 'hd', '-e', 'sw'];
    const { code, stdout, stderr } = await cli(folder, ...named, 'train.py', '--epochs', '3');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^Run HD_\S+ \(sw, number 1\)\n[\s\S]*Trial 0 starts: \{"--lr":0\.1\}[\s\S]*The best trial is HD_\S+_1[\s\S]*Completed/,
    );
    const [newest] = await json<RunJson[]>(folder, 'run', 'list', '-e', 'sw', '--last', '1');
    const id = newest?.id.replace(/_\d+$/, '') ?? '';
    const shown = await json<RunJson>(folder, 'run', 'show', '-r', id);
    expect(shown).toMatchObject({ status: 'Completed', properties: { best_child_run_id: `${id}_1` } });
    const trials = await json<RunJson[]>(folder, 'run', 'list', '--parent-run-id', id);
    expect(trials.map((trial) => trial.id)).toEqual([`${id}_1`, `${id}_0`]);
    const trial = await json<RunJson>(folder, 'run', 'show', '-r', `${id}_1`);
    expect(trial.arguments).toEqual(['--epochs', '3', '--lr', '0.2']);
  });

  it('of a sweep whose process was killed, any command goes on with it', async () => {
    const folder = await temporaryWorkspace();
    const gate = join(folder, 'gate');
    await writeFiles(folder, { 'train.py': script, 'hd.yml': sweep, gate: '' });
    const named = ['run', 'submit-hyperdrive', '--hyperdrive-configuration-name', 'hd.yml', '-e', 'iris', '--async'];
    const { id } = await json<RunJson>(folder, ...named, 'train.py', '--hold', gate);
    await killOrchestrator(folder, id);
    await cli(folder, 'run', 'list');
    await rm(gate);
    expect((await ended(folder, id)).summary.status).toBe('Completed');
  });

  it('says where the file is looked for, and what is wrong in it', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'train.py': script, 'bad.yml': sweep.replace('grid', 'guess') });
    const named = ['run', 'submit-hyperdrive', '-e', 'sw', '--hyperdrive-configuration-name'];
    const missing = await cli(folder, ...named, 'hd', 'train.py');
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain(`There is no sweep configuration "hd".\nIt is looked for in ${folder}`);
    const wrong = await cli(folder, ...named, 'bad', 'train.py');
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toContain('bad.yml, line 3, column 9: sampling.type: must be random, grid or bayesian.');
  });
});

describe('run submit-pipeline', () => {
  const files = {
    'steps/a.py':
      "import os\nopen(os.environ['AZUREML_DATAREFERENCE_Out'], 'w').write('rounds ' + os.environ['AML_PARAMETER_ROUNDS'])\n",
    'steps/b.py': 'import sys\nprint(open(sys.argv[1]).read())\n',
    'pipe.yml': `
pipeline:
  name: Two steps
  parameters: {Rounds: {type: int, default: 3}}
  steps:
    A:
      type: PythonScriptStep
      script_name: a.py
      source_directory: steps
      parameters: {ROUNDS: {source: Rounds}}
      outputs: {Out: {destination: first}}
    B: {type: PythonScriptStep, script_name: b.py, source_directory: steps, arguments: ["input:In"], inputs: {In: {source: first}}}
`,
  };

  it('runs the steps of a file, with parameters from the command line, and reuses them', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, files);
    const submit = (...more: string[]) => json<RunJson>(folder, 'run', 'submit-pipeline', '-y', 'pipe.yml', ...more);
    const { id, status } = await submit('-p', 'Rounds=7');
    expect(status).toBe('Completed');
    const [last] = await json<RunJson[]>(folder, 'run', 'list', '--parent-run-id', id);
    const logs = join(folder, 'logs');
    await cli(folder, 'run', 'download-logs', '-r', last?.id ?? '', '-d', logs);
    const { stdout } = await cli(folder, 'run', 'monitor-logs', '-r', last?.id ?? '');
    expect(stdout).toContain('rounds 7');

    const again = await submit('-p', 'Rounds=7');
    const steps = await json<RunJson[]>(folder, 'run', 'list', '--parent-run-id', again.id);
    const shown = await Promise.all(steps.map((step) => json<RunJson>(folder, 'run', 'show', '-r', step.id)));
    expect(shown.map(({ properties }) => properties['azureml.isreused'])).toEqual(['true', 'true']);
  });

  it('refuses a parameter, a step and a file that are not there', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, files);
    const submit = (...more: string[]) => cli(folder, 'run', 'submit-pipeline', ...more);
    expect(await submit('-y', 'pipe.yml', '-p', 'Rond=7')).toMatchObject({
      code: 1,
      stderr: 'runledger: pipe.yml: it has no parameter "Rond".\nIts parameters: Rounds.\n',
    });
    expect(await submit('-y', 'pipe.yml', '-p', 'Rounds')).toMatchObject({ code: 2, stdout: '' });
    expect((await submit('-y', 'other.yml')).stderr).toContain('other.yml does not exist');
    await writeFile(join(folder, 'steps', 'a.py'), 'this is no Python\n');
    expect((await submit('-y', 'pipe.yml')).stderr).toMatch(/a\.py.*line 1/);
    expect(await json<RunJson[]>(folder, 'run', 'list')).toEqual([]);
  });
});
