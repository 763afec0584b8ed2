import * as vscode from 'vscode';

const scheme = 'runledger-report';
/** Reports that are kept: whoever opens an older one again finds it empty. */
const keptReports = 10;

/** Reports as documents that cannot be edited and need not be saved. */
export class ReportDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration: vscode.Disposable;
  private count = 0;

  constructor() {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** Makes a document of Markdown. The title becomes that of its tab. */
  add(title: string, text: string): vscode.Uri {
    this.count++;
    const name = title.replaceAll(/[\\/?#%]/g, ' ');
    const uri = vscode.Uri.from({ scheme, path: `/${this.count}/${name}.md` });
    this.texts.set(uri.toString(), text);
    for (const oldest of [...this.texts.keys()].slice(0, -keptReports)) {
      this.texts.delete(oldest);
    }
    return uri;
  }

  /** Shows a report as it is read, not as it is written; as it is written where VS Code's own Markdown is switched off. */
  async show(uri: vscode.Uri): Promise<void> {
    try {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    } catch {
      await vscode.window.showTextDocument(uri, { preview: true });
    }
  }

  dispose(): void {
    this.registration.dispose();
    this.texts.clear();
  }
}
