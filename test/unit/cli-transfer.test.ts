import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, json } from '../support/commandLine.ts';
import { newRun, record, temporaryFolder, temporaryWorkspace } from '../support/temporaryStore.ts';

interface Imported {
  readonly workspace: string;
  readonly runs: readonly { readonly id: string; readonly number: number; readonly action: string }[];
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
  readonly notes: readonly string[];
}

async function workspaceWithRun(): Promise<{ folder: string; id: string }> {
  const folder = await temporaryWorkspace();
  const run = await newRun(folder);
  await record(folder, run, { k: 'metric', n: 'loss', v: 0.5, s: 3 }, { k: 'status', v: 'Completed' });
  return { folder, id: run.runId };
}

describe('export and import', () => {
  it('take a run to another workspace, once', async () => {
    const { folder, id } = await workspaceWithRun();
    const exported = await json<{ file: string; runs: string[] }>(folder, 'run', 'export', '-r', id, '-f', 'run.zip');
    expect(exported).toMatchObject({ file: join(folder, 'run.zip'), runs: [id], experimentCount: 1, leftOut: [] });
    const again = await cli(folder, 'run', 'export', '-r', id, '-f', 'run.zip');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') });
    expect((await cli(folder, 'run', 'export', '-r', id, '-f', 'run.zip', '--overwrite')).stdout).toMatch(
      /^Exported 1 run to .*run\.zip \(.* kB\)\.\n$/,
    );
    const other = await temporaryWorkspace('other');
    const zip = join(folder, 'run.zip');
    const { runs } = await json<Imported>(other, 'import', 'zip', zip);
    expect(runs).toEqual([{ id, number: 1, experiment: 'iris', action: 'imported' }]);
    expect((await cli(other, 'import', 'zip', zip)).stdout).toBe(
      `Imported 0 runs into ${other}.\nSkipped 1 run (${id}): It is in the workspace already.\n`,
    );
    const refused = await cli(other, 'import', 'zip', zip, '--on-conflict', 'fail');
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('--on-conflict skip') });
    expect((await json<Imported>(other, 'import', 'zip', zip, '--on-conflict', 'copy')).runs).toHaveLength(1);
    expect((await cli(other, 'import', 'zip', zip, '--on-conflict', 'merge')).code).toBe(2);
  });

  it('take an experiment and a workspace, into a new folder too', async () => {
    const { folder, id } = await workspaceWithRun();
    expect((await cli(folder, 'experiment', 'export', '-e', 'Iris', '-f', 'iris.zip')).code).toBe(0);
    expect((await cli(folder, 'workspace', 'export', '-f', 'all.zip')).code).toBe(0);
    const parent = await temporaryFolder();
    const zip = join(folder, 'all.zip');
    const { workspace, runs } = await json<Imported>(parent, 'import', 'zip', zip, '--path', 'new', '--create');
    expect({ workspace, ids: runs.map((run) => run.id) }).toEqual({ workspace: join(parent, 'new'), ids: [id] });
    expect((await json<{ name: string }>(join(parent, 'new'), 'workspace', 'show')).name).toBe('vision');
    const twice = await cli(parent, 'import', 'zip', zip, '--path', 'new', '--create');
    expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining('already holds') });
  });

  it('refuse what is no export, in words, and change nothing', async () => {
    const { folder } = await workspaceWithRun();
    await writeFile(join(folder, 'x.zip'), 'hello');
    const before = await readdir(folder, { recursive: true });
    const { code, stderr } = await cli(folder, 'import', 'zip', 'x.zip');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is no zip that can be read') });
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });
});

describe('run export-metrics', () => {
  it('prints CSV, or writes it to a file', async () => {
    const { folder, id } = await workspaceWithRun();
    const { code, stdout, stderr } = await cli(folder, 'run', 'export-metrics', '-r', id);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^run,metric,step,time,value\n${id},loss,3,[\\d-]+T[\\d:.]+Z,0.5\n$`));
    expect((await cli(folder, 'run', 'export-metrics', '-e', 'iris', '--wide')).stdout).toBe(
      `run,step,loss\n${id},3,0.5\n`,
    );
    const written = await json<{ rowCount: number }>(folder, 'run', 'export-metrics', '-r', id, '-f', 'metrics.csv');
    expect(written).toMatchObject({ file: join(folder, 'metrics.csv'), runs: [id], rowCount: 1 });
    expect(await readFile(join(folder, 'metrics.csv'), 'utf8')).toBe(stdout);
  });

  it('says which runs it needs', async () => {
    const { folder } = await workspaceWithRun();
    expect((await cli(folder, 'run', 'export-metrics')).stderr).toContain('-r RUN_ID, or -e EXPERIMENT');
    expect((await cli(folder, 'run', 'export-metrics', '-e', 'none')).stderr).toContain('no experiment "none"');
    expect((await cli(folder, 'run', 'export-metrics', '-r', 'none')).stderr).toContain('There is no run none');
  });
});
