/** A client of the language server, as an editor is one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticReportKind,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  ProposedFeatures,
  type ProtocolConnection,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { serve } from '../../src/language-server/server.ts';
import type { ServerOptions } from '../../src/protocol/languageServer.ts';

export interface TestClient extends AsyncDisposable {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  /** Opens a text, which need not be on the disk, and returns its address. */
  open(path: string, text: string): Promise<string>;
  change(uri: string, text: string): Promise<void>;
  diagnostics(uri: string): Promise<readonly Diagnostic[]>;
}

/** The server in this process, over streams. */
export async function connectInMemory(folder: string, options?: ServerOptions): Promise<TestClient> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  serve(createConnection(ProposedFeatures.all, new StreamMessageReader(toServer), new StreamMessageWriter(toClient)));
  const connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  // The end of a server is the end of its process, which here is that of the tests: it is only told to shut down.
  return await clientOf(connection, folder, async () => await connection.sendRequest(ShutdownRequest.type), options);
}

/** The server as the editor has it: a program of its own. */
export async function connectToProgram(program: string, folder: string): Promise<TestClient> {
  const child = spawn(process.execPath, [resolve(program), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  return await clientOf(connection, folder, async () => {
    await connection.sendRequest(ShutdownRequest.type);
    await connection.sendNotification(ExitNotification.type);
    await exit;
  });
}

async function clientOf(
  connection: ProtocolConnection,
  folder: string,
  end: () => Promise<void>,
  initializationOptions?: ServerOptions,
): Promise<TestClient> {
  connection.listen();
  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    initializationOptions,
    capabilities: { workspace: { workspaceFolders: true } },
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'folder' }],
  });
  await connection.sendNotification(InitializedNotification.type, {});
  let version = 1;
  return {
    connection,
    initialized,
    async open(path, text) {
      const uri = pathToFileURL(path).href;
      await connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: 'plaintext', version: ++version, text },
      });
      return uri;
    },
    async change(uri, text) {
      await connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version: ++version },
        contentChanges: [{ text }],
      });
    },
    async diagnostics(uri) {
      const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
      return report.kind === DocumentDiagnosticReportKind.Full ? report.items : [];
    },
    async [Symbol.asyncDispose]() {
      await end();
      connection.dispose();
    },
  };
}
