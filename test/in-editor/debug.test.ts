import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { isTerminal } from '../../src/core/domain/runStatus.ts';
import { activateExtension, ensureWorkspace, openFolder, untilRun, writeScript } from './editorSupport.ts';

const script = `from azureml.core import Run

run = Run.get_context()
run.log("loss", 0.5)
value = 0.25  # line 5
run.log("loss", value)
print("debugged to the end")
`;

/** Where the debugger stands. */
function untilStopped(): Promise<vscode.DebugStackFrame> {
  return new Promise((resolve) => {
    const subscription = vscode.debug.onDidChangeActiveStackItem((item) => {
      if (item instanceof vscode.DebugStackFrame) {
        subscription.dispose();
        resolve(item);
      }
    });
  });
}

describe('Debug with Run Context', function () {
  this.timeout(180_000);

  it('is a run that stands still at a breakpoint and goes on from there, under the real debugger', async function () {
    if (!process.env.RUNLEDGER_TEST_DEBUGPY) {
      // debugpy could not be had: the output says why.
      this.skip();
    }
    await ensureWorkspace();
    const uri = await writeScript('debugged.py', script);
    const breakpoint = new vscode.SourceBreakpoint(new vscode.Location(uri, new vscode.Position(4, 0)));
    vscode.debug.addBreakpoints([breakpoint]);
    try {
      const stopped = untilStopped();
      const started = await vscode.commands.executeCommand<{ runId: string } | undefined>('runledger.debug', {
        script: uri,
        experiment: 'debugging',
      });
      assert.ok(started, 'The debugger did not start.');
      const { session, threadId, frameId } = await stopped;
      const { workspaces } = await activateExtension();
      const catalog = await workspaces.catalog(openFolder().fsPath);
      const lossOf = async () => (await catalog.details(started.runId)).metrics.find(({ name }) => name === 'loss');

      await untilRun(catalog, started.runId, ({ status }) => status === 'Running');
      const { stackFrames } = await session.customRequest('stackTrace', { threadId });
      assert.equal(stackFrames.find(({ id }: { id: number }) => id === frameId)?.line, 5);
      assert.equal((await lossOf())?.count, 1);

      await session.customRequest('continue', { threadId });
      const ended = await untilRun(catalog, started.runId, ({ status }) => isTerminal(status));
      assert.equal(ended.status, 'Completed');
      const loss = await lossOf();
      assert.deepEqual([loss?.count, loss?.last], [2, 0.25]);
    } finally {
      vscode.debug.removeBreakpoints([breakpoint]);
      // Rejected where the session ends by itself just now.
      await vscode.debug.stopDebugging().then(undefined, () => {});
    }
  });
});
