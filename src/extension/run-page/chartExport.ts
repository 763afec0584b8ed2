import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { writeMetricsCsvFile } from '../../core/transfer/metricsCsv.ts';
import type { RunTarget } from '../commands/runTarget.ts';
import { onThisMachine, revealFile, transferring } from '../commands/transferNotification.ts';
import { fileNameOf } from '../text/fileName.ts';
import { requireTrust } from '../workspaces/trust.ts';

export type ImageForm = 'png' | 'svg';

/** Asks where to, and writes all points of a metric as CSV. */
export async function exportMetric({ workspaceFolder, runId }: RunTarget, metric: string): Promise<void> {
  requireTrust(vscode.l10n.t('Exporting'));
  const file = await askForFile(workspaceFolder, metric, 'csv', vscode.l10n.t('CSV'));
  if (file === undefined) {
    return;
  }
  await transferring(vscode.l10n.t('Exporting {0}', metric), (options) =>
    writeMetricsCsvFile(
      { ...options, workspaceFolder, runIds: [runId], metrics: [metric], layout: 'long' },
      // The dialog has asked whether to write over a file that is there.
      { file: file.fsPath, isReplacing: true },
    ),
  );
  await tell(file, metric);
}

/** Asks where to, and writes the picture of a chart that the page has drawn. @param content base64 of a PNG, text of an SVG */
export async function saveChart(
  { workspaceFolder }: RunTarget,
  { metric, form, content }: { metric: string; form: ImageForm; content: string },
): Promise<void> {
  requireTrust(vscode.l10n.t('Exporting'));
  const file = await askForFile(workspaceFolder, metric, form, form.toUpperCase());
  if (file !== undefined) {
    await writeFile(file.fsPath, content, form === 'png' ? 'base64' : 'utf8');
    await tell(file, metric);
  }
}

/** Where to write what is exported; undefined where the person changes their mind. */
export async function askForFile(
  workspaceFolder: string,
  metric: string,
  extension: string,
  kind: string,
): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export {0}', metric),
    saveLabel: vscode.l10n.t('Export'),
    defaultUri: vscode.Uri.file(join(workspaceFolder, `${fileNameOf(metric)}.${extension}`)),
    filters: { [kind]: [extension] },
  });
  if (chosen === undefined) {
    return undefined;
  }
  const isNamed = chosen.path.toLowerCase().endsWith(`.${extension}`);
  return onThisMachine(isNamed ? chosen : chosen.with({ path: `${chosen.path}.${extension}` }));
}

export async function tell(file: vscode.Uri, metric: string): Promise<void> {
  const reveal = vscode.l10n.t('Reveal');
  const answer = await vscode.window.showInformationMessage(vscode.l10n.t('Exported {0}.', metric), reveal);
  if (answer === reveal) {
    await revealFile(file);
  }
}
