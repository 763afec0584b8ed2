/** Sending files of this machine to a host. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { fileError, RunledgerError } from '../../base/errors.ts';
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

const chunkBytes = 256 * 1024;

/**
 * Sends files before a run starts there, and tells how far it is.
 *
 * @param what they are, as a person calls them
 * @throws RunledgerError as `sendFile` does
 */
export async function sendFiles(
  agent: HostAgent,
  what: string,
  files: readonly FileToSend[],
  { onStep, signal }: Pick<StartOptions, 'onStep' | 'signal'>,
): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let sent = 0;
  for (const file of files) {
    await sendFile(agent, file, {
      ...(signal && { signal }),
      onSent: (bytes) => {
        sent += bytes;
        // A file may have grown since.
        onStep?.(`Sending ${what} to ${agent.host.targetName}`, total === 0 ? 1 : Math.min(1, sent / total));
      },
    });
  }
}

/**
 * Sends a file. It appears there whole or not at all, and only where its content arrived as it was.
 *
 * @param onSent told how many bytes more have arrived
 * @throws RunledgerError `disk-full`, `not-writable`, `unreadable`, `canceled`, `host-unreachable`
 */
export async function sendFile(
  agent: HostAgent,
  { file, there, mtime }: Omit<FileToSend, 'bytes'>,
  { signal, onSent }: { readonly signal?: AbortSignal; readonly onSent?: (bytes: number) => void } = {},
): Promise<void> {
  const source = await open(file).catch((error: unknown) => {
    throw fileError(error, 'send a file', file);
  });
  try {
    const { size } = await source.stat();
    const digest = createHash('sha256');
    let offset = 0;
    let isLast = false;
    do {
      const { buffer, bytesRead } = await source.read(Buffer.alloc(Math.min(chunkBytes, size - offset)));
      const part = buffer.subarray(0, bytesRead);
      digest.update(part);
      isLast = offset + bytesRead >= size || bytesRead === 0;
      const end = isLast && { sha256: digest.digest('hex'), mtime: mtime ?? null };
      if (signal?.aborted === true) {
        throw new RunledgerError('canceled', 'The submission was canceled.');
      }
      await agent.request('put', { path: there, offset, isLast, ...end }, part);
      offset += bytesRead;
      onSent?.(bytesRead);
    } while (!isLast);
  } finally {
    await source.close();
  }
}
