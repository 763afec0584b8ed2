import { writeFile } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import * as vscode from 'vscode';
import type { TableModel } from '../../protocol/runPage.ts';
import { requireTrust } from '../workspaces/trust.ts';
import { askForFile, tell } from './chartExport.ts';

/** A table as CSV: numbers with all their digits, nothing for what is missing. */
export function tableAsCsv({ columns, rows }: TableModel): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'object' ? (cell?.$float ?? '') : String(cell))));
  return stringify([[...columns], ...cells]);
}

/** Asks where to, and writes a table as the page shows it. */
export async function exportTable(workspaceFolder: string, name: string, table: TableModel): Promise<void> {
  requireTrust(vscode.l10n.t('Exporting'));
  const file = await askForFile(workspaceFolder, name, 'csv', vscode.l10n.t('CSV'));
  if (file !== undefined) {
    await writeFile(file.fsPath, tableAsCsv(table));
    await tell(file, name);
  }
}
