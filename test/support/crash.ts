/** Programs that are killed in the middle of their work. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program that dies, as by `kill -9`, instead of making its n-th call that changes the file system. */
function program(body: string): string {
  return `
    import promises from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    let left = Number(process.argv[2]);
    for (const name of ['mkdir', 'writeFile', 'copyFile', 'rename', 'open', 'rm']) {
      const original = promises[name];
      promises[name] = (...args) => {
        if (name === 'open' && args[1] === 'r') return original(...args);
        if (left-- === 0) process.kill(process.pid, 'SIGKILL');
        return original(...args);
      };
    }
    syncBuiltinESMExports();
    const folder = process.argv[1];
    ${body}
    console.log('whole');`;
}

/** Runs a program that dies after so many calls. Resolves with whether it came to its end before. */
export async function crash(body: string, folder: string, callsBefore: number): Promise<boolean> {
  const result = run(process.execPath, ['--input-type=module', '-e', program(body), folder, String(callsBefore)], {
    env: { ...process.env, RUNLEDGER_HOME: join(folder, 'user-data') },
  });
  return (await result.catch((error: { stdout: string }) => error)).stdout.includes('whole');
}
