import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { CatalogChange } from '../../src/core/catalog/runCatalog.ts';
import { experimentState, setExperimentArchived } from '../../src/core/store/experimentJournal.ts';
import { experimentFolder, journalFolder } from '../../src/core/store/storeLayout.ts';
import { cli, json } from '../support/commandLine.ts';
import { repositoryRoot } from '../support/sourceFolder.ts';
import { collector, newRun, openTestCatalog, temporaryWorkspace } from '../support/temporaryStore.ts';

async function python(workspaceFolder: string, program: string): Promise<string> {
  const path = ['python', join('python', 'compat')].map((part) => join(repositoryRoot, part)).join(':');
  const script = `from azureml.core import Experiment, Workspace\nws = Workspace.from_config()\n${program}`;
  const { stdout } = await promisify(execFile)('python3', ['-c', script], {
    cwd: workspaceFolder,
    env: { ...process.env, PYTHONPATH: path, RUNLEDGER_WORKSPACE: workspaceFolder },
  });
  return stdout.trim();
}

describe('an archived experiment', () => {
  it('is the same for Python and for the catalog, both ways', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder, { experiment: 'Old' });
    await python(folder, 'e = Experiment(ws, "old"); e.set_tags({"team": "vision", "flag": None}); e.archive()');
    const catalog = await openTestCatalog(folder);
    expect(await catalog.experiments()).toMatchObject([
      { name: 'Old', tags: { team: 'vision', flag: null }, archivedTime: expect.closeTo(Date.now() / 1000, -2) },
    ]);
    expect(await setExperimentArchived(folder, 'old', true, 'test')).toBe(false);
    expect(await setExperimentArchived(folder, 'old', false, 'test')).toBe(true);
    expect(
      await python(folder, 'print([e.name for e in Experiment.list(ws)], Experiment(ws, "Old").archived_time)'),
    ).toBe("['Old'] None");
    expect(await setExperimentArchived(folder, 'old', true, 'test')).toBe(true);
    expect(await python(folder, 'print([e.name for e in Experiment.list(ws, view_type="ArchivedOnly")])')).toBe(
      "['Old']",
    );
    const [entry] = await catalog.experiments();
    const told = new Date((entry?.archivedTime ?? 0) * 1000).toISOString().slice(0, 19);
    expect(await python(folder, 'print(Experiment(ws, "Old").archived_time)')).toContain(told);
  });

  it('is told to those who watch, whoever archives it', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder, { experiment: 'old' });
    const catalog = await openTestCatalog(folder);
    const changes = collector<CatalogChange>(catalog.onDidChange);
    await setExperimentArchived(folder, 'old', true, 'test');
    await changes.until((values) => values.some(({ kind }) => kind === 'experiments'));
    const { length } = changes.values;
    await python(folder, 'Experiment(ws, "old").reactivate()');
    await changes.until((values) => values.slice(length).some(({ kind }) => kind === 'experiments'));
    expect((await catalog.experiments())[0]?.archivedTime).toBeUndefined();
  });

  it('has the state of its last record, whatever else its journals hold', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder, { experiment: 'old' });
    const journal = journalFolder(experimentFolder(folder, 'old'));
    await writeFile(
      join(journal, 'script-2-00000000.jsonl'),
      [
        '{"t":3,"k":"attribute","n":"archived","v":"true"}',
        '{"t":5,"k":"tag","n":"__proto__","v":"x"}',
        '{"t":6,"k":"untag","n":"gone"}',
        'garbage',
        '{"t":"now","k":"attribute","n":"archived","v":null}',
        '{"t":9,"k":"attribute","n":"archived","v":7}',
        '{"t":9,"k":"attribute","n":"archived","v":null}',
      ].join('\n'),
    );
    await writeFile(
      join(journal, 'script-1-00000000.jsonl'),
      '{"t":2,"k":"attribute","n":"archived","v":null}\n{"t":5,"k":"tag","n":"gone","v":"x"}\n',
    );
    const { tags, archivedTime } = await experimentState(experimentFolder(folder, 'old'));
    // The last line has no newline: it is not data yet.
    expect(archivedTime).toBe(3);
    expect(Object.entries(tags)).toEqual([['__proto__', 'x']]);
  });

  it('is refused where there is none, and needs no journal folder', async () => {
    const folder = await temporaryWorkspace();
    await expect(setExperimentArchived(folder, 'none', true, 'test')).rejects.toMatchObject({ reason: 'not-found' });
    await newRun(folder, { experiment: 'old' });
    const journal = journalFolder(experimentFolder(folder, 'old'));
    await rm(journal, { recursive: true });
    expect(await setExperimentArchived(folder, 'old', true, 'test')).toBe(true);
    const [file] = await readdir(journal);
    expect(file).toMatch(/^test-\d+-[0-9a-f]{8}\.jsonl$/);
    expect(JSON.parse(await readFile(join(journal, file ?? ''), 'utf8'))).toMatchObject({
      k: 'attribute',
      n: 'archived',
      v: 'true',
    });
  });
});

describe('on the command line', () => {
  it('experiments are archived, listed by their view type, and made active again', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder, { experiment: 'Old' });
    await newRun(folder, { experiment: 'young' });
    const names = async (...args: string[]) =>
      (await json<{ name: string }[]>(folder, 'experiment', 'list', ...args)).map(({ name }) => name);
    expect((await cli(folder, 'experiment', 'archive', '-e', 'old')).stdout).toBe('Old is archived.\n');
    expect((await cli(folder, 'experiment', 'archive', '-e', 'OLD')).stdout).toBe('Old was archived already.\n');
    expect(await names()).toEqual(['young']);
    expect(await names('--view-type', 'ArchivedOnly')).toEqual(['Old']);
    expect(await names('--view-type', 'All')).toEqual(['Old', 'young']);
    expect((await cli(folder, 'experiment', 'list', '--view-type', 'All')).stdout).toMatch(
      /^Experiment {2}Runs {2}Archived\nOld +1 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\nyoung +1\n$/,
    );
    expect(await json(folder, 'experiment', 'archive', '-e', 'young')).toMatchObject({
      name: 'young',
      archivedTime: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect((await cli(folder, 'experiment', 'list')).stdout).toBe(
      'No active experiments. Archived: 2; --view-type All shows them.\n',
    );
    expect((await cli(folder, 'experiment', 'reactivate', '-e', 'old')).stdout).toBe('Old is active again.\n');
    expect((await cli(folder, 'experiment', 'reactivate', '-e', 'old')).stdout).toBe('Old was active already.\n');
    expect(await names()).toEqual(['Old']);
    const { code, stderr } = await cli(folder, 'experiment', 'archive', '-e', 'none');
    expect(code).toBe(1);
    expect(stderr).toContain('There are: Old, young.');
  });

  it('says that nothing is archived', async () => {
    const folder = await temporaryWorkspace();
    await mkdir(join(folder, 'src'));
    expect((await cli(join(folder, 'src'), 'experiment', 'list', '--view-type', 'ArchivedOnly')).stdout).toBe(
      'No experiment is archived.\n',
    );
  });
});
