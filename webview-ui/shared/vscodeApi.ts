/** What VS Code puts into every webview's page. It can be acquired once. */
export interface VsCodeApi<State> {
  postMessage(message: unknown): void;
  getState(): State | undefined;
  setState(state: State): void;
}

declare const acquireVsCodeApi: <State>() => VsCodeApi<State>;

export function acquireApi<State>(): VsCodeApi<State> {
  return acquireVsCodeApi<State>();
}
