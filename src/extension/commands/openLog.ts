import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';
import { resolveRunTarget } from './runTarget.ts';

/** Opens the page of a run on its log, which is followed while the run goes on. */
export const openLogCommand: Command = {
  id: commandIds.openLog,
  async run(services, argument) {
    const target = await resolveRunTarget(services, argument, { placeHolder: vscode.l10n.t('Run whose log to open') });
    if (target === undefined) {
      return;
    }
    const catalog = await services.workspaces.catalog(target.workspaceFolder);
    const files = await catalog.files(target.runId);
    await services.pages.open(target.workspaceFolder, target.runId, 'files', mainLogOf(files.map((file) => file.path)));
  },
};

/** What the script printed, where it is there, else the first log. */
function mainLogOf(paths: readonly string[]): string | undefined {
  const logs = paths.filter((path) => path.startsWith('logs/'));
  return logs.find((path) => /(^|\/)(std_log|stdout|70_driver_log|user_logs\/std_log)[^/]*$/.test(path)) ?? logs[0];
}
