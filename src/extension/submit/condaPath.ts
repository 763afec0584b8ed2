import * as vscode from 'vscode';
import { expandHome } from '../../core/base/homePath.ts';
import { settingIds } from '../ids.ts';

/** What core, and whatever is started from this window, look for conda by. */
const variable = 'RUNLEDGER_CONDA';

/** Has conda looked for where the settings say, as long as the result is not disposed of: here, else where the Python extension is told. */
export function followCondaPath(): vscode.Disposable {
  const inherited = process.env[variable];
  const apply = (): void => {
    const settings = vscode.workspace.getConfiguration();
    const paths = [
      settings.get<string>(settingIds.condaPath, ''),
      inherited,
      settings.get<unknown>('python.condaPath'),
    ];
    const path = paths.find((value) => typeof value === 'string' && value.trim() !== '');
    if (typeof path === 'string') {
      process.env[variable] = expandHome(path.trim());
    } else {
      delete process.env[variable];
    }
  };
  apply();
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(settingIds.condaPath) || event.affectsConfiguration('python.condaPath')) {
      apply();
    }
  });
}
