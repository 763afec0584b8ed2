import { Lifeline } from './lifeline.ts';

/** What VS Code puts into every webview's page. It can be acquired once. */
export interface VsCodeApi<State> {
  postMessage(message: unknown): void;
  getState(): State | undefined;
  setState(state: State): void;
}

declare const acquireVsCodeApi: <State>() => VsCodeApi<State>;

export function acquireApi<State>(): VsCodeApi<State> {
  const api = acquireVsCodeApi<State>();
  // What else shows pages, as for tests, has no extension that could go away.
  if (document.body.hasAttribute('data-has-extension')) {
    watchExtension(api);
  }
  return api;
}

/** Says so where the extension does not answer any more. */
function watchExtension(api: VsCodeApi<unknown>): void {
  const notice = document.createElement('p');
  notice.className = 'cut-off';
  notice.setAttribute('role', 'alert');
  const lifeline = new Lifeline({
    ask: () => api.postMessage({ type: 'ping' }),
    isSeen: () => !document.hidden,
    onChange: (isCut) => {
      if (isCut) {
        notice.textContent =
          'This page may be out of date: Runledger does not answer it any more, as where VS Code has restarted its extensions. Close its tab, and open it again from the Runledger views.';
        document.body.prepend(notice);
      } else {
        notice.remove();
      }
    },
  });
  // Before the page's own listeners, for which an answer to this is nothing.
  window.addEventListener('message', (event: MessageEvent<{ readonly type?: unknown } | undefined>) => {
    if (event.data?.type === 'pong') {
      event.stopImmediatePropagation();
    }
    lifeline.heard();
  });
  lifeline.start();
}
