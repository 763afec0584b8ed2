import { pathToFileURL } from 'node:url';
import type { WorkspaceEdit } from 'vscode-languageserver-types';

/** Makes a file with a text. Where there is one meanwhile, nothing is done. */
export function newFile(path: string, text: string): WorkspaceEdit {
  const uri = pathToFileURL(path).href;
  const start = { line: 0, character: 0 };
  return {
    documentChanges: [
      { kind: 'create', uri, options: { ignoreIfExists: false, overwrite: false } },
      { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: text }] },
    ],
  };
}
