/** `.amlignore`: what a snapshot of its folder holds. */
import { dirname } from 'node:path';
import { MarkupKind } from 'vscode-languageserver-types';
import { editorCommands } from '../../protocol/languageServer.ts';
import type { FileFeatures, OpenFile } from '../fileFeatures.ts';
import { snapshotText } from './snapshotText.ts';

export const ignoreFileFeatures: FileFeatures = {
  async hover({ document, path, world, signal }) {
    const contents = await world.snapshotContents(dirname(path), document.getText(), signal);
    return { contents: { kind: MarkupKind.Markdown, value: snapshotText(contents) } };
  },

  codeLenses({ path }: OpenFile) {
    const start = { line: 0, character: 0 };
    const command = {
      title: '$(file-zip) What a snapshot holds',
      command: editorCommands.showSnapshotContents,
      arguments: [path],
    };
    return [{ range: { start, end: start }, command }];
  },
};
