import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pythonSdkFolder } from './sourceFolder.ts';

/** Runs a Python program with the SDK on its path, and gives what it prints as JSON. Its errors reject. */
export function pythonJson<T>(cwd: string, program: string, ...args: readonly string[]): Promise<T> {
  const env = { ...process.env, PYTHONPATH: `${pythonSdkFolder}:${join(pythonSdkFolder, 'compat')}` };
  return new Promise((done, fail) => {
    execFile('python3', ['-c', program, ...args], { cwd, env, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error !== null) {
        fail(new Error(stderr, { cause: error }));
      } else {
        done(JSON.parse(stdout) as T);
      }
    });
  });
}
