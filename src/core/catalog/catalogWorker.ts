/** The worker that reads a window's stores: the window's own thread waits for no file and folds no journal. */
import { parentPort } from 'node:worker_threads';
import {
  type CancellationToken,
  createMessageConnection,
  PortMessageReader,
  PortMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import { RunledgerError } from '../base/errors.ts';
import type { Disposable } from '../base/events.ts';
import {
  type CatalogCall,
  callRequest,
  changeNotification,
  closeNotification,
  deltaNotification,
  endNotification,
  followNotification,
  listenNotification,
  openRequest,
  type RefusalData,
} from './catalogProtocol.ts';
import { openRunCatalog } from './indexedRunCatalog.ts';
import type { RunCatalog } from './runCatalog.ts';

/** Of the codes that JSON-RPC leaves to servers. */
const refusedCode = -32_000;

if (parentPort === null) {
  throw new Error('This is the program of a worker thread.');
}
const connection = createMessageConnection(new PortMessageReader(parentPort), new PortMessageWriter(parentPort));
const catalogs = new Map<string, Promise<RunCatalog>>();
const subscriptions = new Map<number, Disposable>();

connection.onRequest(openRequest, ({ folder, options }) =>
  refusing(async () => {
    const opening = catalogs.get(folder) ?? openRunCatalog(folder, options);
    catalogs.set(folder, opening);
    opening.catch(() => catalogs.delete(folder));
    return (await opening).workspace;
  }),
);
connection.onRequest(callRequest, (call, token) => refusing(() => answer(call, token)));
connection.onNotification(closeNotification, ({ folder }) => {
  const catalog = catalogs.get(folder);
  catalogs.delete(folder);
  catalog?.then(
    (opened) => opened.dispose(),
    () => {},
  );
});
connection.onNotification(listenNotification, ({ folder, id }) =>
  subscribe(folder, id, (catalog) =>
    catalog.onDidChange((change) => void connection.sendNotification(changeNotification, { id, change })),
  ),
);
connection.onNotification(followNotification, ({ folder, id, runId }) =>
  subscribe(folder, id, (catalog) =>
    catalog.follow(runId, (delta) => void connection.sendNotification(deltaNotification, { id, delta })),
  ),
);
connection.onNotification(endNotification, ({ id }) => {
  subscriptions.get(id)?.dispose();
  subscriptions.delete(id);
});
connection.listen();

async function answer({ folder, method, args }: CatalogCall, token: CancellationToken): Promise<unknown> {
  const catalog = await opened(folder);
  const abort = new AbortController();
  const canceling = token.onCancellationRequested(() => abort.abort());
  if (token.isCancellationRequested) {
    abort.abort();
  }
  try {
    const call = catalog[method] as (...values: readonly unknown[]) => Promise<unknown>;
    return await call.apply(catalog, [...args, abort.signal]);
  } finally {
    canceling.dispose();
  }
}

async function opened(folder: string): Promise<RunCatalog> {
  const catalog = catalogs.get(folder);
  if (catalog === undefined) {
    throw new RunledgerError('canceled', `The workspace ${folder} was closed.`);
  }
  return await catalog;
}

function subscribe(folder: string, id: number, start: (catalog: RunCatalog) => Disposable): void {
  let hasEnded = false;
  let subscription: Disposable | undefined;
  subscriptions.set(id, {
    dispose: () => {
      hasEnded = true;
      subscription?.dispose();
    },
  });
  opened(folder).then(
    (catalog) => {
      subscription = hasEnded ? undefined : start(catalog);
    },
    // The window has closed the catalog meanwhile.
    () => subscriptions.delete(id),
  );
}

/** What core refuses, as an error of the protocol that keeps the reason and the advice. */
async function refusing<T>(action: () => Promise<T>): Promise<T | ResponseError<RefusalData>> {
  try {
    return await action();
  } catch (error) {
    if (!RunledgerError.is(error)) {
      throw error;
    }
    const { reason, message, advice } = error;
    return new ResponseError(refusedCode, message, { reason, ...(advice === undefined ? {} : { advice }) });
  }
}
