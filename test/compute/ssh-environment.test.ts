import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { isSshServerMissing } from '../support/backends/sshServer.ts';
import { sshCase } from '../support/sshCase.ts';
import { ended, runIds, until } from '../support/submittedRun.ts';
import { onCleanup, openTestCatalog, temporaryFolder } from '../support/temporaryStore.ts';
import { writeWheel } from '../support/wheel.ts';

/** A page with links to the wheels of a folder, as pip's `--find-links` takes it; `hold` keeps the next download waiting. */
async function serveWheels(folder: string) {
  let held: Promise<void> = Promise.resolve();
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const name = basename(request.url ?? '');
    if (!name.endsWith('.whl')) {
      const links = (await readdir(folder)).map((wheel) => `<a href="/${wheel}">${wheel}</a>`);
      response.setHeader('content-type', 'text/html').end(links.join('\n'));
      return;
    }
    asked.push(name);
    await held;
    response.end(await readFile(join(folder, name)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    hold: (): (() => void) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
  };
}

const configuration = (packages: readonly string[], change: object = {}): string =>
  stringify({
    target: 'lab',
    environment: {
      python: {
        userManagedDependencies: false,
        condaDependencies: { dependencies: [{ pip: packages }] },
        ...change,
      },
    },
  });

const greets = 'import sys, greeting; print(greeting.text, sys.executable)\n';

async function environmentCase() {
  const wheels = await temporaryFolder();
  await writeWheel(wheels, 'greeting', '1.2', "text = 'hello'\n");
  const index = await serveWheels(wheels);
  const packages = ['--no-index', `--find-links ${index.address}`, 'greeting>=1', 'azureml-defaults'];
  const made = await sshCase({
    'train.py': greets,
    '.azureml/packages.runconfig': configuration(packages),
    '.azureml/missing.runconfig': configuration([...packages, 'no-such-package']),
    '.azureml/file.runconfig': configuration(['./greeting-1.2-py3-none-any.whl']),
    '.azureml/conda.runconfig': configuration([], {
      condaDependencies: { dependencies: ['no-such-library', { pip: ['no-such-package'] }] },
    }),
  });
  await writeWheel(made.source, 'greeting', '1.2', '');
  const logOf = (folder: string, name: string) => readFile(join(folder, 'artifacts', 'logs', name), 'utf8');
  return { ...made, index, logOf };
}

describe.skipIf(isSshServerMissing)('the environment of a run on another machine', () => {
  it('is made there once, and its log is one of the run', async () => {
    const { workspaceFolder, server, submit, logOf, index } = await environmentCase();
    const [first, second] = await Promise.all([
      submit({ runConfiguration: 'packages' }),
      submit({ runConfiguration: 'packages' }),
    ]);
    const details = await ended(workspaceFolder, first.runId);
    expect(details.summary.failure).toBeUndefined();
    const [key = ''] = (await readdir(join(server.folder, 'environments'))).filter((name) => !name.endsWith('.lock'));
    const folder = join(server.folder, 'environments', key);
    expect(await logOf(details.folder, 'std_log.txt')).toBe(`hello ${folder}/venv/bin/python\n`);
    const other = await ended(workspaceFolder, second.runId);
    expect(other.summary.failure).toBeUndefined();
    const logs = await Promise.all([details, other].map((run) => logOf(run.folder, 'azureml/environment_log.txt')));
    expect(logs.filter((log) => log.includes('Making an environment'))).toHaveLength(1);
    expect(logs.find((log) => log.includes('Making an environment'))).toMatch(
      /does not have: greeting>=1.*Installing/s,
    );
    expect(logs.filter((log) => log.includes('Using the environment'))).toHaveLength(1);
    expect(index.asked).toHaveLength(1);
    expect(details.submission?.interpreter).toBe(`${folder}/venv/bin/python`);
  });

  it('is told where it cannot be made', async () => {
    const { workspaceFolder, server, submit } = await environmentCase();
    const { runId, status } = await submit({ runConfiguration: 'missing' });
    expect(status).toBe('Failed');
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary.failure?.message).toMatch(/pip could not install the packages.*no-such-package/s);
    const [key = ''] = (await readdir(join(server.folder, 'environments'))).filter((name) => !name.endsWith('.lock'));
    await expect(stat(join(server.folder, 'environments', key, 'environment.json'))).rejects.toThrow();
  });

  it('is refused, and no run is made, where it takes files of this machine or packages of conda', async () => {
    const { workspaceFolder, submit } = await environmentCase();
    await expect(submit({ runConfiguration: 'file' })).rejects.toMatchObject({
      message: expect.stringContaining('takes packages from files of this machine'),
    });
    await expect(submit({ runConfiguration: 'conda' })).rejects.toMatchObject({
      message: expect.stringContaining('conda is not used on other machines'),
    });
    expect(await runIds(workspaceFolder)).toEqual([]);
  });

  it('is made no further where the run is canceled', async () => {
    const { workspaceFolder, server, submit, index } = await environmentCase();
    const release = index.hold();
    const submitted = submit({ runConfiguration: 'packages' });
    await vi.waitUntil(() => index.asked.length === 1, { timeout: 60_000 });
    const [runId = ''] = await runIds(workspaceFolder);
    await cancelRun(workspaceFolder, runId);
    expect((await submitted).status).toBe('Canceled');
    const catalog = await openTestCatalog(workspaceFolder);
    await until(catalog, runId, ({ summary }) => summary.status === 'Canceled');
    release();
    // Nothing of it is in the way of the next one.
    const again = await submit({ runConfiguration: 'packages' });
    expect((await ended(workspaceFolder, again.runId)).summary.failure).toBeUndefined();
    expect(await readdir(join(server.folder, 'environments'))).toHaveLength(2);
  });
});
