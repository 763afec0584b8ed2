import type { TextDocument } from 'vscode-languageserver-textdocument';
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  Diagnostic,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  FormattingOptions,
  Hover,
  InlayHint,
  Position,
  Range,
  TextEdit,
} from 'vscode-languageserver-types';
import type { World } from './world/world.ts';

/** A file that is open in the editor, with what a feature may look at beside it. */
export interface OpenFile {
  readonly document: TextDocument;
  /** Absolute. */
  readonly path: string;
  readonly world: World;
  /** Aborted when the editor no longer waits for the answer. */
  readonly signal: AbortSignal;
}

type Answer<T> = T | Promise<T>;

/**
 * What the server does for files of one kind. Each feature reads the text that is given, asks the world for the rest, and
 * keeps nothing.
 */
export interface FileFeatures {
  diagnostics?(file: OpenFile): Answer<readonly Diagnostic[]>;
  completions?(file: OpenFile, position: Position): Answer<readonly CompletionItem[]>;
  hover?(file: OpenFile, position: Position): Answer<Hover | undefined>;
  symbols?(file: OpenFile): Answer<readonly DocumentSymbol[]>;
  foldingRanges?(file: OpenFile): Answer<readonly FoldingRange[]>;
  links?(file: OpenFile): Answer<readonly DocumentLink[]>;
  codeActions?(file: OpenFile, range: Range, diagnostics: readonly Diagnostic[]): Answer<readonly CodeAction[]>;
  codeLenses?(file: OpenFile): Answer<readonly CodeLens[]>;
  inlayHints?(file: OpenFile, range: Range): Answer<readonly InlayHint[]>;
  formatting?(file: OpenFile, options: FormattingOptions): Answer<readonly TextEdit[]>;
}
