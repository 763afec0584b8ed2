/** What mends single diagnostics: see `diagnosticCodes`. */
import { basename, extname, join, relative } from 'node:path';
import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver-types';
import { storeFolderName } from '../../core/store/storeLayout.ts';
import { diagnosticCodes } from '../diagnostics/diagnosticCodes.ts';
import type { OpenFile } from '../fileFeatures.ts';
import { newFile } from './newFile.ts';

export async function quickFixesOf(file: OpenFile, diagnostic: Diagnostic): Promise<readonly CodeAction[]> {
  const data: unknown = diagnostic.data;
  const replacement = textField(data, 'replacement');
  const actions: CodeAction[] = [];
  if (replacement !== undefined) {
    actions.push(fix(`Change to "${replacement}"`, diagnostic, replace(file, diagnostic, replacement)));
  }
  const path = textField(data, 'create');
  // Only where the editor looks after the folder: a path may lead anywhere.
  if (diagnostic.code === diagnosticCodes.missingFile && path !== undefined && file.world.rootOf(path) !== undefined) {
    const root = file.world.rootOf(path) ?? '';
    actions.push(fix(`Create ${relative(root, path)}`, diagnostic, newFile(path, startOf(path))));
  }
  const target = textField(data, 'target');
  const names = target === undefined ? undefined : await file.world.names(file.path);
  if (target !== undefined && names !== undefined && /^[\w.-]+$/.test(target)) {
    const place = join(names.folder, storeFolderName, 'compute', `${target}.yml`);
    actions.push(fix(`Make the compute target "${target}", with Docker`, diagnostic, newFile(place, 'type: docker\n')));
  }
  return actions;
}

function fix(title: string, diagnostic: Diagnostic, edit: CodeAction['edit']): CodeAction {
  return { title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], isPreferred: true, ...(edit && { edit }) };
}

/** The same text in the quotes that are there. */
function replace({ document }: OpenFile, { range }: Diagnostic, text: string): NonNullable<CodeAction['edit']> {
  const quote = /^["']/.exec(document.getText(range))?.[0] ?? '';
  return { changes: { [document.uri]: [{ range, newText: `${quote}${text}${quote}` }] } };
}

/** Something to begin with, so that the new file can be used at once. */
function startOf(path: string): string {
  switch (extname(path)) {
    case '.yml':
    case '.yaml':
      return 'name: project_environment\ndependencies:\n  - python=3.11\n  - pip:\n      - numpy\n';
    case '.py':
      return `"""${basename(path)}"""\n`;
    default:
      return '';
  }
}

function textField(data: unknown, name: string): string | undefined {
  const value =
    typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
