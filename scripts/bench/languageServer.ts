/** The language server as the editor has it: its start, and its answers while a person types. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CompletionRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type ProtocolConnection,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { buildProduct } from '../support/bundles.ts';
import { distFolder } from '../support/paths.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithLimit } from './figure.ts';
import { millisecondsOf, percentile95 } from './times.ts';

const starts = 11;
const rounds = 5;
const keystrokes = 40;
const lines = 500;
const startLimitMs = 150;
const diagnosticsLimitMs = 30;
const completionLimitMs = 20;

export const languageServer: Benchmark = {
  name: 'language-server',
  about:
    `From the start of the server’s process to its answer to \`initialize\`; and in a run configuration of ${lines} lines, in a workspace, the ` +
    `95th percentile of ${keystrokes} keystrokes: from the change to the diagnostics of the new text, and from a request to what may be typed.`,
  run: async ({ folder, say }) => {
    await buildProduct('package');
    await createWorkspace({ folder });
    await mkdir(path.join(folder, '.azureml'));
    await writeFile(path.join(folder, 'train.py'), '');
    const startTimes: number[] = [];
    for (let start = 0; start <= starts; start++) {
      const began = performance.now();
      const server = await startServer(folder);
      startTimes.push(performance.now() - began);
      await server.stop();
    }
    say('Typing…');
    const server = await startServer(folder);
    const { diagnostics, completion } = await type(server.connection, path.join(folder, '.azureml', 'long.runconfig'));
    await server.stop();
    return [
      // The first one reads the program from the disk.
      comparedWithLimit('the start of the server', startTimes.slice(1), startLimitMs, 'ms'),
      comparedWithLimit('diagnostics after a keystroke, 95th percentile', diagnostics, diagnosticsLimitMs, 'ms'),
      comparedWithLimit('completion, 95th percentile', completion, completionLimitMs, 'ms'),
    ];
  },
};

interface RunningServer {
  readonly connection: ProtocolConnection;
  stop(): Promise<void>;
}

async function startServer(folder: string): Promise<RunningServer> {
  const program = path.join(distFolder, 'language-server.cjs');
  const child = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'bench' }],
  });
  await connection.sendNotification(InitializedNotification.type, {});
  return {
    connection,
    async stop() {
      await connection.sendRequest(ShutdownRequest.type);
      await connection.sendNotification(ExitNotification.type);
      await exit;
      connection.dispose();
    },
  };
}

/** Types at the end of a long file: a key, letter by letter, again and again. */
async function type(
  connection: ProtocolConnection,
  file: string,
): Promise<{ readonly diagnostics: readonly number[]; readonly completion: readonly number[] }> {
  const uri = pathToFileURL(file).href;
  const text = longText();
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: 'runconfig', version: 1, text },
  });
  const lastLine = text.split('\n').length - 1;
  const diagnostics: number[] = [];
  const completion: number[] = [];
  let version = 1;
  for (let round = 0; round < rounds; round++) {
    const checks: number[] = [];
    const proposals: number[] = [];
    for (let key = 0; key < keystrokes; key++) {
      const character = key % 'framework'.length;
      const isNew = character === 0;
      const position = { line: lastLine, character: character + 1 };
      const change = isNew
        ? { range: { start: { line: lastLine, character: 0 }, end: { line: lastLine, character: 1000 } }, text: 'f' }
        : {
            range: { start: { line: lastLine, character }, end: { line: lastLine, character } },
            text: 'framework'.charAt(character),
          };
      checks.push(
        await millisecondsOf(async () => {
          await connection.sendNotification(DidChangeTextDocumentNotification.type, {
            textDocument: { uri, version: ++version },
            contentChanges: [change],
          });
          await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
        }),
      );
      proposals.push(
        await millisecondsOf(() => connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position })),
      );
    }
    diagnostics.push(percentile95(checks));
    completion.push(percentile95(proposals));
  }
  return { diagnostics, completion };
}

function longText(): string {
  const head = ['script: train.py', 'target: local', 'environment:', '  python:', '    userManagedDependencies: true'];
  const variables = ['environmentVariables:'];
  const references = ['dataReferences:'];
  while (head.length + variables.length + references.length < lines - 6) {
    const index = references.length;
    variables.push(`  VARIABLE_${index}: "value ${index}" # what it is for`);
    references.push(
      `  data_${index}:`,
      '    dataStoreName: workspaceblobstore',
      `    pathOnDataStore: folder/${index}`,
    );
  }
  return `${[...head, ...variables, ...references].join('\n')}\n`;
}
