import { runInEditorTests } from '../vscode-host/inEditorTests.ts';
import type { Suite } from './suite.ts';

/** test/in-editor/, in the extension host of a real VS Code. */
export function inEditorSuite(packed: () => Promise<string>): Suite {
  return {
    name: 'in-editor',
    run: async () => {
      // Packing builds dist/, which the extension host loads.
      await packed();
      return runInEditorTests();
    },
  };
}
