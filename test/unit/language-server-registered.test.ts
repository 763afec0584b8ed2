import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DiagnosticSeverity } from 'vscode-languageserver-types';
import { readCommandJob } from '../../src/core/jobs/readCommandJob.ts';
import { dataSetsFolder, environmentsFolder } from '../../src/core/store/storeLayout.ts';
import { VersionedDefinitions } from '../../src/core/store/versionedDefinitions.ts';
import { findings, proposals } from '../support/openFile.ts';
import { writeFiles } from '../support/sourceFolder.ts';
import { temporaryWorkspace } from '../support/temporaryStore.ts';

const schema = '$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json\n';

/** As the SDK registers them: two versions of a folder, a table, and an environment. */
async function workspaceWithRegistrations(): Promise<string> {
  const folder = await temporaryWorkspace();
  const dataSets = new VersionedDefinitions(dataSetsFolder(folder), 'data set');
  const files = (path: string) => ({ kind: 'file', content: { sources: [{ path }], operations: [] } });
  await dataSets.add('Cars', files('/data/cars-1'));
  await dataSets.add('Cars', {
    kind: 'file',
    content: { sources: [{ datastore: 'lab', path: 'cars/2' }], operations: [] },
  });
  await dataSets.add('Rows', { kind: 'tabular', content: { sources: [{ path: '/data/a.csv' }], operations: [] } });
  await new VersionedDefinitions(environmentsFolder(folder), 'environment').add('training', { python: {} });
  return folder;
}

const configuration = (dataSet: string) => `script: train.py
data:
  input:
    dataLocation:
      dataset:
        ${dataSet}
`;

describe('data sets of the workspace', () => {
  it('are proposed by name, and their versions', async () => {
    const folder = await workspaceWithRegistrations();
    await writeFiles(folder, { 'train.py': '' });
    expect(await proposals(folder, 'a.runconfig', configuration('name: |'))).toEqual(['Cars', 'Rows']);
    expect(await proposals(folder, 'a.runconfig', configuration('name: cars\n        version: |'))).toEqual(['2', '1']);
  });

  it('that are not there are told', async () => {
    const folder = await workspaceWithRegistrations();
    await writeFiles(folder, { 'train.py': '' });
    const told = async (dataSet: string) =>
      (await findings(folder, 'a.runconfig', configuration(dataSet))).filter(
        ({ severity }) => severity === DiagnosticSeverity.Warning,
      );
    expect(await told('name: cars\n        version: 2')).toEqual([]);
    expect(await told('name: Cats')).toMatchObject([
      { about: 'Cats', message: 'The workspace has no data set "Cats". It has: Cars, Rows.' },
    ]);
    expect(await told('name: Cars\n        version: 3')).toMatchObject([
      { about: '3', message: 'The data set "Cars" has no version 3. There are: 1, 2.' },
    ]);
  });

  it('are inputs of jobs, where they are files of this machine', async () => {
    const folder = await workspaceWithRegistrations();
    const job = (path: string) =>
      `${schema}command: python train.py --data \${{inputs.data}}\ninputs:\n  data:\n    path: ${path}\n`;
    const read = async (path: string) => {
      await writeFiles(folder, { 'job.yml': job(path) });
      return (await readCommandJob(join(folder, 'job.yml'), folder)).runConfiguration.arguments.at(-1);
    };
    expect(await proposals(folder, 'job.yml', job('azureml:|'))).toEqual([
      ...['azureml:Cars@latest', 'azureml:Cars:2', 'azureml:Cars:1', 'user-data/'],
    ]);
    expect(await read('azureml:cars:1')).toBe('/data/cars-1');
    expect(await read('azureml:Cars@latest')).toBe(join(folder, '.runledger', 'data', 'lab', 'cars', '2'));
    await expect(read('azureml:Rows:1')).rejects.toThrow('its input "data" is azureml:Rows:1');
    await expect(read('azureml:Cars:7')).rejects.toThrow('its input "data" is azureml:Cars:7');
  });
});

describe('environments of the workspace', () => {
  it('are proposed to jobs, and told where one is nearly meant', async () => {
    const folder = await workspaceWithRegistrations();
    const job = (environment: string) => `${schema}command: ls\nenvironment: ${environment}\n`;
    expect(await proposals(folder, 'job.yml', job('|'))).toEqual(['azureml:training@latest', 'azureml:training:1']);
    expect(await findings(folder, 'job.yml', job('azureml:training:1'))).toEqual([]);
    expect(await findings(folder, 'job.yml', job('azureml:sklearn-1.0@latest'))).toEqual([]);
    expect(await findings(folder, 'job.yml', job('azureml:trainnig:1'))).toMatchObject([
      { about: 'azureml:trainnig:1', message: 'The workspace has no environment "trainnig". Did you mean "training"?' },
    ]);
  });

  it('are not asked for where a run configuration defines its own', async () => {
    const folder = await workspaceWithRegistrations();
    await writeFiles(folder, { 'train.py': '' });
    const environment = (more: string) => `script: train.py\nenvironment:\n  name: trainnig\n${more}`;
    expect(await findings(folder, 'a.runconfig', environment('  python: {userManagedDependencies: true}\n'))).toEqual(
      [],
    );
    expect(await findings(folder, 'a.runconfig', environment(''))).toMatchObject([{ about: 'trainnig' }]);
  });
});
