import { type CompletionItem, CompletionItemKind, InsertTextFormat } from 'vscode-languageserver-types';
import type { Definition } from '../definitions/definition.ts';
import { rangeOf } from '../documents/textRanges.ts';
import type { OpenFile } from '../fileFeatures.ts';

/** Whole files, for one that is still empty. */
export function templateItems({ document }: OpenFile, { templates }: Definition): readonly CompletionItem[] {
  return templates.map(({ label, detail, body }, index) => ({
    label,
    detail,
    kind: CompletionItemKind.Snippet,
    insertTextFormat: InsertTextFormat.Snippet,
    sortText: `0${index}`,
    // Whatever was typed to find it goes away.
    filterText: `${document.getText().trim()} ${label}`.trim(),
    textEdit: { range: rangeOf(document, 0, document.getText().length), newText: body },
  }));
}
