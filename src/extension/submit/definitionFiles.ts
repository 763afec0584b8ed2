import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';

const mostFiles = 200;

/** Whether a file of YAML is what is looked for, by its absolute path and its text. */
type IsWanted = (path: string, text: string) => boolean;

/** The path of the active editor's file, where it is YAML and wanted. */
export function openDefinition(isWanted: IsWanted): string | undefined {
  const document = vscode.window.activeTextEditor?.document;
  const path = document?.uri.fsPath ?? '';
  const isYaml = document?.uri.scheme === 'file' && /\.ya?ml$/i.test(path);
  return isYaml && isWanted(path, document.getText()) ? path : undefined;
}

/** Paths of the files of YAML in and below a folder that are wanted, by their path and text, sorted. */
export async function definitionFilesIn(folder: string, isWanted: IsWanted): Promise<readonly string[]> {
  const files = await vscode.workspace.findFiles(
    new vscode.RelativePattern(folder, '**/*.{yml,yaml}'),
    '**/{node_modules,.git,.runledger,site-packages}/**',
    mostFiles,
  );
  const found: string[] = [];
  for (const { fsPath } of files) {
    const text = await readFile(fsPath, 'utf8').catch(() => '');
    if (isWanted(fsPath, text)) {
      found.push(fsPath);
    }
  }
  return found.sort();
}
