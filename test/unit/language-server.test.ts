import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CodeLensRefreshRequest, CodeLensRequest } from 'vscode-languageserver/node';
import {
  type LastRun,
  type LastRunQuestion,
  lastRunRequest,
  runsChangedNotification,
} from '../../src/protocol/languageServer.ts';
import { connectInMemory, connectToProgram } from '../support/languageServer.ts';
import { temporaryFolder } from '../support/sourceFolder.ts';

describe('the language server', () => {
  it('tells what a submission would refuse, where it stands, and no more once it is mended', async () => {
    const folder = await temporaryFolder();
    await using client = await connectInMemory(folder);
    const uri = await client.open(join(folder, 'cpu.runconfig'), 'target: local\nnodeCount: many\n');
    expect(await client.diagnostics(uri)).toMatchObject([
      {
        message: '"nodeCount" must be a whole number of at least 1, and is "many".',
        range: { start: { line: 1, character: 11 }, end: { line: 1, character: 15 } },
      },
    ]);
    await client.change(uri, 'target: local\nnodeCount: 1\n');
    expect(await client.diagnostics(uri)).toEqual([]);
  });

  it('has nothing to say of a file that is none of its own', async () => {
    const folder = await temporaryFolder();
    await using client = await connectInMemory(folder);
    const uri = await client.open(join(folder, 'compose.yml'), 'services: [');
    expect(await client.diagnostics(uri)).toEqual([]);
  });

  it('tells of the last run, which it asks the editor for', async () => {
    const folder = await temporaryFolder();
    await using client = await connectInMemory(folder, { readsRuns: false, knowsRuns: true });
    const path = join(folder, 'cpu.runconfig');
    client.connection.onRequest(lastRunRequest, (question: LastRunQuestion): LastRun | null =>
      question.configuration === path ? { workspaceFolder: folder, runId: 'a_1', title: 'run 1: failed' } : null,
    );
    const uri = await client.open(path, 'script: train.py\n');
    const lenses = await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } });
    expect(lenses?.map(({ command }) => command)).toMatchObject([
      { command: 'runledger.submitFile', arguments: [path] },
      { title: 'run 1: failed', command: 'runledger.openRun', arguments: [{ workspaceFolder: folder, runId: 'a_1' }] },
    ]);
    const refreshed = new Promise<void>((resolve) => {
      client.connection.onRequest(CodeLensRefreshRequest.type, () => resolve());
    });
    await client.connection.sendNotification(runsChangedNotification);
    await refreshed;
  });

  it('runs as a program, and ends when it is told to', async () => {
    const folder = await temporaryFolder();
    await using client = await connectToProgram('src/language-server/main.ts', folder);
    expect(client.initialized.serverInfo?.name).toBe('Runledger');
    const uri = await client.open(join(folder, '.azureml', 'cpu'), 'script: [');
    expect(await client.diagnostics(uri)).toHaveLength(1);
  });
});
