/** `aml_config/` is what Azure ML's tools wrote before `.azureml/`. */
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CodeAction, CodeActionKind, type RenameFile, type TextEdit } from 'vscode-languageserver-types';
import { rangeOf } from '../documents/textRanges.ts';
import { nodesOf, spanOf, textOf, yamlOf } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';

const oldHome = 'aml_config';
const newHome = '.azureml';

/** Moves all that is in the folder, and in this file the paths that lead there. */
export async function moveToNewHome({ document, path, world }: OpenFile): Promise<readonly CodeAction[]> {
  const folder = dirname(path);
  const home = join(dirname(folder), newHome);
  if (basename(folder) !== oldHome || (await world.isFolder(home))) {
    return [];
  }
  const moves = (await world.entries(folder)).map(
    ({ name }): RenameFile => ({
      kind: 'rename',
      oldUri: pathToFileURL(join(folder, name)).href,
      newUri: pathToFileURL(join(home, name)).href,
    }),
  );
  const edits = [...nodesOf(yamlOf(document).document.contents)].flatMap(({ node }): readonly TextEdit[] => {
    const text = textOf(node);
    const { start, end } = spanOf(node);
    const written = document.getText().slice(start, end);
    return text?.startsWith(`${oldHome}/`) === true
      ? [{ range: rangeOf(document, start, end), newText: written.replace(oldHome, newHome) }]
      : [];
  });
  return [
    {
      title: `Move ${oldHome}/ to ${newHome}/`,
      kind: CodeActionKind.Refactor,
      edit: {
        documentChanges: [
          ...(edits.length === 0 ? [] : [{ textDocument: { uri: document.uri, version: document.version }, edits }]),
          ...moves,
        ],
      },
    },
  ];
}
