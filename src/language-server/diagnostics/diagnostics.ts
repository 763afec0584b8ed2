import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver-types';
import type { Definition, Problem } from '../definitions/definition.ts';
import { rangeOf } from '../documents/textRanges.ts';
import { entriesOf, nodeAtPath, type YamlText, yamlOf } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';
import { diagnosticCodes, source } from './diagnosticCodes.ts';
import { missingThings } from './missingThings.ts';
import { schemaHints } from './schemaHints.ts';

/** Errors are what the reader of the file refuses; all else is a hint, or names what is not there. */
export async function diagnosticsOf(file: OpenFile, definition: Definition): Promise<readonly Diagnostic[]> {
  const { document, path } = file;
  const problems = definition.problems(document.getText(), path).map(
    ({ start, end, message }): Diagnostic => ({
      range: rangeOf(document, start, end),
      severity: DiagnosticSeverity.Error,
      source,
      code: diagnosticCodes.unusable,
      message,
    }),
  );
  const yaml = yamlOf(document);
  if (yaml.document.errors.length > 0) {
    return problems;
  }
  const refusals = (await refusalsOf(file, definition)).map(
    ({ start, end, message }): Diagnostic => ({
      range: rangeOf(document, start, end),
      severity: DiagnosticSeverity.Information,
      source,
      code: diagnosticCodes.notOnThisMachine,
      message,
    }),
  );
  const refused = new Set(problems.map(({ range }) => JSON.stringify(range)));
  const others = [
    ...refusals,
    ...schemaHints(file, definition, yaml),
    ...noEffects(file, definition, yaml),
    ...(await missingThings(file, definition, yaml)),
  ];
  return [...problems, ...others.filter(({ range }) => !refused.has(JSON.stringify(range)))];
}

/** Why the file cannot be run on this machine, with what its workspace has. */
export async function refusalsOf(
  { document, path, world }: OpenFile,
  definition: Definition,
): Promise<readonly Problem[]> {
  if (definition.refusals === undefined) {
    return [];
  }
  const names = await world.names(path);
  return definition.refusals(document.getText(), path, names?.dataSets ?? []);
}

/** Shown faded: settings that are right, and do nothing here. */
function noEffects({ document, path }: OpenFile, definition: Definition, yaml: YamlText): readonly Diagnostic[] {
  return (definition.ignored?.(document.getText(), path) ?? []).flatMap(({ path: keys, reason }) => {
    const entry = entriesOf(nodeAtPath(yaml, keys.slice(0, -1)), keys.slice(0, -1)).find(
      ({ key }) => key === keys.at(-1),
    );
    if (entry === undefined) {
      return [];
    }
    const end = entry.value?.range?.[1] ?? entry.keySpan.end;
    return {
      range: rangeOf(document, entry.keySpan.start, end),
      severity: DiagnosticSeverity.Hint,
      tags: [DiagnosticTag.Unnecessary],
      source,
      code: diagnosticCodes.noEffect,
      message: reason,
    };
  });
}
