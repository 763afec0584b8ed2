/** A run's page in a browser without VS Code, with the real half of the extension host behind it. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parseRunPageMessage } from '../../src/extension/run-page/runPageMessages.ts';
import type { RunPageSession } from '../../src/extension/run-page/runPageSession.ts';
import type { HostToRunPage } from '../../src/protocol/runPage.ts';
import { cacheFolder } from '../support/paths.ts';

const pagesFolder = path.join(cacheFolder, 'webview-dev');

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

/**
 * What stands between a page and the extension host: in VS Code another process. Messages come as events of the server, and go as
 * requests, those that come while others are on their way together.
 */
const courier = `
  let messages = [];
  let isSending = false;
  onmessage = async ({ data }) => {
    messages.push(data);
    if (isSending) return;
    isSending = true;
    while (messages.length > 0) {
      const body = JSON.stringify(messages);
      messages = [];
      await fetch('/message', { method: 'POST', body });
    }
    isSending = false;
  };
  new EventSource('/messages').onmessage = ({ data }) => postMessage(JSON.parse(data));
`;

/** What VS Code gives to a page. */
const host = `
  const courier = new Worker('courier.js');
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => courier.postMessage(message),
    getState: () => ({ workspaceFolder: '/', runId: 'run', tab: 'metrics' }),
    setState: () => {},
  });
  courier.onmessage = ({ data: message }) => {
    for (const { count } of message.metrics ?? []) window.benchPoints = Math.max(window.benchPoints ?? 0, count);
    window.dispatchEvent(new MessageEvent('message', { data: message }));
  };
`;

const html = `<!doctype html>
<html data-theme="dark">
<head><meta charset="utf-8"><link rel="stylesheet" href="themes.css"><link rel="stylesheet" href="run-page.css"></head>
<body class="vscode-dark"><runledger-run-page></runledger-run-page>
<script>${host}</script><script src="run-page.js"></script></body>
</html>`;

export interface ServedPage {
  readonly address: string;
  close(): void;
}

/** Serves one page to one browser on this machine. The page leaves the mark `bench:start` when its script begins. */
export async function servePage(
  openSession: (post: (message: HostToRunPage) => void) => RunPageSession,
): Promise<ServedPage> {
  let events: ServerResponse | undefined;
  const held: string[] = [];
  const session = openSession((message) => {
    const event = `data: ${JSON.stringify(message)}\n\n`;
    if (events === undefined) {
      held.push(event);
    } else {
      events.write(event);
    }
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1);
    if (name === 'messages') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(held.splice(0).join(''));
      events = response;
    } else if (name === 'message') {
      for (const message of JSON.parse(await text(request)) as unknown[]) {
        take(session, message);
      }
      response.writeHead(204).end();
    } else if (name === 'courier.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(courier);
    } else if (name === '') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(html);
    } else {
      const content = await readFile(path.join(pagesFolder, path.basename(name)));
      response.writeHead(200, { 'content-type': contentTypes[path.extname(name)] ?? 'application/octet-stream' });
      response.end(name.endsWith('.js') ? `performance.mark('bench:start');${withoutSourceMap(content)}` : content);
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(404).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      session.dispose();
      server.close();
      server.closeAllConnections();
    },
  };
}

function take(session: RunPageSession, sent: unknown): void {
  const message = parseRunPageMessage(sent);
  switch (message?.type) {
    case 'ready':
    case 'resync':
      void session.start();
      return;
    case 'request':
      void session.answer(message);
      return;
    case 'cancel':
      session.cancel(message.id);
      return;
    default:
      // The benchmark asks for nothing else.
      return;
  }
}

/** The product has none beside its code, and to read past it takes a while. */
function withoutSourceMap(script: Buffer): string {
  return script.toString('utf8').replace(/\/\/# sourceMappingURL=\S*\s*$/, '');
}
