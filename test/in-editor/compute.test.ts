import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TargetFinding } from '../../src/core/compute/targetCheck.ts';
import type { CleanedEnvironments } from '../../src/core/environments/cachedEnvironments.ts';
import { environmentsFolder } from '../../src/core/environments/environmentPlan.ts';
import { activateExtension, ensureWorkspace, openFolder } from './editorSupport.ts';

describe('compute targets in the editor', () => {
  const workspaceFolder = openFolder().fsPath;

  before(() => ensureWorkspace());

  it('are made with a file, checked and deleted', async () => {
    const { compute } = await activateExtension();
    await vscode.commands.executeCommand('runledger.newComputeTarget', {
      workspaceFolder,
      name: 'lab',
      settings: { type: 'ssh', host: '-no-such-host-' },
    });
    const path = join(workspaceFolder, '.runledger', 'compute', 'lab.yml');
    assert.equal(await readFile(path, 'utf8'), 'type: ssh\nhost: -no-such-host-\n');
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, path);
    const row = await compute.findTarget(workspaceFolder, 'LAB');
    assert.ok(row);
    assert.equal(compute.healthOf(row).state, 'missing');

    const local = await vscode.commands.executeCommand<readonly TargetFinding[]>('runledger.checkComputeTarget', {
      workspaceFolder,
      name: 'local',
    });
    assert.deepEqual(
      local.map(({ subject }) => subject),
      ['Settings', 'Python'],
    );

    await vscode.commands.executeCommand('runledger.deleteComputeTarget', {
      workspaceFolder,
      name: 'lab',
      confirmed: true,
    });
    await assert.rejects(readFile(path));
  });
});

describe('environments in the editor', () => {
  it('are listed and deleted; one that was never finished, too', async () => {
    await activateExtension();
    // As a process leaves it that was killed over it.
    const key = '0123456789abcdef';
    const folder = join(environmentsFolder(), key);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'requirements.txt'), 'numpy\n');
    const removed = await vscode.commands.executeCommand<CleanedEnvironments | undefined>(
      'runledger.manageEnvironments',
      { keys: [key], confirmed: true },
    );
    assert.deepEqual(
      removed?.removed.map((entry) => [entry.key, entry.isWhole, entry.bytes]),
      [[key, false, 6]],
    );
    assert.deepEqual(removed?.busy, []);
    await assert.rejects(readdir(folder));
  });
});
