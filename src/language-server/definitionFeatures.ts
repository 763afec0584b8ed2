import { codeActionsOf } from './code-actions/codeActions.ts';
import { codeLensesOf } from './code-lenses/codeLenses.ts';
import { completionsOf } from './completion/completion.ts';
import type { Definition } from './definitions/definition.ts';
import { diagnosticsOf } from './diagnostics/diagnostics.ts';
import type { FileFeatures } from './fileFeatures.ts';
import { formattingOf } from './formatting/formatting.ts';
import { hoverOf } from './hover/hover.ts';
import { linksOf } from './links/links.ts';
import { foldingRangesOf } from './outline/foldingRanges.ts';
import { symbolsOf } from './outline/symbols.ts';

/** What every file has that a schema describes. */
export function definitionFeatures(definition: Definition): FileFeatures {
  return {
    diagnostics: (file) => diagnosticsOf(file, definition),
    completions: (file, position) => completionsOf(file, definition, position),
    hover: (file, position) => hoverOf(file, definition, position),
    codeLenses: (file) => codeLensesOf(file, definition),
    codeActions: (file, _range, diagnostics) => codeActionsOf(file, definition, diagnostics),
    links: (file) => linksOf(file, definition),
    symbols: symbolsOf,
    foldingRanges: foldingRangesOf,
    formatting: formattingOf,
  };
}
