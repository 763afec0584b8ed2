import * as vscode from 'vscode';
import { viewIds } from '../ids.ts';

/** The Models view. A store of format 1 keeps no models, so the view has no rows and shows its welcome text. */
export function registerModelsView(): vscode.Disposable {
  return vscode.window.registerTreeDataProvider<never>(viewIds.models, {
    getChildren: () => [],
    getTreeItem: (node: never) => node,
  });
}
