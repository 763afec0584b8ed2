import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../support/childProcess.ts';
import { rootFolder, testOutputFolder } from '../support/paths.ts';
import { findPython, findScientificPython } from '../support/python.ts';
import { findPythonLibraries } from '../support/pythonLibraries.ts';
import { type TestCounts, withExitCode } from '../support/testCounts.ts';
import { findTorchLibraries } from '../support/torchLibraries.ts';
import type { Suite } from './suite.ts';

interface PythonReport extends TestCounts {
  readonly reasons: readonly string[];
}

/**
 * test/python/, with a Python that has numpy, matplotlib, tqdm and pandas where one can be had, else with the machine's own. Scripts that
 * need training libraries or PyTorch are run by others. `bundled` builds the command that they start.
 */
export const pythonSuite = (bundled: () => Promise<void>): Suite => ({
  name: 'python',
  run: async () => {
    await bundled();
    const python = (await findScientificPython()) ?? findPython();
    const libraries = await findPythonLibraries();
    const torch = await findTorchLibraries(libraries);
    const reportFile = path.join(testOutputFolder, 'python', 'report.json');
    await mkdir(path.dirname(reportFile), { recursive: true });
    await rm(reportFile, { force: true });
    const sources = [path.join(rootFolder, 'python'), path.join(rootFolder, 'python', 'compat')];
    const exitCode = await runCommand(python, [path.join(rootFolder, 'test', 'python', 'run.py'), reportFile], {
      cwd: rootFolder,
      env: {
        PYTHONPATH: sources.join(path.delimiter),
        PYTHONDONTWRITEBYTECODE: '1',
        RUNLEDGER_TEST_LIBRARIES: libraries,
        RUNLEDGER_TEST_TORCH: torch,
      },
    });
    const report = JSON.parse(await readFile(reportFile, 'utf8')) as PythonReport;
    for (const reason of report.reasons) {
      console.log(`Skipped: ${reason}`);
    }
    return withExitCode(report, exitCode);
  },
});
