import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';

const mostFiles = 200;

/** Paths of the files of YAML in and below a folder whose text has `tellingKey`, sorted. */
export async function definitionFilesIn(folder: string, tellingKey: RegExp): Promise<readonly string[]> {
  const files = await vscode.workspace.findFiles(
    new vscode.RelativePattern(folder, '**/*.{yml,yaml}'),
    '**/{node_modules,.git,.runledger,site-packages}/**',
    mostFiles,
  );
  const found: string[] = [];
  for (const { fsPath } of files) {
    const text = await readFile(fsPath, 'utf8').catch(() => '');
    if (tellingKey.test(text)) {
      found.push(fsPath);
    }
  }
  return found.sort();
}
