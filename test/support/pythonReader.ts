/** The Python SDK in a process of its own that answers request after request: test/python/reader_process.py. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pythonSdkFolder, repositoryRoot } from './sourceFolder.ts';

export interface PythonReader {
  /** Sends a request and resolves with its answer. Rejects where the process ended, with what it said. */
  ask<T>(request: object): Promise<T>;
  close(): Promise<void>;
}

export function startPythonReader(): PythonReader {
  const child = spawn('python3', [join(repositoryRoot, 'test', 'python', 'reader_process.py')], {
    env: { ...process.env, PYTHONPATH: pythonSdkFolder, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const exited = once(child, 'exit');
  // A request to a process that has ended is told by the missing answer.
  child.stdin.on('error', () => {});
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async <T>(request: object): Promise<T> => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const answer = await answers.next();
      if (answer.done) {
        await exited;
        throw new Error(`The Python reader ended: ${complaint}`);
      }
      return JSON.parse(answer.value) as T;
    },
    close: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
