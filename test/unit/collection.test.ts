import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  type Collection,
  collectionFile,
  readCollection,
  writeCollection,
} from '../../src/core/compute/collection/collection.ts';
import { temporaryFolder } from '../support/temporaryStore.ts';

const collection: Collection = {
  target: 'lab',
  settings: { type: 'ssh', host: 'lab-gpu', python: 'python3' },
  folder: '/home/ada/.runledger-host',
  workspace: '/home/ada/.runledger-host/workspaces/a',
  runFolder: '/home/ada/.runledger-host/workspaces/a/run',
  sdk: '/home/ada/.runledger-host/sdk/1',
  outputs: [{ path: '/home/ada/project/.runledger/data/store/out', there: '/home/ada/.runledger-host/data/1/out' }],
  variables: { RUNLEDGER_HOST_SITE: 'lab-gpu' },
};

describe('where a run lies on another host', () => {
  it('is read back as it was written', async () => {
    const folder = await temporaryFolder();
    await writeCollection(folder, collection);
    expect(await readCollection(folder)).toEqual(collection);
  });

  it.each([
    ['newer-format', { format: 2 }],
    ['unreadable', { sdk: 7 }],
  ])('is refused as %s where the file says %j', async (reason, change) => {
    const folder = await temporaryFolder();
    await writeCollection(folder, collection);
    const path = collectionFile(folder);
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...change }));
    await expect(readCollection(folder)).rejects.toMatchObject({ reason });
  });
});
