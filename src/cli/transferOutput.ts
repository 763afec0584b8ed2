/** Exporting and importing from a command: progress on the terminal, Ctrl+C, and what came of it. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ExportSubject } from '../core/transfer/exportContents.ts';
import { exportToZip } from '../core/transfer/exportZip.ts';
import type { ImportResult } from '../core/transfer/importResult.ts';
import type { TransferOptions } from '../core/transfer/transferProgress.ts';
import { type CliContext, writeLine } from './context.ts';
import { interruptible } from './interruptible.ts';
import { writeItem } from './output.ts';
import { ProgressLine } from './progressLine.ts';
import { bytesText, oneLine } from './text.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from './workspaceOptions.ts';

/** Works with a progress line, and with a signal that Ctrl+C sets. */
export async function transferring<T>(context: CliContext, work: (options: TransferOptions) => Promise<T>): Promise<T> {
  const progress = new ProgressLine(context.stderr);
  try {
    return await interruptible(context, (signal) =>
      work({ signal, onProgress: (message, fraction) => progress.show(message, fraction) }),
    );
  } finally {
    progress.clear();
  }
}

export interface ExportCommandOptions extends WorkspaceOptions {
  readonly file: string;
  readonly overwrite?: boolean;
}

/** The options of every export. */
export function addExportOptions(command: Command): Command {
  return addWorkspaceOptions(command)
    .requiredOption('-f, --file <zip>', 'the zip to write')
    .option('--overwrite', 'write over a file that is there');
}

export const exportJsonHelp =
  'JSON (-o json): file (absolute), bytes, runs [id], experimentCount, modelVersionCount, leftOut [sentence].';

/** Exports and says what is in the zip, and what is not. */
export async function exportAndTell(
  context: CliContext,
  command: Command,
  options: ExportCommandOptions,
  subject: ExportSubject,
): Promise<void> {
  const { folder } = await chosenWorkspace(context, options);
  const { file, bytes, runIds, ...result } = await transferring(context, (transfer) =>
    exportToZip({
      ...transfer,
      workspaceFolder: folder,
      subject,
      file: resolve(context.currentFolder, options.file),
      isReplacing: options.overwrite === true,
      createdBy: `runledger-cli/${context.installation.version}`,
    }),
  );
  writeItem(context, command, { file, bytes, runs: runIds, ...result }, () =>
    [
      `Exported ${counted(runIds.length, 'run')} to ${oneLine(file)} (${bytesText(bytes)}).`,
      ...result.leftOut.map(oneLine),
    ].join('\n'),
  );
}

export const importJsonHelp = `JSON (-o json): workspace (its folder), runs [{id, number, experiment, action: imported or updated}], skipped [{id, reason}],
models [name:version], notes [sentence].`;

/** Says what was imported, and what was not. */
export function writeImportResult(context: CliContext, command: Command, result: ImportResult): void {
  const { workspaceFolder, runs, skipped, models, notes } = result;
  writeItem(context, command, { workspace: workspaceFolder, runs, skipped, models, notes }, () => {
    const updated = runs.filter(({ action }) => action === 'updated').length;
    const lines = [`Imported ${counted(runs.length - updated, 'run')} into ${oneLine(workspaceFolder)}.`];
    if (updated > 0) {
      lines.push(`Updated ${counted(updated, 'run')} that had been imported before.`);
    }
    if (models.length > 0) {
      lines.push(`Models: ${oneLine(models.join(', '))}.`);
    }
    for (const [reason, ids] of byReason(skipped)) {
      const named = ids.length > 3 ? `${ids.slice(0, 3).join(', ')}, …` : ids.join(', ');
      lines.push(`Skipped ${counted(ids.length, 'run')} (${oneLine(named)}): ${oneLine(reason)}`);
    }
    return [...lines, ...notes.map(oneLine)].join('\n');
  });
}

function byReason(skipped: ImportResult['skipped']): Map<string, string[]> {
  const reasons = new Map<string, string[]>();
  for (const { id, reason } of skipped) {
    reasons.set(reason, [...(reasons.get(reason) ?? []), id]);
  }
  return reasons;
}

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** What is worth knowing beside a result that is on the standard output. */
export function writeNotes(context: CliContext, notes: readonly string[]): void {
  for (const note of notes) {
    writeLine(context.stderr, oneLine(note));
  }
}
