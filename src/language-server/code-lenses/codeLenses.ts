import type { CodeLens, Command } from 'vscode-languageserver-types';
import { editorCommands } from '../../protocol/languageServer.ts';
import type { Definition } from '../definitions/definition.ts';
import { refusalsOf } from '../diagnostics/diagnostics.ts';
import { rangeOf } from '../documents/textRanges.ts';
import { yamlOf } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';

/** Above the first key: to submit what the file says, and the last run that was made with it. */
export async function codeLensesOf(file: OpenFile, definition: Definition): Promise<readonly CodeLens[]> {
  const { document, path, world } = file;
  const { submitTitle, hasRuns } = definition;
  const yaml = yamlOf(document);
  if (submitTitle === undefined || yaml.document.contents === null) {
    return [];
  }
  // A job that only the cloud can run is not offered.
  if ((await refusalsOf(file, definition)).length > 0) {
    return [];
  }
  const start = yaml.document.contents.range?.[0] ?? 0;
  const range = rangeOf(document, start, start);
  const lens = (command: Command): CodeLens => ({ range, command });
  const lenses = [lens({ title: `$(play) ${submitTitle}`, command: editorCommands.submitFile, arguments: [path] })];
  const lastRun = hasRuns ? await world.lastRun(path) : undefined;
  if (lastRun !== undefined) {
    const { title, workspaceFolder, runId } = lastRun;
    lenses.push(lens({ title, command: editorCommands.openRun, arguments: [{ workspaceFolder, runId }] }));
  }
  return lenses;
}
