/** The server as the editor sees it: open files, and for each question the features of the file's kind. */
import { fileURLToPath } from 'node:url';
import {
  type CancellationToken,
  CodeLensRefreshRequest,
  type Connection,
  DiagnosticRefreshRequest,
  DocumentDiagnosticReportKind,
  FileChangeType,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { runsChangedNotification } from '../protocol/languageServer.ts';
import type { FileFeatures, OpenFile } from './fileFeatures.ts';
import type { FileSupport } from './fileSupport.ts';

/** Characters after which the editor asks for completions by itself: a new key, a value, an item, a part of a path. */
const triggerCharacters = [' ', '-', '/', '"', "'", '{', '.', '(', ','];

/** Answers an editor until it closes the connection. */
export function serve(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  let roots: readonly string[] = [];
  let support: Promise<FileSupport> | undefined;
  let load: (() => Promise<FileSupport>) | undefined;
  const loaded = (): Promise<FileSupport> | undefined => {
    support ??= load?.();
    return support;
  };

  connection.onInitialize((params): InitializeResult => {
    roots = rootsOf(params);
    load = async () => {
      const { FileSupport } = await import('./fileSupport.ts');
      return new FileSupport(connection, params, () => roots);
    };
    return {
      serverInfo: { name: 'Runledger' },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        diagnosticProvider: { identifier: 'runledger', interFileDependencies: true, workspaceDiagnostics: false },
        completionProvider: { triggerCharacters },
        hoverProvider: true,
        documentSymbolProvider: true,
        foldingRangeProvider: true,
        documentLinkProvider: { resolveProvider: false },
        codeActionProvider: { codeActionKinds: ['quickfix', 'refactor'] },
        codeLensProvider: { resolveProvider: false },
        inlayHintProvider: true,
        documentFormattingProvider: true,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });
  connection.onInitialized(() => {
    loaded()?.catch((error: unknown) => connection.console.error(String(error)));
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map(({ uri }) => pathOf(uri)));
      roots = [...roots.filter((root) => !gone.has(root)), ...added.flatMap(({ uri }) => pathOf(uri) ?? [])];
    });
  });

  connection.onShutdown(async () => (await support)?.dispose());

  const warn = (error: unknown): void => connection.console.warn(String(error));
  connection.onDidChangeWatchedFiles(({ changes }) => {
    // What a file says is asked for when it counts; whether it is there is told by diagnostics that are shown already.
    if (changes.some(({ type }) => type !== FileChangeType.Changed)) {
      support?.then(({ world }) => world.forget()).catch(warn);
      connection.sendRequest(DiagnosticRefreshRequest.type).catch(warn);
    }
  });
  connection.onNotification(runsChangedNotification, () => {
    connection.sendRequest(CodeLensRefreshRequest.type).catch(warn);
  });

  /** Asks a feature of the file; undefined where the file has none of the kind, or is closed. */
  const ask = async <T>(
    { uri }: { readonly uri: string },
    token: CancellationToken,
    question: (features: FileFeatures, file: OpenFile) => T | Promise<T>,
  ): Promise<T | undefined> => {
    const files = await loaded();
    const document = documents.get(uri);
    const path = pathOf(uri);
    const features = document && path !== undefined ? files?.featuresOf(path, document) : undefined;
    if (files === undefined || document === undefined || path === undefined || features === undefined) {
      return undefined;
    }
    const { world } = files;
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort());
    try {
      const answer = await question(features, { document, path, world, signal: abort.signal });
      // An answer about a text that is no more would be shown in the wrong places.
      if (token.isCancellationRequested) {
        throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Canceled.');
      }
      return answer;
    } finally {
      subscription.dispose();
    }
  };

  connection.languages.diagnostics.on(async ({ textDocument }, token) => ({
    kind: DocumentDiagnosticReportKind.Full,
    items: [...((await ask(textDocument, token, (features, file) => features.diagnostics?.(file))) ?? [])],
  }));
  connection.onCompletion(async ({ textDocument, position }, token) => {
    const items = await ask(textDocument, token, (features, file) => features.completions?.(file, position));
    return items && [...items];
  });
  connection.onHover(({ textDocument, position }, token) =>
    ask(textDocument, token, (features, file) => features.hover?.(file, position)),
  );
  connection.onDocumentSymbol(async ({ textDocument }, token) => {
    const symbols = await ask(textDocument, token, (features, file) => features.symbols?.(file));
    return symbols && [...symbols];
  });
  connection.onFoldingRanges(async ({ textDocument }, token) => {
    const ranges = await ask(textDocument, token, (features, file) => features.foldingRanges?.(file));
    return ranges && [...ranges];
  });
  connection.onDocumentLinks(async ({ textDocument }, token) => {
    const links = await ask(textDocument, token, (features, file) => features.links?.(file));
    return links && [...links];
  });
  connection.onCodeAction(async ({ textDocument, range, context }, token) => {
    const actions = await ask(textDocument, token, (features, file) =>
      features.codeActions?.(file, range, context.diagnostics),
    );
    return actions && [...actions];
  });
  connection.onCodeLens(async ({ textDocument }, token) => {
    const lenses = await ask(textDocument, token, (features, file) => features.codeLenses?.(file));
    return lenses && [...lenses];
  });
  connection.languages.inlayHint.on(async ({ textDocument, range }, token) => {
    const hints = await ask(textDocument, token, (features, file) => features.inlayHints?.(file, range));
    return hints && [...hints];
  });
  connection.onDocumentFormatting(async ({ textDocument, options }, token) => {
    const edits = await ask(textDocument, token, (features, file) => features.formatting?.(file, options));
    return edits && [...edits];
  });

  documents.listen(connection);
  connection.listen();
}

function rootsOf({ workspaceFolders }: InitializeParams): readonly string[] {
  return workspaceFolders?.flatMap(({ uri }) => pathOf(uri) ?? []) ?? [];
}

/** Undefined for what is no file of this machine. */
function pathOf(uri: string): string | undefined {
  return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
}
