import * as vscode from 'vscode';
import { isAnotherName } from '../compute/computeNodes.ts';
import { commandIds, viewIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { resolveComputeTarget } from './computeTargetTarget.ts';

/** Looks whether runs can run on a target; its row in the Compute view says what is missing. */
export const checkComputeTargetCommand: Command = {
  id: commandIds.checkComputeTarget,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Checking a compute target'));
    const chosen = await resolveComputeTarget(services, argument, {
      placeHolder: vscode.l10n.t('Compute target to check'),
      accepts: (definition) => !isAnotherName(definition),
      whenEmpty: '',
    });
    if (chosen === undefined) {
      return undefined;
    }
    // The view reads its rows when it is seen first.
    await vscode.commands.executeCommand(`${viewIds.compute}.focus`);
    const { tree } = services.compute;
    const node = await tree.findTarget(chosen.workspaceFolder, chosen.definition.name);
    if (node === undefined) {
      return undefined;
    }
    await vscode.window.withProgress({ location: { viewId: viewIds.compute } }, () => tree.check(node));
    await services.compute.show(node);
    const health = tree.healthOf(node);
    return 'findings' in health ? health.findings : undefined;
  },
};
