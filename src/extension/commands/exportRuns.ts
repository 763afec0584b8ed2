import { join } from 'node:path';
import * as vscode from 'vscode';
import { experimentKey } from '../../core/store/names.ts';
import { exportToZip } from '../../core/transfer/exportZip.ts';
import { writeMetricsCsvFile } from '../../core/transfer/metricsCsv.ts';
import { commandIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';
import { type Command, showFailure } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import { type ExportTarget, resolveExportTarget } from './exportTarget.ts';
import { onThisMachine, revealFile, transferring } from './transferNotification.ts';

type ExportForm = 'zip' | 'csv';

interface FormItem extends vscode.QuickPickItem {
  readonly form: ExportForm;
}

const pageSize = 1000;

/**
 * Writes a run, an experiment or a workspace to a zip, or metrics as CSV. `{ file: string }` beside what is meant leaves out the
 * dialog, and the file's name tells the form. Returns the file.
 */
export const exportCommand: Command = {
  id: commandIds.export,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Exporting'));
    const target = await resolveExportTarget(services, argument);
    const file = target === undefined ? undefined : (fileOf(argument) ?? (await askForFile(target)));
    if (target === undefined || file === undefined) {
      return undefined;
    }
    const isCsv = file.fsPath.toLowerCase().endsWith('.csv');
    const told = await (isCsv ? exportCsv(services, target, file) : exportZip(services, target, file));
    tell(services, file, told);
    return file;
  },
};

interface Told {
  readonly message: string;
  readonly leftOut: readonly string[];
}

function exportZip({ createdBy }: CommandServices, target: ExportTarget, file: vscode.Uri): Thenable<Told> {
  return transferring(vscode.l10n.t('Exporting {0}', target.label), async (options) => {
    // The dialog has asked whether to write over a file that is there.
    const request = { ...target, file: file.fsPath, isReplacing: true, createdBy };
    const { runIds, leftOut } = await exportToZip({ ...options, ...request });
    const count = runIds.length;
    return {
      message:
        count === 1
          ? vscode.l10n.t('Exported {0}.', target.label)
          : vscode.l10n.t('Exported {0}: {1} runs.', target.label, count),
      leftOut,
    };
  });
}

function exportCsv(services: CommandServices, target: ExportTarget, file: vscode.Uri): Thenable<Told> {
  return transferring(vscode.l10n.t('Exporting the metrics of {0}', target.label), async (options) => {
    const { workspaceFolder } = target;
    const runIds = await runIdsOf(services, target);
    const { leftOut } = await writeMetricsCsvFile(
      { ...options, workspaceFolder, runIds, layout: 'long' },
      { file: file.fsPath, isReplacing: true },
    );
    return { message: vscode.l10n.t('Exported the metrics of {0}.', target.label), leftOut };
  });
}

function tell({ log }: CommandServices, file: vscode.Uri, { message, leftOut }: Told): void {
  log.info(`${message} ${file.fsPath}`);
  for (const sentence of leftOut) {
    log.info(sentence);
  }
  const reveal = vscode.l10n.t('Reveal');
  const details = vscode.l10n.t('Show Log');
  const left = vscode.l10n.t('{0} things are left out, see the log.', leftOut.length);
  const shown =
    leftOut.length === 0
      ? vscode.window.showInformationMessage(message, reveal)
      : vscode.window.showWarningMessage(`${message} ${left}`, reveal, details);
  void shown.then(async (answer) => {
    try {
      if (answer === reveal) {
        await revealFile(file);
      } else if (answer === details) {
        log.show();
      }
    } catch (error) {
      showFailure(error, log);
    }
  });
}

function fileOf(argument: unknown): vscode.Uri | undefined {
  return typeof argument === 'object' && argument !== null && 'file' in argument && typeof argument.file === 'string'
    ? vscode.Uri.file(argument.file)
    : undefined;
}

async function askForFile(target: ExportTarget): Promise<vscode.Uri | undefined> {
  const form = target.subject.kind === 'workspace' ? 'zip' : await askForForm(target);
  if (form === undefined) {
    return undefined;
  }
  const chosen = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export {0}', target.label),
    saveLabel: vscode.l10n.t('Export'),
    defaultUri: vscode.Uri.file(join(target.workspaceFolder, `${target.fileName}.${form}`)),
    filters: form === 'zip' ? { [vscode.l10n.t('Zip')]: ['zip'] } : { [vscode.l10n.t('CSV')]: ['csv'] },
  });
  if (chosen === undefined) {
    return undefined;
  }
  const isNamed = chosen.path.toLowerCase().endsWith(`.${form}`);
  return onThisMachine(isNamed ? chosen : chosen.with({ path: `${chosen.path}.${form}` }));
}

async function askForForm({ label }: ExportTarget): Promise<ExportForm | undefined> {
  const items: FormItem[] = [
    {
      form: 'zip',
      label: vscode.l10n.t('Everything'),
      description: vscode.l10n.t('zip, to be imported into another workspace'),
      iconPath: new vscode.ThemeIcon('file-zip'),
    },
    {
      form: 'csv',
      label: vscode.l10n.t('Metrics'),
      description: vscode.l10n.t('CSV, a line for each point'),
      iconPath: new vscode.ThemeIcon('graph-line'),
    },
  ];
  const placeHolder = vscode.l10n.t('What to export of {0}', label);
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.form;
}

/** Oldest first. */
async function runIdsOf({ workspaces }: CommandServices, target: ExportTarget): Promise<readonly string[]> {
  const { subject, workspaceFolder } = target;
  if (subject.kind === 'runs') {
    return subject.runIds;
  }
  const catalog = await workspaces.catalog(workspaceFolder);
  const keys =
    subject.kind === 'experiment' ? [experimentKey(subject.name)] : (await catalog.experiments()).map(({ key }) => key);
  const ids: string[] = [];
  for (const key of keys) {
    let cursor: string | undefined;
    do {
      const page = await catalog.runs({ experimentKey: key, limit: pageSize, cursor });
      ids.push(...page.items.flatMap((entry) => (entry.kind === 'run' ? [entry.id] : [])));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }
  return ids.reverse();
}
