import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOrchestration } from '../../src/core/orchestration/definition.ts';
import { resumeOrchestrations } from '../../src/core/orchestration/startOrchestrator.ts';
import { activeFolder, activeMarker, entriesOf } from '../../src/core/store/storeLayout.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { filesHolding } from '../support/filesHolding.ts';
import {
  childrenOf,
  cliCommand,
  killOrchestrator,
  newOrchestrationCase,
  recordOf,
} from '../support/orchestratedRun.ts';
import { ended, folderOf, isThere, until } from '../support/submittedRun.ts';
import { openTestCatalog } from '../support/temporaryStore.ts';

/** Logs --lr as the accuracy; one that is to be held waits until the file that it is given is gone. */
const script = `
import argparse, os, time
from azureml.core import Run
parser = argparse.ArgumentParser()
parser.add_argument('--lr', type=float)
parser.add_argument('--hold')
parser.add_argument('--fail', action='store_true')
parser.add_argument('--metric', default='acc')
args = parser.parse_args()
run = Run.get_context()
for i in range(3):
    run.log(args.metric, args.lr * (i + 1))
if args.fail:
    raise ValueError('a script that fails')
while args.hold and os.path.exists(args.hold):
    time.sleep(0.02)
`;

const sweep = (change: object): object => ({
  kind: 'sweep',
  sampling: { type: 'grid', space: { '--lr': ['choice', [[0.1, 0.3, 0.2]]] } },
  primaryMetric: { name: 'acc', goal: 'maximize' },
  maxTotalRuns: 10,
  maxConcurrentRuns: 2,
  ...change,
});

describe('a sweep', () => {
  it('gives a trial its hyperparameters in the order of their names', async () => {
    const printing = 'import sys\nprint(sys.argv[1:])\n';
    const { workspaceFolder, job, submit } = await newOrchestrationCase({ 'train.py': printing });
    const space = { zoom: ['choice', [[2]]], '--rate': ['choice', [[0.5]]], '--Batch': ['choice', [['a b']]] };
    const { runId } = await submit(sweep({ job: job('train.py', '--first'), sampling: { type: 'grid', space } }));
    await ended(workspaceFolder, runId);
    const [child] = await childrenOf(workspaceFolder, runId);
    expect(child?.submission?.arguments).toEqual(['--first', '--Batch', 'a b', '--rate', '0.5', '--zoom', '2']);
  });

  it('tries every point in a child run, and names the best', async () => {
    const { workspaceFolder, job, submit } = await newOrchestrationCase({ 'train.py': script });
    const { runId, status } = await submit(sweep({ job: job('train.py', '--metric', 'acc') }), { tags: { by: 'me' } });
    expect(runId).toMatch(/^HD_[0-9a-f-]{36}$/);
    expect(status).toBe('Running');
    const details = await ended(workspaceFolder, runId);
    expect(details.summary).toMatchObject({ status: 'Completed', type: 'hyperdrive', number: 1 });
    expect(details.tags).toEqual({ by: 'me' });
    expect(details.properties).toMatchObject({
      primary_metric_config: '{"name":"acc","goal":"maximize"}',
      best_child_run_id: `${runId}_1`,
      best_metric_status: 'Succeeded',
      runTemplate: 'HyperDrive',
    });
    expect(Number(details.properties.score)).toBeCloseTo(0.9);

    const children = await childrenOf(workspaceFolder, runId);
    expect(children.map(({ summary }) => summary.id)).toEqual([`${runId}_0`, `${runId}_1`, `${runId}_2`]);
    for (const [number, child] of children.entries()) {
      expect(child.summary).toMatchObject({ status: 'Completed', type: 'azureml.scriptrun', parentId: runId });
      expect(child.snapshot).toEqual(details.snapshot);
      const lr = [0.1, 0.3, 0.2][number];
      expect(child.submission?.arguments).toEqual(['--metric', 'acc', '--lr', String(lr)]);
      expect(await recordOf(child)).toMatchObject({ trial: { number, hyperparameters: { '--lr': lr } } });
    }
    const log = await readFile(join(details.folder, 'artifacts', 'azureml-logs', 'hyperdrive.txt'), 'utf8');
    expect(log).toContain('Trial 1 starts: {"--lr":0.3}.');
    expect(log).toContain(`The best trial is ${runId}_1: acc 0.8999999999999999.`);
    expect(await entriesOf(activeFolder(workspaceFolder))).toEqual([]);
  });

  it('ends by its policy what promises little', async () => {
    const { workspaceFolder, source, job, submit } = await newOrchestrationCase({ 'train.py': script });
    const gate = join(source, 'gate');
    await writeFile(gate, '');
    const { runId } = await submit(
      sweep({
        job: job('train.py', '--hold', gate),
        sampling: { type: 'grid', space: { '--lr': ['choice', [[1, 0.1]]] } },
        policy: { type: 'bandit', slackFactor: 0.5, delayEvaluation: 2 },
      }),
    );
    const catalog = await openTestCatalog(workspaceFolder);
    const isThereYet = await until(catalog, runId, () => true);
    expect(isThereYet.summary.id).toBe(runId);
    // Both wait for the gate: the poor one ends all the same.
    const poor = await childEnded(workspaceFolder, runId, 1);
    expect(poor.summary.status).toBe('Canceled');
    expect(poor.warnings).toEqual([expect.stringMatching(/policy bandit ended this trial at interval [23]/)]);
    await rm(gate);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
    expect((await childrenOf(workspaceFolder, runId)).map(({ summary }) => summary.status)).toEqual([
      'Completed',
      'Canceled',
    ]);
  });

  it('stops where the first trials fail, and says what they said', async () => {
    const { workspaceFolder, job, submit } = await newOrchestrationCase({ 'train.py': script });
    const { runId } = await submit(
      sweep({ job: job('train.py', '--fail'), sampling: { type: 'random', space: { '--lr': ['uniform', [0, 1]] } } }),
    );
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary.status).toBe('Failed');
    expect(summary.failure?.message).toMatch(/first 3 trials.*failed.*a script that fails/);
    expect((await childrenOf(workspaceFolder, runId)).length).toBeLessThanOrEqual(4);
  });

  it('says so where no trial logs the primary metric', async () => {
    const { workspaceFolder, job, submit } = await newOrchestrationCase({ 'train.py': script });
    const { runId } = await submit(sweep({ job: job('train.py', '--metric', 'Accuracy') }));
    const details = await ended(workspaceFolder, runId);
    expect(details.summary.status).toBe('Completed');
    expect(details.warnings).toEqual([expect.stringMatching(/No trial logged.*"acc"; they logged "Accuracy"/)]);
    expect(details.properties.best_metric_status).toBe('Failed');
  });

  it('is canceled with its trials', async () => {
    const { workspaceFolder, source, job, submit } = await newOrchestrationCase({ 'train.py': script });
    const gate = join(source, 'gate');
    await writeFile(gate, '');
    const { runId } = await submit(sweep({ job: job('train.py', '--hold', gate) }));
    const catalog = await openTestCatalog(workspaceFolder);
    await until(catalog, `${runId}_0`, ({ summary }) => summary.status === 'Running').catch(() => undefined);
    await cancelRun(workspaceFolder, runId);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Canceled');
    for (const { summary } of await childrenOf(workspaceFolder, runId)) {
      expect(summary.status).toBe('Canceled');
    }
    // The mark goes after the record that ends the run.
    await expect.poll(() => isThere(activeMarker(workspaceFolder, runId))).toBe(false);
  });

  it('that was killed does not respond, and goes on where it was when it is resumed', async () => {
    const { workspaceFolder, source, job, submit } = await newOrchestrationCase({ 'train.py': script });
    const gate = join(source, 'gate');
    await writeFile(gate, '');
    const { runId } = await submit(sweep({ job: job('train.py', '--hold', gate) }));
    const catalog = await openTestCatalog(workspaceFolder);
    await childLogged(workspaceFolder, runId, 1);
    await killOrchestrator(workspaceFolder, runId);
    expect((await catalog.details(runId)).summary.status).toBe('NotResponding');
    // The source may change meanwhile: the code that was submitted runs.
    await rm(join(source, 'train.py'));
    const resumed = await Promise.all([
      resumeOrchestrations(workspaceFolder, [...cliCommand]),
      resumeOrchestrations(workspaceFolder, [...cliCommand]),
    ]);
    expect(resumed.flat()).toEqual([runId]);
    await rm(gate);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
    const children = await childrenOf(workspaceFolder, runId);
    expect(children.map(({ summary }) => [summary.id, summary.status])).toEqual([
      [`${runId}_0`, 'Completed'],
      [`${runId}_1`, 'Completed'],
      [`${runId}_2`, 'Completed'],
    ]);
    expect(await resumeOrchestrations(workspaceFolder, [...cliCommand])).toEqual([]);
  });

  it('that was killed is canceled with its trials all the same', async () => {
    const { workspaceFolder, source, job, submit } = await newOrchestrationCase({ 'train.py': script });
    const gate = join(source, 'gate');
    await writeFile(gate, '');
    const { runId } = await submit(sweep({ job: job('train.py', '--hold', gate) }));
    await childLogged(workspaceFolder, runId, 1);
    await killOrchestrator(workspaceFolder, runId);
    await cancelRun(workspaceFolder, runId);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Canceled');
    for (const number of [0, 1]) {
      expect((await childEnded(workspaceFolder, runId, number)).summary.status).toBe('Canceled');
    }
  });

  it('is refused, and makes no run, where its script is missing or its definition is wrong', async () => {
    const { workspaceFolder, job, submit } = await newOrchestrationCase({ 'train.py': script });
    await expect(submit(sweep({ job: job('other.py') }))).rejects.toMatchObject({ reason: 'script-not-found' });
    await expect(submit(sweep({ job: job('train.py'), maxTotalRuns: 0 }))).rejects.toMatchObject({
      reason: 'invalid-argument',
    });
    expect(await (await openTestCatalog(workspaceFolder)).experiments()).toEqual([]);
  });
});

/** A trial, once it is there and as it is wanted. */
async function childWhen(
  workspaceFolder: string,
  runId: string,
  number: number,
  isWanted: Parameters<typeof until>[2],
): Promise<Awaited<ReturnType<typeof until>>> {
  const catalog = await openTestCatalog(workspaceFolder);
  const id = `${runId}_${number}`;
  if ((await catalog.run(id)) === undefined) {
    await new Promise<void>((resolve) => {
      const subscription = catalog.onDidChange((change) => {
        if (change.kind === 'runs-added' && change.runIds.includes(id)) {
          subscription.dispose();
          resolve();
        }
      });
    });
  }
  return until(catalog, id, isWanted);
}

const childEnded = (workspaceFolder: string, runId: string, number: number) =>
  childWhen(workspaceFolder, runId, number, ({ summary }) => summary.endTime !== undefined);

const childLogged = (workspaceFolder: string, runId: string, number: number) =>
  childWhen(workspaceFolder, runId, number, ({ metrics }) => metrics.some(({ count }) => count === 3));

describe('a secret among the variables of a sweep', () => {
  it('reaches the trials, and is in no file once the sweep has ended', async () => {
    const secret = 'wert-4711-hemlig';
    const reading = `import os, sys, time\nfrom azureml.core import Run\nassert os.environ["API_TOKEN"][::-1] == "${[...secret].reverse().join('')}"\nassert os.environ["OPEN"] == "1"\n`;
    const { workspaceFolder, job, submit } = await newOrchestrationCase({ 'train.py': reading });
    const made = job('train.py');
    const withSecret = {
      ...made,
      runConfiguration: { ...made.runConfiguration, environmentVariables: { API_TOKEN: secret, OPEN: '1' } },
    };
    const sampling = { type: 'grid', space: { '--lr': ['choice', [[1, 2]]] } };
    const { runId } = await submit(sweep({ job: withSecret, sampling }));
    const stored = join(await folderOf(workspaceFolder, runId), 'orchestration.json');
    expect(await readFile(stored, 'utf8')).toContain('"(hidden)"');
    const { summary, folder } = await ended(workspaceFolder, runId);
    expect(summary.status).toBe('Completed');
    const home = process.env.RUNLEDGER_HOME ?? '';
    for (const place of [join(workspaceFolder, '.runledger'), home]) {
      expect(await filesHolding(secret, place)).toEqual([]);
    }

    const { definition } = await readOrchestration(folder);
    const again = await submit(definition);
    expect(again.warnings).toEqual([expect.stringContaining('so they are not set: API_TOKEN.')]);
    await cancelRun(workspaceFolder, again.runId);
    await ended(workspaceFolder, again.runId);
  });

  it.skipIf(process.platform === 'win32')('is in a file that nobody else reads meanwhile', async () => {
    const { workspaceFolder, job, submit, source } = await newOrchestrationCase({ 'train.py': script, held: '' });
    const held = join(source, 'held');
    const environmentVariables = { API_TOKEN: 'wert-4711-hemlig' };
    const { runId } = await submit(sweep({ job: { ...job('train.py', '--hold', held), environmentVariables } }));
    const file = join(process.env.RUNLEDGER_HOME ?? '', 'secrets', `${runId}.json`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      '["definition","job","environmentVariables","API_TOKEN"]': 'wert-4711-hemlig',
    });
    await rm(held);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
    expect(await isThere(file)).toBe(false);
  });
});
