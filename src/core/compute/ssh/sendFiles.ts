import type { StartOptions } from '../computeTarget.ts';
import type { HostAgent } from './hostAgent.ts';

export interface FileToSend {
  /** Here. */
  readonly file: string;
  readonly there: string;
  readonly bytes: number;
  /** What it is to have as the time of its last change, in milliseconds. */
  readonly mtime?: number;
}

/**
 * Sends files before a run starts there, and tells how far it is.
 *
 * @param what they are, as a person calls them
 * @throws RunledgerError `disk-full`, `not-writable`, `unreadable`, `canceled`, `host-unreachable`
 */
export async function sendFiles(
  agent: HostAgent,
  what: string,
  files: readonly FileToSend[],
  { onStep, signal }: Pick<StartOptions, 'onStep' | 'signal'>,
): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let sent = 0;
  for (const { file, there, mtime } of files) {
    await agent.put(file, there, {
      ...(mtime !== undefined && { mtime }),
      ...(signal && { signal }),
      onSent: (bytes) => {
        sent += bytes;
        // A file may have grown since.
        onStep?.(`Sending ${what} to ${agent.host.targetName}`, total === 0 ? 1 : Math.min(1, sent / total));
      },
    });
  }
}
