import * as vscode from 'vscode';
import { pageHtml } from './pageHtml.ts';

/** A page's bundle in `dist/webview/`: `run-page` has `run-page.js`, `run-page.css` and the element `<runledger-run-page>`. */
export type PageBundle = 'run-page' | 'experiment-page' | 'compare-page' | 'model-page';

export interface PageViewOptions<ToHost> {
  readonly panel: vscode.WebviewPanel;
  readonly bundle: PageBundle;
  readonly extensionUri: vscode.Uri;
  /** Folders beside the bundle's own whose files the page may load. */
  readonly resourceFolders?: readonly string[];
  /** What the page sent, or undefined where it is not a message of its protocol. */
  readonly parse: (value: unknown) => ToHost | undefined;
  readonly onMessage: (message: ToHost) => void;
  /** The page was hidden or is shown again; one that is shown again loads anew. */
  readonly onVisibility?: (isVisible: boolean) => void;
  readonly log: vscode.LogOutputChannel;
}

/** The editor tab that a page lives in: loads its bundle, carries messages both ways and keeps the tab's title and icon. */
export class PageView<ToHost, ToPage> implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  private readonly extensionUri: vscode.Uri;
  private readonly disposables: vscode.Disposable[] = [];
  private postedCount = 0;

  constructor(options: PageViewOptions<ToHost>) {
    const { panel, bundle, extensionUri, resourceFolders = [], parse, onMessage, onVisibility, log } = options;
    this.panel = panel;
    this.extensionUri = extensionUri;
    const bundleFolder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [bundleFolder, ...resourceFolders.map((folder) => vscode.Uri.file(folder))],
    };
    this.disposables.push(
      panel.webview.onDidReceiveMessage((value: unknown) => {
        if (isPing(value)) {
          void panel.webview.postMessage({ type: 'pong' });
          return;
        }
        const message = parse(value);
        if (message === undefined) {
          log.warn(`A page (${bundle}) sent a message that is not one of its protocol.`);
        } else {
          onMessage(message);
        }
      }),
      panel.onDidChangeViewState(() => onVisibility?.(panel.visible)),
    );
    const uriOf = (file: string): string =>
      panel.webview.asWebviewUri(vscode.Uri.joinPath(bundleFolder, file)).toString();
    panel.webview.html = pageHtml({
      element: `runledger-${bundle}`,
      cspSource: panel.webview.cspSource,
      scriptUri: uriOf(`${bundle}.js`),
      styleUri: uriOf(`${bundle}.css`),
      language: vscode.env.language,
    });
  }

  /** Messages sent to the page so far. For tests of what a live page costs. */
  get messageCount(): number {
    return this.postedCount;
  }

  post(message: ToPage): void {
    this.postedCount += 1;
    // The promise tells whether a hidden page got it; such a page loads anew when it is shown.
    void this.panel.webview.postMessage(message);
  }

  /** How the page addresses a file below one of its resource folders. */
  uriOf(file: string): string {
    return this.panel.webview.asWebviewUri(vscode.Uri.file(file)).toString();
  }

  setTitle(title: string): void {
    // Only what differs is set: each assignment redraws the tab.
    if (this.panel.title !== title) {
      this.panel.title = title;
    }
  }

  /** @param name of the files `<name>-light.svg` and `<name>-dark.svg` in a folder of `media/` */
  setIcon(folder: string, name: string): void {
    const uri = (theme: string): vscode.Uri =>
      vscode.Uri.joinPath(this.extensionUri, 'media', folder, `${name}-${theme}.svg`);
    this.panel.iconPath = { light: uri('light'), dark: uri('dark') };
  }

  reveal(): void {
    this.panel.reveal(undefined, false);
  }

  close(): void {
    this.panel.dispose();
  }

  dispose(): void {
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }
}

/** A page asks now and then whether anybody is there. */
function isPing(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'ping';
}
