import { resolve } from 'node:path';
import type { CliContext } from './context.ts';

/** An interpreter as it was typed: a path starts at the current folder, a bare command is looked for on the path. */
export function interpreterPath(python: string, context: CliContext): string {
  return /[\\/]/.test(python) && !python.startsWith('~') ? resolve(context.currentFolder, python) : python;
}
