import * as vscode from 'vscode';
import type { ReadingProgress } from '../../core/catalog/runCatalog.ts';

/** How far the runs are read that filters and sorting need. */
export function readingText({ done, total }: ReadingProgress): string {
  const number = new Intl.NumberFormat(vscode.env.language);
  return vscode.l10n.t('Reading runs: {0} of {1}', number.format(done), number.format(total));
}
