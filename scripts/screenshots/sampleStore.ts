/** A store worth looking at: the example, trained with other arguments again and again, and a model of the best. */
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { captureCommand } from '../support/childProcess.ts';
import { distFolder, exampleFolder } from '../support/paths.ts';
import { TaskError } from '../support/taskError.ts';

export interface SampleStore {
  readonly folder: string;
  /** The run with the highest validation accuracy. */
  readonly best: { readonly id: string; readonly number: number };
  readonly experiment: string;
  readonly model: string;
}

interface ListedRun {
  readonly id: string;
  readonly number: number;
}

const experiment = 'digits';
const model = 'digits-classifier';

/** Names and arguments of each run, oldest first. The last one fails: so does a person's, now and then. */
const submissions: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['slow start', ['--learning-rate', '0.05', '--batch-size', '64']],
  ['baseline', ['--learning-rate', '0.1', '--batch-size', '64']],
  ['faster', ['--learning-rate', '0.3', '--batch-size', '64']],
  ['too fast', ['--learning-rate', '1.0', '--batch-size', '64']],
  ['half batches', ['--learning-rate', '0.1', '--batch-size', '32']],
  ['half batches, faster', ['--learning-rate', '0.3', '--batch-size', '32']],
  ['weight decay', ['--learning-rate', '0.3', '--batch-size', '32', '--l2', '0.001']],
  ['small batches', ['--learning-rate', '0.3', '--batch-size', '16', '--l2', '0.001']],
  ['strong decay', ['--learning-rate', '0.6', '--batch-size', '16', '--l2', '0.01']],
  ['another seed', ['--learning-rate', '0.3', '--batch-size', '16', '--seed', '11']],
  ['no batch at all', ['--learning-rate', '0.3', '--batch-size', '0']],
];

/** Makes the store in `folder`. Every run is really trained, so that takes a minute or two. */
export async function makeSampleStore(folder: string, env: Readonly<Record<string, string>>): Promise<SampleStore> {
  const project = path.join(folder, path.basename(exampleFolder));
  await mkdir(folder, { recursive: true });
  await cp(exampleFolder, project, {
    recursive: true,
    filter: (source) => !['.runledger', '__pycache__', '.azureml'].includes(path.basename(source)),
  });
  const runledger = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await captureCommand(
      process.execPath,
      [path.join(distFolder, 'cli.cjs'), ...args],
      { cwd: project, env },
    );
    if (exitCode !== 0) {
      throw new TaskError(`runledger ${args.join(' ')} ended with ${exitCode}:\n${stdout}${stderr}`);
    }
    return stdout;
  };
  await runledger('workspace', 'create');
  for (const [name, args] of submissions) {
    console.log(`Training “${name}”`);
    const submitted = runledger('run', 'submit-script', '-c', 'local', '-e', experiment, 'train.py', ...args);
    // The one that fails is told by the exit code.
    await submitted.catch((error: unknown) => {
      if (!args.includes('0')) {
        throw error;
      }
    });
    const [newest] = JSON.parse(await runledger('run', 'list', '--max', '1', '-o', 'json')) as ListedRun[];
    await runledger('run', 'update', '-r', newest?.id ?? '', '--display-name', name);
  }
  const [best] = JSON.parse(
    await runledger(
      'run',
      'list',
      '-e',
      experiment,
      '--order-by',
      'metrics."val/accuracy" desc',
      '--max',
      '1',
      '-o',
      'json',
    ),
  ) as ListedRun[];
  if (best === undefined) {
    throw new TaskError('No run of the example has a validation accuracy.');
  }
  for (const [version, stage] of ['trial', 'production'].entries()) {
    await runledger(
      ...['model', 'register', '-n', model, '--asset-path', 'outputs/model.json', '-r', best.id],
      ...['--tag', `stage=${stage}`, '-d', version === 0 ? 'First try' : 'Softmax regression on 8 by 8 pixels'],
    );
  }
  return { folder: project, best, experiment, model };
}
