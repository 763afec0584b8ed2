#!/usr/bin/env node
import { findInstallation } from './installation.ts';
import { runProgram } from './program.ts';

function onInterrupt(listener: () => void): () => void {
  process.on('SIGINT', listener);
  return () => {
    process.off('SIGINT', listener);
  };
}

// Whoever reads the output may have seen enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

async function main(): Promise<void> {
  try {
    process.exitCode = await runProgram(process.argv.slice(2), {
      installation: findInstallation(process.argv[1] ?? ''),
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      currentFolder: process.cwd(),
      onInterrupt,
    });
  } catch (error) {
    process.stderr.write(`runledger: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

void main();
