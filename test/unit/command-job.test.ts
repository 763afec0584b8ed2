import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseCommandJob } from '../../src/core/jobs/commandJob.ts';
import { runConfigurationText } from '../../src/core/jobs/jobRunConfiguration.ts';
import { readCommandJob } from '../../src/core/jobs/readCommandJob.ts';
import { parseRunConfiguration } from '../../src/core/run-configurations/runConfigurationFile.ts';
import { sourceFolder } from '../support/sourceFolder.ts';

const parse = (text: string) => parseCommandJob(text, '/jobs/job.yml', 'job.yml', []);

describe('a command job of Azure ML', () => {
  it('has values and paths put into its command', () => {
    const text = `command: >-
  python train.py --lr \${{inputs.lr}} --data \${{ inputs.table }}
inputs:
  lr: 0.10
  table: {type: uri_folder, path: ./my data}
`;
    expect(parse(text).runnable).toEqual({
      script: 'train.py',
      arguments: ['--lr', '0.1', '--data', '/jobs/my data'],
    });
  });

  it('has paths of a line for the shell in quotes once', () => {
    const inputs = 'inputs:\n  table: {path: ./my data}\n';
    const lineOf = (command: string) => parse(`command: ${JSON.stringify(command)}\n${inputs}`).runnable;
    expect(lineOf(`cat \${{inputs.table}} | wc`)).toEqual({ command: 'cat "/jobs/my data" | wc' });
    expect(lineOf(`cat "\${{inputs.table}}/a.csv" | wc`)).toEqual({ command: 'cat "/jobs/my data/a.csv" | wc' });
    expect(lineOf(`cp \${{inputs.table}} \${{outputs.copy}}`)).toEqual({
      command: 'mkdir -p outputs/copy\ncp "/jobs/my data" outputs/copy',
    });
  });

  it('has paths of a line for the shell that are what they are, whatever characters they have', async () => {
    const path = `/jobs/it's $HOME "\`x\`" \\n`;
    const inputs = `inputs: {table: {path: ${JSON.stringify(path)}}}\n`;
    for (const word of [`\${{inputs.table}}`, `"\${{inputs.table}}"`, `'\${{inputs.table}}'`]) {
      const { runnable } = parse(`command: ${JSON.stringify(`printf %s ${word} | cat`)}\n${inputs}`);
      const { stdout } = await promisify(execFile)('sh', ['-c', 'command' in runnable ? runnable.command : '']);
      expect(stdout).toBe(path);
    }
  });

  it.each([
    [`command: echo \${{inputs.none}}\n`, `nothing stands for \${{inputs.none}}`],
    [
      `command: cat \${{inputs.a}}\ninputs: {a: {path: "https://example.com/a.csv"}}\n`,
      'its input "a" is https://example.com/a.csv',
    ],
    ['command: ls\ncode: azureml://code\n', 'its code is azureml://code'],
    ['code: src\n', 'command: is missing'],
  ])('that cannot be run here says why: %j', (text, reason) => {
    expect(() => parse(text)).toThrow(reason);
  });

  it('is a script with arguments, where it needs no shell', async () => {
    const read = async (command: string) =>
      parseRunConfiguration(await runConfigurationText(parse(`command: ${command}\n`)), {
        name: 'job',
        path: undefined,
        label: '',
      });
    expect(await read('python src/train.py --epochs 3')).toMatchObject({
      script: 'src/train.py',
      arguments: ['--epochs', '3'],
    });
    expect((await read('python a.py && python b.py')).script).toBeUndefined();
    expect((await read('python a.py && python b.py')).command?.at(-1)).toBe('python a.py && python b.py');
  });

  it('keeps its processes, its variables, its packages and its time', async () => {
    const text = `command: python train.py
environment: {image: a, conda_file: {dependencies: [python=3.11]}}
environment_variables: {MODE: fast, EMPTY: null}
distribution: {type: pytorch, process_count_per_instance: 2}
resources: {instance_count: 2}
limits: {timeout: 60}
`;
    const read = parseRunConfiguration(await runConfigurationText(parse(text)), {
      name: 'job',
      path: undefined,
      label: '',
    });
    expect(read).toMatchObject({
      distribution: { kind: 'pytorch', processes: 4 },
      environmentVariables: { MODE: 'fast', EMPTY: '' },
      dependencies: { kind: 'inline', dependencies: { conda: ['python=3.11'] } },
      maxRunDurationSeconds: 60,
    });
  });

  it.skipIf(process.platform === 'win32')('makes folders for what it writes', async () => {
    const folder = await sourceFolder({
      'job.yml': `command: echo hello > \${{outputs.greeting}}/hello.txt && cat \${{outputs.greeting}}/hello.txt\n`,
    });
    const { runConfiguration, job } = await readCommandJob(join(folder, 'job.yml'), folder);
    expect(job.sourceDirectory).toBe(folder);
    const [program = '', ...words] = runConfiguration.command ?? [];
    const { stdout } = await promisify(execFile)(program, words, { cwd: folder });
    expect(stdout).toBe('hello\n');
  });
});
