import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesText, durationText, oneLine, scalarText, tableText } from '../../src/cli/text.ts';
import type { RunDelta } from '../../src/core/catalog/runCatalog.ts';
import { workspaceFile } from '../../src/core/store/storeLayout.ts';
import { cli, cliProgram, json, RunningCommand } from '../support/commandLine.ts';
import { type ProgramResult, repositoryRoot, temporaryFolder, writeFiles } from '../support/sourceFolder.ts';
import { collector, newRun, openTestCatalog, record, temporaryWorkspace } from '../support/temporaryStore.ts';

describe('the command line', () => {
  it('tells its version, from the sources and through a link', async () => {
    const folder = await temporaryFolder();
    const { version } = JSON.parse(await readFile(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string };
    const result = { code: 0, stdout: `${version}\n`, stderr: '' };
    expect(await new RunningCommand(folder, ['--version']).result).toEqual(result);
    const link = join(folder, 'runledger.ts');
    await symlink(cliProgram, link);
    expect(await new RunningCommand(folder, ['--version'], link).result).toEqual(result);
    expect(await new RunningCommand(folder, ['run', 'show']).result).toMatchObject({ code: 2, stdout: '' });
  });

  it.each([
    [[]],
    [['frobnicate']],
    [['run']],
    [['run', 'show']],
    [['run', 'list', '--last', 'many']],
    [['run', 'list', '--status', 'Sleeping']],
    [['run', 'list', '-o', 'xml']],
    [['run', 'list', '--frobnicate']],
  ])('ends with 2 where it is wrong: %j', async (args) => {
    const { code, stdout, stderr } = await cli(await temporaryWorkspace(), ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('has help for every command, with an example, its JSON, and the values that its options can have', async () => {
    // The completion knows all of them.
    const { stdout: script } = await cli(repositoryRoot, 'completion', 'bash');
    const paths = [...script.matchAll(/'runledger ([a-z -]+)'(?=[|)])/g)].map((match) => match[1] ?? '');
    const commands = [...new Set(paths)].filter((path) => !paths.some((other) => other.startsWith(`${path} `)));
    expect(commands).toEqual(expect.arrayContaining(['run list', 'model register', 'folder attach', 'completion']));
    expect(commands.filter((path) => path.startsWith('internal'))).toEqual([]);
    for (const path of ['', ...commands]) {
      const { code, stdout, stderr } = await cli(repositoryRoot, ...path.split(' ').filter(Boolean), '--help');
      expect({ path, code, stderr }).toEqual({ path, code: 0, stderr: '' });
      expect({ path, stdout }).toEqual({ path, stdout: expect.stringMatching(/Example:\n {2}runledger /) });
      // Neither a script for a shell nor the protocol of agents is shown in another way.
      if (!['', 'completion', 'mcp'].includes(path)) {
        expect({ path, stdout }).toEqual({ path, stdout: expect.stringMatching(/JSON .*\(?-o json\)?/) });
      }
    }
  });

  it('says in one line and an advice what is wrong, and ends with 1', async () => {
    const folder = await temporaryFolder();
    const { code, stdout, stderr } = await cli(folder, 'run', 'list');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      `runledger: There is no workspace in ${folder} or above it.`,
      expect.stringContaining('runledger workspace create'),
      '',
    ]);
  });

  it('reads no store of a newer version', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, {
      '.runledger/workspace.json': (await readFile(workspaceFile(folder), 'utf8')).replace(
        '"format": 1',
        '"format": 9',
      ),
    });
    const { code, stderr } = await cli(folder, 'run', 'list');
    expect(code).toBe(1);
    expect(stderr).toMatch(/format 9[\s\S]*Update Runledger/);
  });
});

describe('workspaces and experiments', () => {
  it('lists the workspaces of this machine, and shows that of a folder', async () => {
    const folder = await temporaryWorkspace('vision');
    const shown = await json<{ id: string; name: string; folder: string }>(folder, 'workspace', 'show');
    expect(shown).toMatchObject({ name: 'vision', folder });
    expect(await json<object[]>(folder, 'workspace', 'list')).toContainEqual(shown);
    expect((await new RunningCommand(folder, ['workspace', 'show']).result).stdout).toContain(folder);
    expect((await new RunningCommand(folder, ['workspace', 'list']).result).stdout).toMatch(
      /^Name +Created +Folder\n(.*\n)*vision /,
    );
    expect(await new RunningCommand(await temporaryFolder(), ['workspace', 'show']).result).toMatchObject({ code: 1 });
  });

  it('lists the experiments with their runs', async () => {
    const folder = await temporaryWorkspace();
    expect((await new RunningCommand(folder, ['experiment', 'list']).result).stdout).toContain('submit-script');
    const run = await newRun(folder);
    await newRun(folder, { parentId: run.runId });
    const list = await json<object[]>(folder, 'experiment', 'list');
    expect(list).toEqual([{ name: run.experiment, runCount: 2, lastRunNumber: 2, archivedTime: null, tags: {} }]);
    expect((await new RunningCommand(folder, ['experiment', 'list']).result).stdout).toBe(
      `Experiment  Runs\n${run.experiment.padEnd(10)}  2\n`,
    );
    const children = await json<{ parentId: string }[]>(folder, 'run', 'list', '--parent-run-id', run.runId);
    expect(children.map(({ parentId }) => parentId)).toEqual([run.runId]);
  });
});

describe('options of Azure ML that change nothing here', () => {
  it('are accepted, and are not in the help', async () => {
    const folder = await temporaryFolder();
    const cloud = ['-g', 'group', '--subscription-id', 'id'];
    const create = ['workspace', 'create', '-w', 'vision', '-l', 'eastus2', '--sku', 'basic', '--yes', ...cloud];
    expect(await cli(folder, ...create)).toMatchObject({ code: 0, stderr: '' });
    expect(await cli(folder, 'workspace', 'list', ...cloud)).toMatchObject({ code: 0, stderr: '' });
    for (const verb of ['show', 'cancel', 'monitor-logs', 'update', 'download-logs']) {
      const more = { update: ['--add-tag', 'a=b'], 'download-logs': ['-d', 'logs'] }[verb] ?? [];
      const { code, stderr } = await cli(folder, 'run', verb, '-r', 'absent', '-e', 'any', ...cloud, ...more);
      expect({ verb, code, stderr }).toEqual({ verb, code: 1, stderr: expect.stringContaining('no run absent') });
    }
    await writeFiles(folder, { 'model.pkl': 'x' });
    const forService = ['--cc', '1', '--gb', '0.5', '--gc', '0', '--experiment-name', 'any'];
    expect(await cli(folder, 'model', 'register', '-n', 'm', '-p', 'model.pkl', ...forService)).toMatchObject({
      code: 0,
    });
    expect((await cli(folder, 'run', 'show', '--help')).stdout).not.toContain('experiment-name');
  });
});

describe('workspace create', () => {
  it('makes a workspace that runs find from below', async () => {
    // For the registry of workspaces, which is not this test's.
    await temporaryWorkspace();
    const folder = await temporaryFolder();
    const made = await json<{ name: string; folder: string; id: string }>(
      folder,
      'workspace',
      'create',
      '-w',
      'vision',
    );
    expect(made).toMatchObject({ name: 'vision', folder });
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    expect(await json(join(folder, 'a', 'b'), 'run', 'list')).toEqual([]);
    expect((await cli(folder, 'run', 'list', '--path', 'a')).stdout).toBe('No runs.\n');
    const again = await cli(folder, 'workspace', 'create');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('already holds') });
    await writeFiles(folder, { file: '' });
    expect(await cli(folder, 'workspace', 'create', '--path', 'file')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('runledger: '),
    });
  });
});

interface RunOutput {
  readonly id: string;
  readonly number: number;
  readonly status: string;
  readonly [key: string]: unknown;
}

const trainScript = `
import sys
from azureml.core import Run
run = Run.get_context()
for step in range(3):
    run.log('loss', 1 / (step + 1))
run.log('bad', float('nan'))
run.tag('kind', 'test')
print('arguments', sys.argv[1:], flush=True)
if '--fail' in sys.argv:
    raise ValueError('no luck')
`;

describe('run submit-script', () => {
  it('shows what the script prints, waits, and passes on what follows the script', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'train.py': trainScript });
    const { code, stdout, stderr } = await cli(
      folder,
      'run',
      'submit-script',
      '-e',
      'Iris',
      'train.py',
      '--async',
      '-o',
      'x',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^Run Iris_\d+_[0-9a-f]{8} \(Iris, number 1\)\narguments \['--async', '-o', 'x'\]\nCompleted after \d+\.\d s\.\n$/,
    );

    const [listed] = await json<RunOutput[]>(folder, 'run', 'list', '-e', 'iris');
    const shown = await json<RunOutput>(folder, 'run', 'show', '-r', listed?.id ?? '');
    expect(shown).toMatchObject({
      ...listed,
      number: 1,
      experiment: 'Iris',
      status: 'Completed',
      exitCode: 0,
      failure: null,
      arguments: ['--async', '-o', 'x'],
      runConfiguration: 'local',
      sourceDirectory: folder,
      metrics: {
        loss: { kind: 'metric', last: 1 / 3, min: 1 / 3, max: 1, count: 3 },
        bad: { kind: 'metric', last: 'NaN', min: null, max: null, count: 1 },
      },
      tags: { kind: 'test' },
      parameters: {},
      files: expect.arrayContaining([{ path: 'logs/std_log.txt', bytes: 33 }]),
    });
    expect(new Date(shown.createdTime as string).toISOString()).toBe(shown.createdTime);
    expect(shown.duration).toBeGreaterThan(0);
    const table = (await cli(folder, 'run', 'show', '-r', shown.id)).stdout;
    expect(table).toMatch(/Status +Completed, exit code 0\n/);
    expect(table).toMatch(/loss +0\.333333 +0\.333333 +1 +3\n/);
  });

  it('ends with 1 where the run failed, and keeps the JSON apart from the log', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'src/train.py': trainScript });
    const { result } = new RunningCommand(folder, [
      '-o',
      'json',
      'run',
      'submit-script',
      join('src', 'train.py'),
      '--fail',
    ]);
    const { code, stdout, stderr } = await result;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'Failed',
      exitCode: 1,
      script: 'src/train.py',
      failure: { type: 'ValueError', message: 'no luck' },
    });
    expect(stderr).toContain("arguments ['--fail']");
    expect(stderr).toContain('Failure: ValueError: no luck');
  });

  it('takes a run configuration, its script, and a source folder', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, {
      'code/main.py': trainScript,
      '.azureml/here.runconfig': 'script: main.py\narguments: [configured]\nnodeCount: 2\n',
    });
    const result = await cli(folder, 'run', 'submit-script', '-c', 'here', '-e', 'x', '--source-directory', 'code');
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("arguments ['configured']") });
    expect(result.stderr).toMatch(/^Warning: .*nodeCount/);
    const named = await cli(
      folder,
      'run',
      'submit-script',
      '-c',
      'here',
      '--source-directory',
      'code',
      'main.py',
      'given',
    );
    expect(named).toMatchObject({ code: 0, stdout: expect.stringContaining("(code, number 1)\narguments ['given']") });
  });

  it('says what is wrong with what was given', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'train.py': 'x = (\n', 'bad.runconfig': 'a: b\nc: [\n' });
    const submit = (...args: string[]): Promise<ProgramResult> => cli(folder, 'run', 'submit-script', ...args);
    expect(await submit()).toMatchObject({ code: 2, stderr: expect.stringContaining('name the script') });
    expect(await submit('none.py')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(join(folder, 'none.py')),
    });
    expect(await submit('train.py')).toMatchObject({ code: 1, stderr: expect.stringContaining('train.py, line 1') });
    expect(await submit('-c', 'bad', 'train.py')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/bad\.runconfig, line \d/),
    });
    const python = await submit('--python', './no-python', 'train.py');
    expect(python).toMatchObject({ code: 1, stderr: expect.stringContaining(join(folder, 'no-python')) });
    expect(await json(folder, 'run', 'list')).toEqual([]);
  });

  it('leaves the run alone at Ctrl+C, and cancels it when asked to', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'train.py': "import time\nprint('started', flush=True)\ntime.sleep(60)\n" });
    const watching = new RunningCommand(folder, ['run', 'submit-script', 'train.py']);
    await watching.printed('started');
    watching.child.kill('SIGINT');
    const { code, stderr } = await watching.result;
    expect(code).toBe(130);
    const id = /runledger run cancel -r (\S+)/.exec(stderr)?.[1] ?? '';
    expect((await json<RunOutput>(folder, 'run', 'show', '-r', id)).status).toBe('Running');

    expect(await cancelAndWait(folder, id)).toMatchObject({ code: 0, stdout: expect.stringMatching(`^${id}: Cancel`) });
    const again = await cli(folder, 'run', 'cancel', '-r', id);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('has ended (Canceled)') });
  });

  it('does not wait with --async', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'train.py': 'import time\ntime.sleep(60)\n' });
    const { code, stdout } = await cli(folder, 'run', 'submit-script', '--async', '-o', 'json', 'train.py');
    expect(code).toBe(0);
    const started = JSON.parse(stdout) as RunOutput;
    expect(started).toMatchObject({ number: 1, status: 'Starting', warnings: [] });
    await cancelAndWait(folder, started.id);
  });
});

/** A script that outlives its test would look for its run in a folder that is gone. */
async function cancelAndWait(folder: string, id: string): Promise<ProgramResult> {
  const catalog = await openTestCatalog(folder);
  const deltas = collector<RunDelta>((listener) => catalog.follow(id, listener));
  const answer = await cli(folder, 'run', 'cancel', '-r', id);
  for (;;) {
    // Counted before the reading: what comes meanwhile may tell what was read too early.
    const seen = deltas.values.length;
    if ((await catalog.details(id)).summary.status === 'Canceled') {
      return answer;
    }
    await deltas.until((values) => values.length > seen);
  }
}

describe('run list', () => {
  it('shows the newest of all experiments, of one, or in one state', async () => {
    const folder = await temporaryWorkspace();
    for (let index = 0; index < 4; index++) {
      const run = await newRun(folder, { experiment: index % 2 === 0 ? 'Even' : 'odd' });
      await record(folder, run, {
        k: 'status',
        v: index < 2 ? 'Completed' : 'Failed',
        error: { message: 'x\n\u001b[31my' },
      });
    }
    await writeFiles(folder, {
      '.runledger/experiments/odd/runs/odd_1_00000000/run.json': '{',
      '.runledger/experiments/odd/numbers/3': 'odd_1_00000000',
    });
    const pick = async (...args: string[]): Promise<string[]> =>
      (await json<RunOutput[]>(folder, 'run', 'list', ...args)).map(
        (run) => `${run.experiment} ${run.number ?? run.status}`,
      );
    expect(await pick()).toEqual(['odd 2', 'Even 2', 'odd 1', 'Even 1', 'odd Unreadable']);
    expect(await pick('--last', '2')).toEqual(['odd 2', 'Even 2']);
    expect(await pick('-e', 'EVEN')).toEqual(['Even 2', 'Even 1']);
    expect(await pick('--status', 'completed', '--last', '1')).toEqual(['odd 1']);
    const { stdout } = await cli(folder, 'run', 'list');
    expect(stdout.split('\n')[0]).toBe('Experiment  No.  Status      Created              Duration  Run');
    const unknown = await cli(folder, 'run', 'list', '-e', 'nobody');
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('There are: Even, odd.') });
    expect(await cli(folder, 'run', 'show', '-r', 'odd_1_00000000')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('run.json'),
    });
  });
});

it('text for the terminal is short, and steers nothing', () => {
  expect([0.04, 9.94, 9.96, 59.4, 61, 3599.6, 4320].map(durationText)).toEqual([
    '0.0 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 min 01 s',
    '1 h 00 min',
    '1 h 12 min',
  ]);
  expect([0, 999, 1000, 9949, 23_000_000].map(bytesText)).toEqual(['0 B', '999 B', '1.0 kB', '9.9 kB', '23 MB']);
  expect([1 / 3, 12, 1e300, Number.NaN, true, 'a\nb', null].map(scalarText)).toEqual([
    '0.333333',
    '12',
    '1e+300',
    'NaN',
    'true',
    'a b',
    '',
  ]);
  expect(oneLine('a\t\u001b[31mred\r\n  next\u0007')).toBe('a �[31mred next�');
  expect(tableText(['A', 'Long'], [['xyz', 'b']])).toBe('A    Long\nxyz  b');
});
