import { homedir } from 'node:os';
import { join } from 'node:path';

/** A path with the user's home folder in place of a leading `~/`. */
export function expandHome(path: string): string {
  return /^~[\\/]/.test(path) ? join(homedir(), path.slice(2)) : path;
}
