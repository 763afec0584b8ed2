import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingSshServer, openSshServer } from '../support/backends/sshServer.ts';
import { type Backend, startBackend } from './backend.ts';
import { describeConformance } from './conformance.ts';

const backend = await startBackend('SSH', async (): Promise<Backend> => {
  const missing = missingSshServer();
  if (missing !== undefined) {
    throw new Error(missing);
  }
  const folder = await mkdtemp(join(tmpdir(), 'runledger-sshd-'));
  const server = await openSshServer(folder);
  const { host, configFile } = server;
  return {
    targets: { lab: JSON.stringify({ type: 'ssh', host, configFile, folder: server.folder }) },
    target: 'lab',
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
});

describeConformance('another host over SSH', { backend, submitsScripts: false, isSupervisedHere: false });
