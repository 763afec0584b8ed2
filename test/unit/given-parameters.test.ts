import { describe, expect, it } from 'vitest';
import { argumentParameters, sameParameter, withGivenParameters } from '../../src/core/domain/givenParameters.ts';
import { newRun, openTestCatalog, temporaryWorkspace } from '../support/temporaryStore.ts';

describe('parameters from a command line', () => {
  it('are options with their values', () => {
    const words = ['data.csv', '--lr', '-0.1', '--sizes', '1', '2', '--amp', '--name=a=b', '-b', '32', '--note', ''];
    expect(argumentParameters(words)).toEqual([
      ['lr', '-0.1'],
      ['sizes', '1 2'],
      ['amp', 'true'],
      ['name', 'a=b'],
      ['b', '32'],
      ['note', ''],
    ]);
    expect(argumentParameters([])).toEqual([]);
  });

  it('are the logged ones, however those are spelled', () => {
    expect(sameParameter('batch-size')).toBe(sameParameter('Batch_Size'));
    expect(sameParameter('batch-size')).not.toBe(sameParameter('batch'));
  });
});

describe('parameters of a run', () => {
  it('are the logged ones first, then what a trial or a command line gives beyond them, as numbers where they are', () => {
    const trial = { number: 0, hyperparameters: { '--lr': 0.01, '--Batch-Size': 64, '--flag': true } };
    const words = ['--lr', '0.5', '--steps', '1e3', '--name', '0x10', '--sizes', '1', '2'];
    expect(withGivenParameters({ batch_size: 32, seed: null }, trial, words)).toEqual([
      ['batch_size', 32],
      ['seed', null],
      ['lr', 0.01],
      ['flag', true],
      ['steps', 1000],
      ['name', '0x10'],
      ['sizes', '1 2'],
    ]);
  });

  it('are found by filters, and are columns of the table of runs', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder, { submission: { arguments: ['--lr', '0.5', '--arch', 'mlp'] } });
    await newRun(folder, { submission: { arguments: ['--lr', '0.25'] } });
    const catalog = await openTestCatalog(folder);
    const { items } = await catalog.find({ filter: 'params.lr > 0.3 and params.arch = mlp', limit: 5 });
    expect(items.map(({ id }) => id)).toEqual([run.runId]);
    expect((await catalog.runColumns('iris')).parameters).toEqual([
      { name: 'arch', runCount: 1 },
      { name: 'lr', runCount: 2 },
    ]);
  });
});
