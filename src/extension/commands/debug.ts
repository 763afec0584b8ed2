import * as vscode from 'vscode';
import { requireDebugger } from '../debug/debugSessions.ts';
import { commandIds } from '../ids.ts';
import { interpreterCandidates } from '../submit/pythonExtension.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { submitOptionsOf } from './submit.ts';

/**
 * Starts a script under the Python debugger, in its folder, tracked as a run. Takes what `runledger.submit` takes, but for the
 * run configuration: arguments and environment are those of the debugger.
 */
export const debugCommand: Command = {
  id: commandIds.debug,
  async run({ submitter, debugSessions, log }, argument) {
    requireTrust(vscode.l10n.t('Debugging a script'));
    requireDebugger();
    const options = submitOptionsOf(argument);
    const chosen = await submitter.choose({ ...options, runConfiguration: 'local (in place)' });
    if (chosen === undefined) {
      return undefined;
    }
    const { workspaceFolder, experiment, scriptPath, sourceDirectory } = chosen;
    await submitter.rememberExperiment(scriptPath, experiment);
    const run = await debugSessions.start({
      workspaceFolder,
      experiment,
      scriptPath,
      sourceDirectory,
      arguments: options.arguments ?? [],
      interpreterCandidates: await interpreterCandidates(vscode.Uri.file(scriptPath), log),
    });
    return run && { workspaceFolder, runId: run.runId };
  },
};
