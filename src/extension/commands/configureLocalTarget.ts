import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { errorCode, fileError } from '../../core/base/errors.ts';
import { localMachineFile, localMachineTemplate } from '../../core/compute/local/localMachine.ts';
import { commandIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { resolveWorkspaceTarget } from './workspaceTarget.ts';

/** Opens the file that says how many runs go on at once on this machine, made with explanations where it is missing. */
export const configureLocalTargetCommand: Command = {
  id: commandIds.configureLocalTarget,
  async run(services, argument): Promise<void> {
    requireTrust(vscode.l10n.t('Changing how runs use this machine'));
    const target = await resolveWorkspaceTarget(services, argument, {
      placeHolder: vscode.l10n.t('Workspace whose runs it is for'),
      acceptsDamaged: false,
    });
    if (target === undefined) {
      return;
    }
    const path = localMachineFile(target.workspaceFolder);
    await makeFile(path);
    await vscode.window.showTextDocument(vscode.Uri.file(path));
  },
};

async function makeFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, localMachineTemplate(), { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      throw fileError(error, 'make the file', path);
    }
  }
}
