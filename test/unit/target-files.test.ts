import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findComputeDefinition, listComputeDefinitions } from '../../src/core/compute/computeDefinitions.ts';
import { findComputeTarget } from '../../src/core/compute/computeTargets.ts';
import { withKnownTargets } from '../../src/core/compute/configuredTargets.ts';
import {
  createTargetFile,
  deleteTargetFile,
  findTargetFile,
  readTargetFile,
} from '../../src/core/compute/targetFiles.ts';
import { temporaryWorkspace } from '../support/temporaryStore.ts';

async function withFile(name: string, text: string): Promise<string> {
  const workspaceFolder = await temporaryWorkspace();
  const folder = join(workspaceFolder, '.runledger', 'compute');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text);
  return workspaceFolder;
}

describe('the file of a compute target', () => {
  it('says how runs get there', async () => {
    const workspaceFolder = await withFile(
      'cluster.yml',
      'type: slurm\npartition: gpu\ntime: 1-12:00:00\nmemory: 16000\nsbatch: [--constraint=a100]\n',
    );
    const file = await findTargetFile(workspaceFolder, 'CLUSTER');
    expect(file?.name).toBe('cluster');
    expect((await readTargetFile(file ?? { name: '', path: '' })).settings).toEqual({
      type: 'slurm',
      partition: 'gpu',
      time: '1-12:00:00',
      memory: '16000',
      sbatch: ['--constraint=a100'],
    });
  });

  it.each([
    ['type: kubernetes', 'line 1, column 7: type: must be docker, ssh or slurm, and is "kubernetes"'],
    ['host: box', 'type: must be docker, ssh or slurm, and is missing'],
    ['type: ssh', 'host'],
    ['type: ssh\nhost: ""', 'line 2, column 7: host: must not be empty'],
    ['type: ssh\nhost: box\nimage: x', 'line 3, column 1: image: is no key of a compute target of type ssh'],
    ['type: slurm\nnodes: 0', 'line 2, column 8: nodes: must be at least 1'],
    ['type: docker\nvolumes: /data', 'line 2, column 10: volumes: must be a list of texts'],
    ['- a', 'type: must be docker, ssh or slurm, and is missing'],
    ['just text', 'must be a set of keys with values'],
    ['type: [', 'line 1, column'],
  ])('%j is refused with its place', async (text, message) => {
    const workspaceFolder = await withFile('bad.yml', text);
    await expect(findComputeTarget(workspaceFolder, 'bad')).rejects.toMatchObject({
      reason: 'invalid-argument',
      message: expect.stringContaining(message),
    });
    const [, bad] = await listComputeDefinitions(workspaceFolder);
    expect(bad).toMatchObject({ name: 'bad', type: '', problem: expect.stringContaining(message) });
  });

  it('is made once for a name, whatever its case, and deleted', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const { path } = await createTargetFile(workspaceFolder, 'Lab', { type: 'ssh', host: 'me@box', port: 2222 });
    expect(await readFile(path, 'utf8')).toBe('type: ssh\nhost: me@box\nport: 2222\n');
    await expect(createTargetFile(workspaceFolder, 'lab', { type: 'docker' })).rejects.toMatchObject({
      reason: 'already-exists',
    });
    await expect(createTargetFile(workspaceFolder, 'Local', { type: 'docker' })).rejects.toMatchObject({
      reason: 'already-exists',
    });
    await expect(createTargetFile(workspaceFolder, '../x', { type: 'docker' })).rejects.toMatchObject({
      reason: 'invalid-name',
    });
    await expect(createTargetFile(workspaceFolder, 'other', { type: 'ssh' })).rejects.toMatchObject({
      reason: 'invalid-argument',
    });
    expect((await listComputeDefinitions(workspaceFolder)).map(({ name, type }) => [name, type])).toEqual([
      ['local', 'local'],
      ['Lab', 'ssh'],
    ]);
    await deleteTargetFile({ name: 'Lab', path });
    await expect(findComputeDefinition(workspaceFolder, 'lab')).rejects.toMatchObject({ reason: 'unsupported-target' });
  });
});

describe('run configurations', () => {
  it('have a problem where the workspace has no target of the name, or its file is wrong', async () => {
    const workspaceFolder = await withFile('lab.yml', 'type: ssh\n');
    const entry = { name: 'a', path: '/a.runconfig', description: 'a.runconfig', problem: undefined };
    const entries = await withKnownTargets(
      ['local', 'LOCAL', 'nowhere', 'lab'].map((target) => ({ ...entry, target })),
      workspaceFolder,
    );
    expect(entries.map(({ problem }) => problem)).toEqual([
      undefined,
      undefined,
      expect.stringContaining('"nowhere"'),
      expect.stringContaining('lab.yml'),
    ]);
  });
});
