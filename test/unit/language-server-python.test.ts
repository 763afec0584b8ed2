import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  CodeLensRequest,
  type CompletionItem,
  CompletionRequest,
  ConfigurationRequest,
  createConnection,
  createProtocolConnection,
  DidChangeConfigurationNotification,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  InlayHintRefreshRequest,
  InlayHintRequest,
  type MarkupContent,
  ProposedFeatures,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { serve } from '../../src/language-server/server.ts';
import { newRun, onCleanup, openTestJournal, record, temporaryWorkspace } from '../support/temporaryStore.ts';

const script = `from azureml.core import Run
run = Run.get_context()
for step in range(3):
    run.log("loss", loss)
    run.log(
        "accuracy", accuracy)  # a comment
    run.log({"f1": f1, "mix <b>|": 1})
    run.log("never", 0)
`;

/** A server beside an editor that has a script open, and answers for its settings. */
async function editor(folder: string, text = script, readsRuns = true) {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  serve(createConnection(ProposedFeatures.all, new StreamMessageReader(toServer), new StreamMessageWriter(toClient)));
  const connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  let settings: Record<string, boolean> = {};
  let refreshed = (): void => {};
  connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => settings));
  connection.onRequest(InlayHintRefreshRequest.type, () => refreshed());
  connection.listen();
  await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: { workspace: { configuration: true, inlayHint: { refreshSupport: true } } },
    initializationOptions: { readsRuns },
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'folder' }],
  });
  await connection.sendNotification(InitializedNotification.type, {});
  onCleanup(async () => {
    await connection.sendRequest(ShutdownRequest.type);
    connection.dispose();
  });
  const uri = pathToFileURL(join(folder, 'train.py')).href;
  const textDocument = { uri };
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: 'python', version: 1, text },
  });
  return {
    async hints(from = 0, to = 100) {
      const range = { start: { line: from, character: 0 }, end: { line: to, character: 0 } };
      const hints = await connection.sendRequest(InlayHintRequest.type, { textDocument, range });
      return (hints ?? []).map(({ position, label }) => `${position.line}:${position.character} ${String(label)}`);
    },
    async hover(line: number, character: number) {
      const hover = await connection.sendRequest(HoverRequest.type, { textDocument, position: { line, character } });
      return (hover?.contents as MarkupContent | undefined)?.value;
    },
    async completions(line: number, character: number) {
      const found = await connection.sendRequest(CompletionRequest.type, {
        textDocument,
        position: { line, character },
      });
      return found as CompletionItem[];
    },
    async lenses() {
      return ((await connection.sendRequest(CodeLensRequest.type, { textDocument })) ?? []).map(
        ({ command }) => command,
      );
    },
    /** Resolves when the server says that hints changed. */
    refresh: () =>
      new Promise<void>((resolve) => {
        refreshed = resolve;
      }),
    async set(changed: Record<string, boolean>) {
      settings = changed;
      await connection.sendNotification(DidChangeConfigurationNotification.type, { settings: {} });
    },
    async change(changed: string) {
      await connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version: 2 },
        contentChanges: [{ text: changed }],
      });
    },
  };
}

async function scriptRun(folder: string, runId: string, name = 'train.py') {
  const submission = { script: name, sourceDirectory: folder, arguments: [], inPlace: false };
  return await newRun(folder, { runId, submission });
}

/** A workspace in which the script ran twice, and another of its name once. */
async function workspaceWithRuns(): Promise<string> {
  const folder = await temporaryWorkspace();
  await writeFile(join(folder, 'train.py'), script);
  for (const [index, runId] of ['first', 'second'].entries()) {
    const run = await scriptRun(folder, runId);
    const values = [0.9, 0.03 + index, 0.5 + index];
    await record(
      folder,
      run,
      ...values.map((v, s) => ({ k: 'metric', n: 'loss', v, s }) as const),
      { k: 'metric', n: 'accuracy', v: 0.5 },
      { k: 'metric', n: 'accuracy', v: 0.123456 },
      { k: 'metric', n: 'f1', v: 1 },
      { k: 'metric', n: 'mix <b>|', v: Number.NaN },
      { k: 'metric', n: 'system/cpu_percent', v: 3 },
      { k: 'status', v: 'Completed' },
    );
  }
  const submission = { script: 'train.py', sourceDirectory: join(folder, 'other'), arguments: [], inPlace: false };
  const other = await newRun(folder, { runId: 'other', submission });
  await record(folder, other, { k: 'metric', n: 'loss', v: 77 }, { k: 'metric', n: 'elsewhere', v: 1 });
  return folder;
}

describe('beside the code of a script', () => {
  it('stand the last and the best value of its latest run', async () => {
    const { hints, change } = await editor(await workspaceWithRuns());
    expect(await hints()).toEqual(['3:25 1.50 · best 0.900', '5:42 0.123 · best 0.500', '6:38 f1 1   mix <b>| NaN']);
    expect(await hints(4, 5)).toEqual(['5:42 0.123 · best 0.500']);
    await change(`import os\n${script}`);
    expect(await hints(0, 5)).toEqual(['4:25 1.50 · best 0.900']);
  });

  it('changes while it runs', async () => {
    const folder = await workspaceWithRuns();
    const { hints, refresh } = await editor(folder);
    expect(await hints(0, 4)).toEqual(['3:25 1.50 · best 0.900']);
    let next = refresh();
    // As Python names a script that is run by hand.
    const run = await scriptRun(folder, 'third', join(folder, 'train.py'));
    const journal = await openTestJournal(folder, run);
    await journal.append({ k: 'status', v: 'Running' });
    await journal.append({ k: 'metric', n: 'loss', v: 4 });
    while ((await hints(0, 4))[0] !== '3:25 4') {
      await next;
      next = refresh();
    }
    await journal.append({ k: 'metric', n: 'loss', v: 3 });
    while ((await hints(0, 4))[0] !== '3:25 3 · best 3') {
      await next;
      next = refresh();
    }
    await journal.close();
  });

  it('is a hover with the curve and the last runs, in which nothing of a run is Markdown', async () => {
    const { hover } = await editor(await workspaceWithRuns());
    const text = (await hover(3, 14)) ?? '';
    expect(text).toContain('![curve of the latest run](data:image/svg+xml;base64,');
    const svg = Buffer.from(/base64,([^)]*)/.exec(text)?.[1] ?? '', 'base64').toString();
    expect(svg).toMatch(/<path d="M4\.0 [\d.]+L160\.0 [\d.]+L316\.0 [\d.]+"/);
    expect(text.split('\n').filter((line) => line.startsWith('[')).length).toBe(2);
    expect(text).toContain('](command:runledger.openRun?');
    expect(await hover(3, 9)).toBe(text);
    const special = (await hover(6, 26)) ?? '';
    expect(special).toContain('mix &#60;b&#62;&#124;');
    expect(special).not.toContain('<b>');
    expect(await hover(7, 14)).toBeUndefined();
    expect(await hover(0, 3)).toBeUndefined();
  });

  it('are values of names that stand for a text, and of the few that an f-string can mean', async () => {
    const text = [
      'LOSS = "loss"',
      'run.log(LOSS, 1)',
      'run.log(f"acc{kind}", 1)',
      'run.log(f"{kind}c{other}", 1)',
      'run.log(f"{kind}", 1)',
    ].join('\n');
    const { hints, hover, completions } = await editor(await workspaceWithRuns(), text);
    expect(await hints()).toEqual([
      '1:16 1.50 · best 0.900',
      '2:24 accuracy 0.123 · best 0.500',
      '3:29 accuracy 0.123 · best 0.500',
    ]);
    expect(await hover(1, 9)).toContain('**loss** in the last runs');
    expect(await hover(2, 12)).toContain('**accuracy** in the last runs');
    expect(await hover(4, 12)).toBeUndefined();
    expect(await completions(1, 10)).toEqual([]);
  });

  it('completes names that were logged in its experiment', async () => {
    const { completions, change } = await editor(await workspaceWithRuns());
    const items = await completions(3, 14);
    expect(items.map(({ label }) => label)).toEqual(['loss', 'accuracy', 'f1', 'mix <b>|', 'elsewhere']);
    expect(items[0]).toMatchObject({ detail: 'metric of 3 runs', textEdit: { newText: 'loss' } });
    await change('run.log("\nx = 1\n');
    expect((await completions(0, 9))[1]).toMatchObject({
      textEdit: { newText: 'accuracy', range: { start: { line: 0, character: 9 }, end: { line: 0, character: 9 } } },
    });
    expect(await completions(1, 2)).toEqual([]);
  });

  it('stand Submit and the last runs', async () => {
    const folder = await workspaceWithRuns();
    const { lenses } = await editor(folder);
    expect(await lenses()).toEqual([
      { title: '$(play) Submit', command: 'runledger.submit', arguments: [{ script: join(folder, 'train.py') }] },
      expect.objectContaining({ command: 'runledger.submitWithArguments' }),
      {
        title: '$(pass) #2 · accuracy 0.123',
        command: 'runledger.openRun',
        arguments: [{ workspaceFolder: folder, runId: 'second' }],
      },
      expect.objectContaining({ title: '$(pass) #1 · accuracy 0.123' }),
    ]);
  });

  it('is nothing where a setting turns it off, in Restricted Mode, where nothing is logged, and of a store that cannot be read', async () => {
    const folder = await workspaceWithRuns();
    const first = await editor(folder);
    await first.set({ inlayHints: false, hovers: false, completions: false, codeLenses: false });
    const nothing = async ({ hints, hover, completions, lenses }: Awaited<ReturnType<typeof editor>>) =>
      expect([await hints(), await hover(3, 14), (await completions(3, 14)) ?? [], await lenses()]).toEqual([
        [],
        undefined,
        [],
        [],
      ]);
    await nothing(first);
    await first.set({});
    expect((await first.hints()).length).toBe(3);
    await nothing(await editor(folder, script, false));
    await writeFile(join(folder, '.runledger', 'workspace.json'), '{"format": 99}');
    const { hints, lenses } = await editor(folder);
    expect([await hints(), (await lenses()).length]).toEqual([[], 2]);
    await nothing(await editor(folder, 'import math\nx = [1]\ny = 2\nprint("run.log()")\n'));
  });
});
