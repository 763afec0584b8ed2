import type { CodeAction, Diagnostic } from 'vscode-languageserver-types';
import type { Definition } from '../definitions/definition.ts';
import type { OpenFile } from '../fileFeatures.ts';
import { moveToNewHome } from './moveToNewHome.ts';
import { quickFixesOf } from './quickFixes.ts';
import { runConfigurationFromJob } from './runConfigurationFromJob.ts';

/** What mends a diagnostic, then what changes the whole file. */
export async function codeActionsOf(
  file: OpenFile,
  definition: Definition,
  diagnostics: readonly Diagnostic[],
): Promise<readonly CodeAction[]> {
  const fixes = await Promise.all(diagnostics.map((diagnostic) => quickFixesOf(file, diagnostic)));
  return [...fixes.flat(), ...(await moveToNewHome(file)), ...(await runConfigurationFromJob(file, definition))];
}
