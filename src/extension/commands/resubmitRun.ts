import { basename, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { isOrchestration } from '../../core/domain/run.ts';
import { baseInterpreterOf } from '../../core/environments/baseInterpreter.ts';
import { readOrchestration } from '../../core/orchestration/definition.ts';
import { commandIds } from '../ids.ts';
import { askForArguments } from '../submit/askForArguments.ts';
import { interpreterCandidates } from '../submit/pythonExtension.ts';
import { scriptToSubmit } from '../submit/scriptToSubmit.ts';
import { joinArguments } from '../submit/splitArguments.ts';
import { canResubmit, runLabel } from '../tree/nodes.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { isUnasked } from './confirmation.ts';
import { resolveRunTarget } from './runTarget.ts';

/**
 * Submits the script of a run again, as the source folder is now, with the same run configuration and experiment, and with
 * the same arguments unless the person changes them. The interpreter of the earlier run comes before the one chosen at
 * present. A sweep or a pipeline is submitted again as it was defined, with the code as it is now. `{ confirmed: true }` beside the run leaves out the question for arguments.
 */
export const resubmitRunCommand: Command = {
  id: commandIds.resubmitRun,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Submitting a run'));
    const target = await resolveRunTarget(services, argument, {
      placeHolder: vscode.l10n.t('Run to submit again'),
      accepts: canResubmit,
    });
    if (target === undefined) {
      return undefined;
    }
    const catalog = await services.workspaces.catalog(target.workspaceFolder);
    const { summary, submission, folder } = await catalog.details(target.runId);
    if (isOrchestration(summary.type)) {
      const { definition } = await readOrchestration(folder);
      return await services.submitter.startOrchestration(vscode.l10n.t('Submitting {0} again', runLabel(summary)), {
        workspaceFolder: target.workspaceFolder,
        experiment: summary.experiment,
        definition,
        ...(summary.displayName === undefined ? {} : { displayName: summary.displayName }),
      });
    }
    const script = submission?.script;
    const sourceDirectory = submission?.sourceDirectory;
    if (
      submission === undefined ||
      script === undefined ||
      sourceDirectory === undefined ||
      summary.type === undefined
    ) {
      throw new RunledgerError(
        'invalid-state',
        `The run ${target.runId} was not submitted, so it cannot be submitted again.`,
        {
          advice: 'Submit its script instead.',
        },
      );
    }
    const scriptPath = await scriptToSubmit(
      vscode.Uri.file(isAbsolute(script) ? script : join(sourceDirectory, script)),
    );
    const words = isUnasked(argument)
      ? submission.arguments
      : await askForArguments(
          vscode.l10n.t('Submit {0} again', basename(scriptPath)),
          joinArguments(submission.arguments),
          scriptPath,
        );
    if (words === undefined) {
      return undefined;
    }
    const earlier = submission.interpreter === undefined ? undefined : await baseInterpreterOf(submission.interpreter);
    const candidates = await interpreterCandidates(vscode.Uri.file(scriptPath), services.log);
    return await services.submitter.start({
      workspaceFolder: target.workspaceFolder,
      experiment: summary.experiment,
      scriptPath,
      sourceDirectory,
      arguments: words,
      runConfiguration: submission.runConfiguration ?? (submission.inPlace ? 'local (in place)' : 'local'),
      interpreterCandidates: earlier === undefined ? candidates : [earlier, ...candidates],
      ...(summary.displayName === undefined ? {} : { displayName: summary.displayName }),
    });
  },
};
