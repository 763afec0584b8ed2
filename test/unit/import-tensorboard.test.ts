import { appendFile, cp, mkdir, open, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { annotateRun } from '../../src/core/store/runAnnotations.ts';
import type { ImportResult } from '../../src/core/transfer/importResult.ts';
import { importTensorboard } from '../../src/core/transfer/tensorboard/importTensorboard.ts';
import { readTfRecords } from '../../src/core/transfer/tensorboard/tfRecords.ts';
import { cli, json } from '../support/commandLine.ts';
import { pythonRunView, runView } from '../support/runView.ts';
import { repositoryRoot } from '../support/sourceFolder.ts';
import { openTestCatalog, temporaryFolder, temporaryWorkspace } from '../support/temporaryStore.ts';

/** Written by TensorBoard and tensorboardX themselves: make_fixtures.py beside it. */
const fixture = join(repositoryRoot, 'test', 'fixtures', 'tensorboard', 'logs');

interface View {
  readonly status: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  readonly problems: number;
}

function imported(workspaceFolder: string, folder: string, experiment?: string): Promise<ImportResult> {
  return importTensorboard({
    workspaceFolder,
    folder,
    createdBy: 'test/1',
    ...(experiment !== undefined && { experiment }),
  });
}

/** The folder of a run by its name. */
async function runFolderOf(workspaceFolder: string, result: ImportResult, name: string): Promise<string> {
  const catalog = await openTestCatalog(workspaceFolder);
  for (const { id } of result.runs) {
    const { summary, folder } = await catalog.details(id);
    if (summary.displayName === name) {
      return folder;
    }
  }
  throw new Error(`There is no run ${name}.`);
}

async function eventFile(folder: string): Promise<string> {
  const names = await readdir(folder);
  return join(folder, names.find((name) => name.includes('tfevents')) ?? '');
}

describe("TensorBoard's files", () => {
  it('in its first form are a run that both readers see the same', async () => {
    const workspace = await temporaryWorkspace();
    const result = await imported(workspace, fixture);
    expect(result.runs.map(({ number, experiment, action }) => [number, experiment, action])).toEqual([
      [1, 'logs', 'imported'],
      [2, 'logs', 'imported'],
    ]);
    const folder = await runFolderOf(workspace, result, '2025/baseline');
    const view = (await runView(folder)) as View;
    expect(await pythonRunView(folder)).toEqual(view);
    expect(view).toMatchObject({ status: 'Completed', problems: 0, parameters: { lr: 0.1, batch: 32, net: 'deep' } });
    expect(view.metrics['loss/train']).toEqual({
      kind: 'metric',
      points: [
        [0, 1, 1763674400],
        [1, 0.5, 1763674401],
        [2, Math.fround(1 / 3), 1763674402],
        [3, 0.25, 1763674403],
        [4, Math.fround(0.2), 1763674404],
        [5, { $float: 'NaN' }, 1763674405],
        [6, { $float: 'Infinity' }, 1763674406],
      ],
    });
    expect(Object.keys(view.metrics)).toContain('精度');
    expect(view.metrics['notes/text_summary']).toEqual({
      kind: 'metric',
      points: [[1, 'learning **rate** is\nlow', 1763674402]],
    });
    expect(view.metrics.weights).toMatchObject({
      kind: 'row',
      columns: { step: [3], count: [4], minimum: [0], maximum: [2], mean: [1] },
    });
    expect(view.metrics['samples/first']).toEqual({
      kind: 'image',
      images: [{ path: 'images/samples/first/2.png', step: 2 }],
    });
    const image = await readFile(join(folder, 'artifacts', 'images', 'samples', 'first', '2.png'));
    expect(image.subarray(1, 4).toString()).toBe('PNG');
    expect(view.warnings).toEqual([
      expect.stringContaining('buckets of histograms'),
      'Not imported: what the plugin "pr_curves" shows (curve).',
    ]);
    expect(result.notes).toContain('2025/baseline: Not imported: what the plugin "pr_curves" shows (curve).');
  });

  it("in TensorFlow 2's form are too", async () => {
    const workspace = await temporaryWorkspace();
    const result = await imported(workspace, fixture, 'Digits 2');
    const folder = await runFolderOf(workspace, result, 'tf2');
    const view = (await runView(folder)) as View;
    expect(await pythonRunView(folder)).toEqual(view);
    expect(view).toMatchObject({
      startTime: 1763674500,
      endTime: 1763674502,
      parameters: { optimizer: 'adam', dropout: 0.25, bias: true },
    });
    expect(view.metrics.epoch_loss).toEqual({
      kind: 'metric',
      points: [
        [0, 2, 1763674500],
        [1, 1.5, 1763674501],
        [2, 1, 1763674502],
      ],
    });
    expect(view.metrics.summary).toEqual({ kind: 'metric', points: [[0, 'a | b\nc | d', 1763674501]] });
    expect(view.metrics.input).toEqual({
      kind: 'image',
      images: [
        { path: 'images/input/1.png', step: 1 },
        { path: 'images/input/1_2.png', step: 1 },
      ],
    });
    expect(view.metrics.kernel).toMatchObject({ kind: 'row', columns: { step: [2], count: [4] } });
  });

  it('are imported once, wherever they lie, and read again when they have grown', async () => {
    const workspace = await temporaryWorkspace();
    const logs = join(await temporaryFolder(), 'logs');
    await cp(fixture, logs, { recursive: true });
    const source = await eventFile(join(logs, 'tf2'));
    const whole = await readFile(source);
    await truncate(source, whole.length - 200);
    const first = await imported(workspace, logs);
    const id = first.runs.at(-1)?.id ?? '';
    await annotateRun(workspace, id, { addTags: { best: 'yes' }, displayName: 'mine' }, 'test');
    const catalog = await openTestCatalog(workspace);
    expect((await catalog.details(id)).warnings.join()).toContain('ends within an event');

    const again = await imported(workspace, logs);
    expect(again.runs).toEqual([]);
    expect(again.skipped).toHaveLength(2);
    const moved = join(await temporaryFolder(), 'logs');
    await cp(logs, moved, { recursive: true });
    expect((await imported(workspace, moved)).runs).toEqual([]);

    await writeFile(source, whole);
    const { runs, skipped } = await imported(workspace, logs);
    expect(runs).toEqual([{ id, number: 2, experiment: 'logs', action: 'updated' }]);
    expect(skipped).toHaveLength(1);
    const details = await catalog.details(id);
    expect(details.warnings.join()).not.toContain('ends within an event');
    expect(details).toMatchObject({ tags: { best: 'yes' }, summary: { displayName: 'mine', number: 2 } });
    expect(details.metrics.find(({ name }) => name === 'epoch_loss')?.count).toBe(3);
  });

  it('that are cut off at any byte, or damaged, are read up to there', async () => {
    const source = await eventFile(join(fixture, 'tf2'));
    const whole = await readFile(source);
    const file = join(await temporaryFolder(), 'events.out.tfevents.1.host');
    const read = async (): Promise<[number, string]> => {
      const records = readTfRecords(file);
      for (let count = 0; ; count++) {
        const { done, value } = await records.next();
        if (done === true) {
          return [count, value];
        }
      }
    };
    let last = 0;
    for (let length = 0; length <= whole.length; length += 13) {
      await writeFile(file, whole.subarray(0, length));
      const [count, end] = await read();
      expect(end).toMatch(/complete|cut/);
      expect(count).toBeGreaterThanOrEqual(last);
      last = count;
    }
    await writeFile(file, whole);
    expect(await read()).toEqual([8, 'complete']);
    const handle = await open(file, 'r+');
    await handle.write(Buffer.from([0xff]), 0, 1, 200);
    await handle.close();
    expect((await read())[1]).toBe('damaged');
    const workspace = await temporaryWorkspace();
    const { notes } = await imported(workspace, file);
    expect(notes.join()).toContain('is damaged, and is imported up to there');
  });

  it('of nothing, of garbage and of links are told of', async () => {
    const workspace = await temporaryWorkspace();
    const folder = await temporaryFolder();
    await expect(imported(workspace, folder)).rejects.toMatchObject({ reason: 'not-found' });
    await expect(imported(workspace, join(folder, 'missing'))).rejects.toMatchObject({ reason: 'not-found' });
    await mkdir(join(folder, 'empty'));
    await writeFile(join(folder, 'empty', 'events.out.tfevents.1.host'), '');
    await writeFile(join(folder, 'events.out.tfevents.1.host'), 'hello, this is not what it should be');
    await symlink('/etc', join(folder, 'link'));
    const result = await imported(workspace, folder);
    expect(result.runs).toEqual([]);
    expect(result.skipped.map(({ reason }) => reason)).toEqual([
      'Its files hold no events.',
      'Its files hold no events.',
    ]);
    expect(result.notes).toEqual(['link is a link, and was not followed.']);
  });

  it('can be stopped between runs, of which each is whole', async () => {
    const workspace = await temporaryWorkspace();
    const abort = new AbortController();
    const importing = importTensorboard({
      workspaceFolder: workspace,
      folder: fixture,
      createdBy: 'test/1',
      signal: abort.signal,
      onProgress: (_message, fraction) => fraction > 0.5 && abort.abort(),
    });
    await expect(importing).rejects.toMatchObject({ reason: 'canceled' });
    const runs = join(workspace, '.runledger', 'experiments', 'logs', 'runs');
    for (const id of await readdir(runs)) {
      expect((await stat(join(runs, id, 'run.json'))).isFile()).toBe(true);
    }
    expect((await imported(workspace, fixture)).runs.length).toBeGreaterThan(0);
  });

  it('are imported by the command', async () => {
    const workspace = await temporaryWorkspace();
    const { runs } = await json<ImportResult>(workspace, 'import', 'tensorboard', fixture, '-e', 'Digits');
    expect(runs.map(({ experiment }) => experiment)).toEqual(['Digits', 'Digits']);
    const again = await cli(workspace, 'import', 'tensorboard', fixture);
    expect(again.stdout).toMatch(/^Imported 0 runs .*\nSkipped 2 runs \(.*\): It was imported before/);
    await appendFile(join(workspace, 'x'), '');
    expect((await cli(workspace, 'import', 'tensorboard', join(workspace, 'x'))).stderr).toContain('no event files');
  });
});
