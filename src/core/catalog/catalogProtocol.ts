/** What a window and the worker that reads its stores say to each other. */
import { NotificationType, RequestType } from 'vscode-jsonrpc/node';
import type { ErrorReason } from '../base/errors.ts';
import type { WorkspaceInfo } from '../domain/workspace.ts';
import type { OpenCatalogOptions } from './indexedRunCatalog.ts';
import type { CatalogChange, RunCatalog, RunDelta } from './runCatalog.ts';

/** The calls of a catalog that answer once. */
export type CatalogMethod = Exclude<keyof RunCatalog, 'workspace' | 'onDidChange' | 'follow' | 'dispose'>;

/** What a `RunledgerError` says, which is more than an error of the protocol can. */
export interface RefusalData {
  readonly reason: ErrorReason;
  readonly advice?: string;
}

export interface CatalogCall {
  readonly folder: string;
  readonly method: CatalogMethod;
  readonly args: readonly unknown[];
}

/** `id` names one listener of the window. */
export interface Subscription {
  readonly folder: string;
  readonly id: number;
}

export const openRequest = new RequestType<
  { readonly folder: string; readonly options: OpenCatalogOptions },
  WorkspaceInfo,
  RefusalData
>('open');
export const callRequest = new RequestType<CatalogCall, unknown, RefusalData>('call');
export const closeNotification = new NotificationType<{ readonly folder: string }>('close');
export const listenNotification = new NotificationType<Subscription>('listen');
export const followNotification = new NotificationType<Subscription & { readonly runId: string }>('follow');
export const endNotification = new NotificationType<{ readonly id: number }>('end');
export const changeNotification = new NotificationType<{ readonly id: number; readonly change: CatalogChange }>(
  'change',
);
export const deltaNotification = new NotificationType<{ readonly id: number; readonly delta: RunDelta }>('delta');
