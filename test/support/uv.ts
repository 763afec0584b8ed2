import { join } from 'node:path';
import { findPython } from '../../scripts/support/python.ts';
import { PythonEnvironment } from '../../scripts/support/pythonEnvironment.ts';
import { errorText } from '../../scripts/support/taskError.ts';

/** uv of PyPI, in the project's cache; undefined, having said why, where it cannot be had. */
export async function findTestUv(): Promise<string | undefined> {
  const environment = new PythonEnvironment('uv');
  try {
    if (!(await environment.has(['uv']))) {
      await environment.make(findPython());
      await environment.install('uv');
    }
    return join(environment.python, '..', process.platform === 'win32' ? 'uv.exe' : 'uv');
  } catch (error) {
    console.log(`uv could not be installed from PyPI, so its tests are skipped: ${errorText(error)}`);
    return undefined;
  }
}
