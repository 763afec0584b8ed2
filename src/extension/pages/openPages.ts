import * as vscode from 'vscode';

/** What an editor tab shows. Its panel is closed through it, and disposes it. */
export interface Page extends vscode.Disposable {
  reveal(): void;
  close(): void;
}

export interface PageKind<Target, P extends Page> {
  /** One of `webviewIds`. */
  readonly viewType: string;
  /** The same for targets that are one page. */
  readonly keyOf: (target: Target) => string;
  /** What a page kept for its restoration, or undefined where it is of no use. */
  readonly parseState: (value: unknown) => Target | undefined;
  /** Reads what has to be there, so that nothing opens for what is not; then the panel becomes the page. */
  readonly load: (target: Target) => Promise<(panel: vscode.WebviewPanel) => P>;
}

/** The pages of a kind that are open in this window: at most one for each target, restored with the window. */
export class OpenPages<Target, P extends Page> implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly kind: PageKind<Target, P>;
  private readonly log: vscode.LogOutputChannel;
  private readonly pages = new Map<string, P>();
  /** Openings under way, so that two quick clicks make one page. */
  private readonly opening = new Map<string, Promise<P>>();

  constructor(kind: PageKind<Target, P>, log: vscode.LogOutputChannel) {
    this.kind = kind;
    this.log = log;
  }

  get(target: Target): P | undefined {
    return this.pages.get(this.kind.keyOf(target));
  }

  /** Shows the page of a target, in the active editor group where it is not open yet. */
  async open(target: Target): Promise<P> {
    const key = this.kind.keyOf(target);
    let page = this.pages.get(key);
    if (page === undefined) {
      let opening = this.opening.get(key);
      if (opening === undefined) {
        opening = this.create(target).finally(() => this.opening.delete(key));
        this.opening.set(key, opening);
      }
      page = await opening;
    }
    page.reveal();
    return page;
  }

  /** Called by VS Code for each page that was open when the window was closed or reloaded. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, value: unknown): Promise<void> {
    const target = this.kind.parseState(value);
    try {
      if (target === undefined) {
        throw new Error('it did not keep what it showed.');
      }
      const show = await this.kind.load(target);
      this.keep(target, panel, show(panel));
    } catch (error) {
      // What was deleted meanwhile, or whose disk is not there, is no reason for an empty tab.
      const reason = error instanceof Error ? error.message : String(error);
      this.log.warn(`A page (${this.kind.viewType}) was not restored: ${reason}`);
      panel.dispose();
    }
  }

  dispose(): void {
    for (const page of this.pages.values()) {
      page.dispose();
    }
    this.pages.clear();
  }

  private async create(target: Target): Promise<P> {
    const show = await this.kind.load(target);
    // The title is the page's to set.
    const panel = vscode.window.createWebviewPanel(this.kind.viewType, '', vscode.ViewColumn.Active, {
      enableFindWidget: true,
    });
    return this.keep(target, panel, show(panel));
  }

  private keep(target: Target, panel: vscode.WebviewPanel, page: P): P {
    const key = this.kind.keyOf(target);
    this.pages.set(key, page);
    panel.onDidDispose(() => {
      page.dispose();
      if (this.pages.get(key) === page) {
        this.pages.delete(key);
      }
    });
    return page;
  }
}
