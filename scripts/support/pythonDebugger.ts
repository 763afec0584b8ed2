import { findPython } from './python.ts';
import { PythonEnvironment } from './pythonEnvironment.ts';
import { errorText } from './taskError.ts';

/**
 * A Python that has debugpy, in a virtual environment of the cache.
 * @returns undefined, having said why, where none can be had.
 */
export async function findPythonDebugger(): Promise<string | undefined> {
  const environment = new PythonEnvironment('python-debugger');
  try {
    if (!(await environment.has(['debugpy']))) {
      console.log('Installing debugpy into a virtual environment of the cache (once)…');
      await environment.make(findPython());
      await environment.install('debugpy');
    }
    return environment.python;
  } catch (error) {
    console.log(`debugpy could not be installed from PyPI: ${errorText(error)}`);
    return undefined;
  }
}
