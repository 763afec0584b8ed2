/** A workspace with a compute target `lab` of type ssh, and the server behind it. */
import { createTargetFile } from '../../src/core/compute/targetFiles.ts';
import type { SubmitOptions, SubmitRequest, SubmittedRun } from '../../src/core/submission/submission.ts';
import { openSshServer, type SshServer } from './backends/sshServer.ts';
import { cliProgram } from './commandLine.ts';
import { newCase } from './submittedRun.ts';
import { onCleanup, temporaryFolder } from './temporaryStore.ts';

export const cliCommand = [process.execPath, cliProgram] as const;

export interface SshCase {
  readonly server: SshServer;
  readonly workspaceFolder: string;
  readonly source: string;
  submit(request?: Partial<SubmitRequest>, options?: Partial<SubmitOptions>): Promise<SubmittedRun>;
}

/** An SSH server that is stopped after the test, with variables for whoever logs in. */
export async function startSshServer(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<SshServer> {
  const server = await openSshServer(folder, environment);
  onCleanup(() => server.stop());
  return server;
}

export async function sshCase(
  files: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<SshCase> {
  const server = await startSshServer(await temporaryFolder());
  const { workspaceFolder, source, submit } = await newCase({ ...files, '.azureml/lab.runconfig': 'target: lab\n' });
  const { host, configFile, folder } = server;
  await createTargetFile(workspaceFolder, 'lab', { type: 'ssh', host, configFile, folder, ...settings });
  return {
    server,
    workspaceFolder,
    source,
    submit: (request = {}, options = {}) => submit({ runConfiguration: 'lab', ...request }, { cliCommand, ...options }),
  };
}
