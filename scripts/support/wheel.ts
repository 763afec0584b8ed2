import path from 'node:path';
import { captureCommand } from './childProcess.ts';
import { rootFolder } from './paths.ts';
import { findPython } from './python.ts';
import { TaskError } from './taskError.ts';

/** Builds the wheel of the Python SDK into a folder. Returns its path. */
export async function buildWheel(folder: string): Promise<string> {
  const program = path.join(rootFolder, 'python', 'wheel_backend.py');
  const result = await captureCommand(findPython(), [program, folder]);
  if (result.exitCode !== 0) {
    throw new TaskError(`The wheel of the Python SDK could not be built:\n${result.stdout}${result.stderr}`);
  }
  return path.join(folder, result.stdout.trim());
}
