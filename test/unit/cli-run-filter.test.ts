import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { indexFile } from '../../src/core/run-index/indexDatabase.ts';
import { deleteRun } from '../../src/core/store/trash.ts';
import { cli, json } from '../support/commandLine.ts';
import { newRun, record, temporaryWorkspace } from '../support/temporaryStore.ts';

/** Three runs of two experiments. */
async function workspaceWithRuns() {
  const folder = await temporaryWorkspace();
  const runs = await Promise.all([
    newRun(folder, { runId: 'first', tags: { team: 'vision' } }),
    newRun(folder, { runId: 'second', experiment: 'digits', displayName: 'resnet wide' }),
    newRun(folder, { runId: 'third', experiment: 'digits' }),
  ]);
  for (const [index, run] of runs.entries()) {
    await record(
      folder,
      run,
      { k: 'params', v: { lr: 0.1 ** index } },
      { k: 'metric', n: 'val loss', v: 3 - index },
      { k: 'metric', n: 'loss', v: index },
      { k: 'status', v: index === 2 ? 'Failed' : 'Completed' },
    );
  }
  const ids = async (...args: string[]): Promise<readonly string[]> =>
    (await json<{ id: string }[]>(folder, 'run', 'list', ...args)).map(({ id }) => id);
  return { folder, ids };
}

describe('run list --filter', () => {
  it('finds runs by what they logged, in any order, in all experiments or one', async () => {
    const { folder, ids } = await workspaceWithRuns();
    expect(await ids('--filter', 'metrics.loss < 2 order by metrics.loss')).toEqual(['first', 'second']);
    expect(await ids('--filter', 'metrics.loss < 2', '--order-by', 'metrics.loss desc')).toEqual(['second', 'first']);
    expect(await ids('--order-by', 'metrics."val loss"', '--max', '2')).toEqual(['third', 'second']);
    expect(await ids('--filter', 'params.lr = 0.1 or tags.team = vision order by id')).toEqual(['first', 'second']);
    expect(await ids('--filter', 'metrics.loss >= 0', '-e', 'Digits', '--status', 'failed')).toEqual(['third']);
    expect(await ids('--filter', 'resnet')).toEqual(['second']);
    expect(await ids('--filter', 'created > -1h and not experiment = digits')).toEqual(['first']);
    await deleteRun(folder, 'second');
    expect(await ids('--filter', 'metrics.loss < 2')).toEqual(['first']);
  });

  it('tells how many more there are, and what no run has', async () => {
    const { folder } = await workspaceWithRuns();
    const shown = await cli(folder, 'run', 'list', '--filter', 'metrics.loss >= 0', '--max', '2');
    expect(shown).toMatchObject({ code: 0, stderr: '2 of 3 matching runs; --max shows more.\n' });
    expect(await cli(folder, 'run', 'list', '--filter', 'metrics.los < 2 and params.lr > 9')).toEqual({
      code: 0,
      stdout: 'No runs match.\n',
      stderr: 'No run has a metric "los". Did you mean "loss"?\n',
    });
  });

  it('points at what is wrong', async () => {
    const folder = await temporaryWorkspace();
    expect(await cli(folder, 'run', 'list', '--filter', 'metrics.loss < 1 and statsu = Failed')).toEqual({
      code: 2,
      stdout: '',
      stderr: [
        'runledger: There is no field "statsu". Did you mean "status"?',
        'metrics.loss < 1 and statsu = Failed',
        '                     ^~~~~~',
        '',
      ].join('\n'),
    });
    expect(await cli(folder, 'run', 'list', '--order-by', 'metrics.loss down')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('order by metrics.loss down\n                      ^~~~'),
    });
  });
});

describe('store rebuild-index', () => {
  it('makes the index anew from the files', async () => {
    const { folder, ids } = await workspaceWithRuns();
    expect(await ids('--filter', 'metrics.loss < 1')).toEqual(['first']);
    const index = new DatabaseSync(indexFile(folder));
    index.exec('DELETE FROM run_metrics; DELETE FROM metric_blocks');
    index.close();
    expect(await ids('--filter', 'metrics.loss < 1')).toEqual([]);
    const file = indexFile(folder);
    expect(await json(folder, 'store', 'rebuild-index')).toEqual({ workspace: 'vision', runs: 3, file });
    expect(await ids('--filter', 'metrics.loss < 1')).toEqual(['first']);
  });
});
