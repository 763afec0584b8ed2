/** Files as the features of the language server see them. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic } from 'vscode-languageserver-types';
import { featuresOf } from '../../src/language-server/allFeatures.ts';
import type { FileFeatures, OpenFile } from '../../src/language-server/fileFeatures.ts';
import { DiskWorld } from '../../src/language-server/world/diskWorld.ts';

export interface TestFile {
  readonly file: OpenFile;
  readonly features: FileFeatures;
}

/** A text that is open in the editor, in a folder that is open. */
export function openText(folder: string, name: string, text: string): TestFile {
  const path = join(folder, name);
  const document = TextDocument.create(pathToFileURL(path).href, 'yaml', 1, text);
  const features = featuresOf(path, document);
  if (features === undefined) {
    throw new Error(`The server is not for ${name}.`);
  }
  const world = new DiskWorld(() => [folder]);
  return { file: { document, path, world, signal: new AbortController().signal }, features };
}

/** What would be proposed where `|` stands, by what it would put there. */
export async function proposals(folder: string, name: string, marked: string): Promise<readonly string[]> {
  const offset = marked.indexOf('|');
  const { file, features } = openText(folder, name, marked.slice(0, offset) + marked.slice(offset + 1));
  const items = (await features.completions?.(file, file.document.positionAt(offset))) ?? [];
  return items.map(({ textEdit }) => textEdit?.newText ?? '');
}

/** The text after the choice of a proposal where `|` stands. */
export async function completed(folder: string, name: string, marked: string, label: string): Promise<string> {
  const offset = marked.indexOf('|');
  const { file, features } = openText(folder, name, marked.slice(0, offset) + marked.slice(offset + 1));
  const items = (await features.completions?.(file, file.document.positionAt(offset))) ?? [];
  const edit = items.find((item) => item.label === label)?.textEdit;
  if (edit === undefined || !('range' in edit)) {
    throw new Error(`"${label}" is not among: ${items.map((item) => item.label).join(', ')}`);
  }
  return TextDocument.applyEdits(file.document, [edit]);
}

/** What is found, each with the characters it is about. */
export async function findings(
  folder: string,
  name: string,
  text: string,
): Promise<readonly { readonly about: string; readonly message: string; readonly severity: Diagnostic['severity'] }[]> {
  const { file, features } = openText(folder, name, text);
  const diagnostics = (await features.diagnostics?.(file)) ?? [];
  return diagnostics.map(({ range, message, severity }) => ({
    about: file.document.getText(range),
    message: typeof message === 'string' ? message : message.value,
    severity,
  }));
}
