import { readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, json, RunningCommand } from '../support/commandLine.ts';
import { inStore, runPlace, storeWithRun } from '../support/damagedStore.ts';
import { newRun, temporaryFolder } from '../support/temporaryStore.ts';

interface CheckJson {
  readonly findings: readonly { readonly kind: string; readonly outcome: string; readonly repair: string | null }[];
  readonly problems: Readonly<Record<string, number>>;
  readonly kept: string | null;
}

describe('runledger store check', () => {
  it('ends with 0 where all is well, and says what it looked at', async () => {
    const { folder } = await storeWithRun();
    const { code, stdout, stderr } = await cli(folder, 'store', 'check');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Checked: experiments 1, runs 1, versions of models 0, journals \d+ B\.\nNo problems\.\n$/);
    const told = await json<CheckJson>(folder, 'store', 'check');
    expect(told).toMatchObject({ workspace: folder, findings: [], runs: 1, problems: { open: 0 }, kept: null });
  });

  it('ends with 3 until everything is repaired, and tells what is wrong in three ways', async () => {
    const { folder, ended } = await storeWithRun();
    const lost = await newRun(folder);
    await rm(inStore(folder, 'experiments/iris/numbers/2'));
    await writeFile(join(ended.folder, 'run.json'), '{}');
    await rm(inStore(folder, 'snapshots'), { recursive: true });

    const found = await cli(folder, 'store', 'check');
    expect(found.code).toBe(3);
    expect(found.stdout).toContain(
      `Problem: A run or a version without a number (can be repaired)\n  ${runPlace(lost)}: No number names it; its own is 2.\n`,
    );
    expect(found.stdout).toContain('1 x A run or a version without a number. Lists go by the claims of numbers');
    expect(found.stdout).toMatch(/Problems: 3; repaired: 0; left: 3, 3 of them can be repaired\.\n$/);
    expect(found.stderr).toBe('Repair what can be repaired with: runledger store check --repair\n');

    const lines = (await cli(folder, 'store', 'check', '-o', 'tsv')).stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split('\t').slice(0, 4))).toEqual([
      ['problem', 'folder-missing', 'open', 'snapshots'],
      ['problem', 'run-record', 'open', runPlace(ended, 'run.json')],
      ['problem', 'number-missing', 'open', runPlace(lost)],
    ]);
    const before = await cli(folder, 'store', 'check', '-o', 'json');
    expect(before.code).toBe(3);
    expect((JSON.parse(before.stdout) as CheckJson).findings.every(({ repair }) => repair !== null)).toBe(true);

    const repaired = await json<CheckJson>(folder, 'store', 'check', '--repair');
    expect(repaired.problems).toEqual({ open: 0, repaired: 3, failed: 0 });
    expect(await readFile(join(repaired.kept ?? '', runPlace(ended), 'run.json'), 'utf8')).toBe('{}');
    expect((await cli(folder, 'store', 'check')).code).toBe(0);
  });

  it('works where no other command does, and leaves what was just written alone', async () => {
    const { folder, ended } = await storeWithRun();
    await writeFile(inStore(folder, 'workspace.json'), '{');
    const torn = join(ended.folder, 'journal', 'cli-999999999-00000000.jsonl');
    await writeFile(torn, '{"t":1,"k":"tag","n":"a","v":"b"}');
    expect((await cli(folder, 'run', 'list')).code).toBe(1);
    const first = await json<CheckJson>(join(folder, '.runledger'), 'store', 'check', '--repair');
    expect(first.findings.map(({ kind }) => kind)).toEqual(['workspace-record', 'trash']);
    expect((await cli(folder, 'run', 'list')).code).toBe(0);
    await utimes(torn, 1, 1);
    const second = await json<CheckJson>(folder, 'store', 'check', '--repair');
    expect(second.findings).toMatchObject([{ kind: 'torn-line', outcome: 'repaired' }, { kind: 'trash' }]);
    expect(await json(folder, 'run', 'show', '-r', ended.runId)).toMatchObject({ tags: { a: 'b' } });
  });

  it('says what stays as it is, and where there is no store', async () => {
    const { folder, ended } = await storeWithRun();
    await rm(join(ended.folder, 'run.json'));
    await symlink('run.json', join(ended.folder, 'run.json'));
    const { code, stdout, stderr } = await cli(folder, 'store', 'check', '--repair');
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(stdout).toContain('Problem: Something that cannot be read (not repaired by itself)');
    const nowhere = await cli(await temporaryFolder(), 'store', 'check');
    expect(nowhere.code).toBe(1);
    expect(nowhere.stderr).toContain('There is no workspace in');
  });

  it('ends with the same codes as a process', async () => {
    const { folder } = await storeWithRun();
    await rm(inStore(folder, 'active'), { recursive: true });
    expect(await new RunningCommand(folder, ['store', 'check']).result).toMatchObject({ code: 3 });
    expect(await new RunningCommand(folder, ['store', 'check', '--repair']).result).toMatchObject({ code: 0 });
  });
});
