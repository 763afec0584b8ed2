/** The editor's end of the language server. Loaded with the first file that the server is for: it is half of the extension's code. */
import * as vscode from 'vscode';
import { LanguageClient, RevealOutputChannelOn, TransportKind } from 'vscode-languageclient/node';
import {
  type LastRunQuestion,
  lastRunRequest,
  runsChangedNotification,
  type ServerOptions,
} from '../../protocol/languageServer.ts';
import { commandIds } from '../ids.ts';
import type { LastRuns } from './lastRuns.ts';

/** What the server is told of. Of these it takes what is its own: YAML and text files are told apart by what they say. */
const documentSelector = [
  { scheme: 'file', language: 'runconfig' },
  { scheme: 'file', language: 'yaml' },
  { scheme: 'file', language: 'python' },
  { scheme: 'file', pattern: '**/.amlignore' },
  { scheme: 'file', pattern: '**/*requirements*.txt' },
  { scheme: 'file', pattern: '**/requirements/*.txt' },
];

/** The server, from its start on. */
export interface RunningServer {
  /** A run began or ended: what was told of runs may be wrong. */
  runsChanged(): void;
  dispose(): Promise<void>;
}

/** Starts the server as a process of its own. */
export async function startLanguageClient(
  serverFile: string,
  lastRuns: LastRuns,
  log: vscode.LogOutputChannel,
): Promise<RunningServer> {
  const files = vscode.workspace.createFileSystemWatcher('**/*.{py,yml,yaml,txt,runconfig}', false, true);
  const client = new LanguageClient(
    'runledger',
    vscode.l10n.t('Runledger Language Server'),
    { module: serverFile, transport: TransportKind.ipc },
    {
      documentSelector,
      // Files that others name.
      synchronize: { fileEvents: files },
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      diagnosticPullOptions: { onChange: true, onTabs: true, onFocus: true },
      // In Restricted Mode nothing is written, not even an index of the runs.
      initializationOptions: { readsRuns: vscode.workspace.isTrusted, knowsRuns: true } satisfies ServerOptions,
      markdown: { isTrusted: { enabledCommands: [commandIds.openRun] }, supportHtml: false },
    },
  );
  client.onRequest(lastRunRequest, async ({ configuration }: LastRunQuestion) => {
    try {
      return (await lastRuns.of(configuration)) ?? null;
    } catch (error) {
      // Without it, the lens is left out.
      log.warn(error instanceof Error ? error.message : String(error));
      return null;
    }
  });
  await client.start();
  return {
    runsChanged: () => void client.sendNotification(runsChangedNotification).catch(() => {}),
    dispose: async () => {
      files.dispose();
      await client.dispose();
    },
  };
}
