import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { listModels } from '../../src/core/models/modelVersions.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { isSshServerMissing } from '../support/backends/sshServer.ts';
import { filesHolding } from '../support/filesHolding.ts';
import { sshCase } from '../support/sshCase.ts';
import { ended, isThere, until } from '../support/submittedRun.ts';
import { openTestCatalog } from '../support/temporaryStore.ts';

/** Goes on until the test makes a file. */
const waiting = `
import os, sys, time
def wait_for(path):
    while not os.path.exists(path):
        time.sleep(0.02)
`;

describe.skipIf(isSshServerMissing)('a compute target of type ssh', () => {
  it('runs the snapshot there, brings home what it writes, and sends code once', async () => {
    const { workspaceFolder, server, submit } = await sshCase({
      'train.py': `
import os, sys
from azureml.core import Run
import helper
run = Run.get_context()
for step in range(3):
    run.log('loss', 1 / (step + 1))
os.makedirs('outputs/deep', exist_ok=True)
with open('outputs/deep/weights.bin', 'wb') as f:
    f.write(bytes(range(256)) * 5000)
open('outputs/empty', 'w').close()
print('from', os.getcwd(), sys.argv[1:], os.environ['LR_SCALE'], helper.name)
`,
      'helper.py': 'name = "helper of " + __file__',
    });
    const first = await submit({ arguments: ['--lr', '0.1'], environmentVariables: { LR_SCALE: '7' } });
    expect(first.status).toBe('Starting');
    const details = await ended(workspaceFolder, first.runId);
    expect(details.summary).toMatchObject({ status: 'Completed' });
    const artifact = (name: string): Promise<Buffer> => readFile(join(details.folder, 'artifacts', name));
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    expect((await artifact('outputs/deep/weights.bin')).equals(Buffer.alloc(256 * 5000, bytes))).toBe(true);
    expect(await artifact('outputs/empty')).toHaveLength(0);
    const log = String(await artifact('logs/std_log.txt'));
    expect(log).toContain(`from ${server.folder}/runs/${first.runId}/`);
    expect(log).toContain(`['--lr', '0.1'] 7 helper of ${server.folder}/runs/`);
    expect(details.metrics.find(({ name }) => name === 'loss')).toMatchObject({ count: 3 });

    const snapshots = await readdir(join(server.folder, 'snapshots'));
    const { ino } = await stat(join(server.folder, 'snapshots', snapshots[0] ?? ''));
    const second = await submit({ environmentVariables: { LR_SCALE: '8' } });
    await ended(workspaceFolder, second.runId);
    expect(await readdir(join(server.folder, 'snapshots'))).toEqual(snapshots);
    expect((await stat(join(server.folder, 'snapshots', snapshots[0] ?? ''))).ino).toBe(ino);
    expect(await readdir(join(server.folder, 'sdk'))).toHaveLength(1);
  });

  it('gives the script the variables of a file, which stay in no file; a container is warned about', async () => {
    const secret = 'wert-4711-hemlig';
    const { workspaceFolder, server, submit } = await sshCase({
      'train.py': `import os\nprint(len(os.environ['GREETING']))\nassert os.environ['GREETING'][::-1] == '${[...secret].reverse().join('')}'\n`,
      '.env': `GREETING=${secret}\n`,
      'boxed.runconfig': 'target: lab\ndocker: {useDocker: true}\nenvironment: {docker: {baseImage: x}}\n',
    });
    const submitted = await submit({ runConfiguration: 'boxed' });
    expect(submitted.warnings).toEqual([
      'The run configuration "boxed" asks for a container; runs on lab go on without.',
    ]);
    const details = await ended(workspaceFolder, submitted.runId);
    expect(details.summary.status).toBe('Completed');
    expect(details.submission?.environmentVariables).toEqual({ GREETING: '(hidden)' });
    for (const folder of [details.folder, server.folder]) {
      expect(await filesHolding(secret, folder)).toEqual([]);
    }
  });

  it('shows what it logs while it goes on', async () => {
    const { workspaceFolder, source, submit } = await sshCase({
      'train.py': `${waiting}
from azureml.core import Run
run = Run.get_context()
print('first line')
run.log('loss', 0.5)
wait_for(sys.argv[1])
print('last line')
`,
    });
    const release = join(source, 'release');
    const { runId } = await submit({ arguments: [release] });
    const catalog = await openTestCatalog(workspaceFolder);
    const details = await until(catalog, runId, ({ summary, metrics }) => {
      return summary.status === 'Running' && metrics.some(({ name }) => name === 'loss');
    });
    const log = join(details.folder, 'artifacts/logs/std_log.txt');
    await vi.waitFor(async () => expect(await readFile(log, 'utf8')).toBe('first line\n'), { timeout: 60_000 });
    await writeFile(release, '');
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
    expect(await readFile(log, 'utf8')).toBe('first line\nlast line\n');
  });

  it('says how a script failed, with its traceback', async () => {
    const { workspaceFolder, submit } = await sshCase({ 'train.py': 'open("data/missing.csv")' });
    const { summary } = await ended(workspaceFolder, (await submit()).runId);
    expect(summary).toMatchObject({ status: 'Failed', failure: { type: 'FileNotFoundError' } });
    expect(summary.failure?.traceback).toContain('data/missing.csv');
  });

  it('brings home the child runs and the models that a script makes there', async () => {
    const { workspaceFolder, server, submit } = await sshCase({
      'train.py': `
import os
from azureml.core import Run
run = Run.get_context()
for fold in range(2):
    with run.child_run(name='fold %d' % fold) as child:
        child.log('accuracy', fold / 2)
os.makedirs('outputs', exist_ok=True)
with open('outputs/model.pkl', 'wb') as f:
    f.write(b'weights')
run.upload_file('model.pkl', 'outputs/model.pkl')
run.register_model('digits', model_path='model.pkl', tags={'kind': 'tree'})
`,
    });
    const { runId } = await submit();
    const details = await ended(workspaceFolder, runId);
    expect(details.summary).toMatchObject({ status: 'Completed', number: 1 });
    const catalog = await openTestCatalog(workspaceFolder);
    const children = await catalog.children(runId);
    expect(children.map((run) => ('status' in run ? `${run.number} ${run.status}` : '')).sort()).toEqual([
      '2 Completed',
      '3 Completed',
    ]);
    const [model] = await listModels(workspaceFolder);
    expect(model).toMatchObject({ name: 'digits', version: 1, runId, tags: { kind: 'tree' } });
    // Nothing of it stays there. That is done when its end is told.
    while ((await readdir(join(server.folder, 'runs'))).length > 0) {
      await delay(20);
    }
  });

  it('is canceled with all its processes, also those that left its group', async () => {
    const { workspaceFolder, source, submit } = await sshCase({
      'train.py': `${waiting}
import signal
from azureml.core import Run
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() != 0:
        os._exit(0)
    open(sys.argv[1], 'w').write(str(os.getpid()))
    time.sleep(600)
wait_for(sys.argv[1])
Run.get_context().log('loss', 1)
time.sleep(600)
`,
    });
    const daemonFile = join(source, 'daemon');
    const { runId } = await submit({ arguments: [daemonFile] });
    const catalog = await openTestCatalog(workspaceFolder);
    await until(catalog, runId, ({ metrics }) => metrics.some(({ name }) => name === 'loss'));
    await cancelRun(workspaceFolder, runId);
    const details = await ended(workspaceFolder, runId);
    expect(details.summary.status).toBe('Canceled');
    expect(details.metrics.map(({ name }) => name)).toContain('loss');
    expect(await isThere(`/proc/${await readFile(daemonFile, 'utf8')}`)).toBe(false);
  });
});
